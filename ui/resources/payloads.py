"""What the browser gets of a model as blocks of bytes: its networks and its encoded images.

A payload is named by the hash of its bytes, or of all that these follow from.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

import vae
from ui import answers, resources
from ui.resources import decoding
from vae.errors import UserError
from vae.export.payload import frame, header_of

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

LEVEL = 1
"""Of compression: numbers shrink by a few per cent, and no level finds much more in them."""

# of the payloads that were packed since the server started
_digests: dict[tuple[resources.Version, str], str] = {}


class Payload(NamedTuple):
    """Bytes for the browser and the hash that names them."""

    body: bytes
    digest: str


def payload(name: str, kind: str) -> Payload:
    """Pack a model's "decoder", "encoder" or "points" for the browser."""
    return _payload(resources.version(name), kind)


def decoder_kind(name: str) -> str:
    """Tell which payload is a model's decoder in the browser: of a large one its outline."""
    return "outline" if decoding.is_large(name) else "decoder"


def packed(name: str, kind: str) -> answers.Packed:
    """Return a payload as it travels, compressed once for all visitors."""
    return _packed(resources.version(name), kind)


def prepare(name: str, *kinds: str) -> None:
    """Pack payloads before they are asked for; a page says why where one cannot be packed."""
    for kind in kinds:
        with suppress(UserError):
            packed(name, kind)


def digest(name: str, kind: str) -> str:
    """Return the hash that names a payload."""
    if kind in LATER:
        return _digest_before(resources.version(name))
    return payload(name, kind).digest


def known_digest(name: str, kind: str) -> str | None:
    """Return the hash of a payload that is packed already, without opening the model for it."""
    return _digests.get((resources.version(name), kind))


@st.cache_resource(max_entries=3 * resources.KEPT_MODELS, show_spinner=False)
def _payload(found: resources.Version, kind: str) -> Payload:
    body = PACKERS[kind](resources.opened(found))
    name = _digest_before(found) if kind in LATER else hashlib.sha256(body).hexdigest()[:20]
    _digests[found, kind] = name
    return Payload(body, name)


@st.cache_resource(max_entries=256, show_spinner=False)
def _digest_before(found: resources.Version) -> str:
    """Hash what a payload follows from, the model's file and the program, without packing it."""
    return hashlib.sha256(_program() + Path(found.path).read_bytes()).hexdigest()[:20]


@cache
def _program() -> bytes:
    """Return the text of all that packs a payload, as it was when it was first asked for."""
    sources = sorted(Path(vae.__file__).parent.rglob("*.py"))
    return b"".join(path.read_bytes() for path in sources)


@st.cache_resource(max_entries=3 * resources.KEPT_MODELS, show_spinner=False)
def _packed(found: resources.Version, kind: str) -> answers.Packed:
    return answers.pack(_payload(found, kind).body, LEVEL)


def _pack_decoder(opened: "Checkpoint") -> bytes:
    from vae.export import networks as export

    return export.decoder_payload(opened)


def _pack_outline(opened: "Checkpoint") -> bytes:
    """Keep of a decoder's payload the header alone, without layers: what the page shows of it."""
    return frame(header_of(_pack_decoder(opened)) | {"layers": []})


def _pack_encoder(opened: "Checkpoint") -> bytes:
    from vae.export import networks as export

    return export.encoder_payload(opened)


def _pack_points(opened: "Checkpoint") -> bytes:
    from vae.export import points

    return points.points_payload(opened)


def _pack_near(opened: "Checkpoint") -> bytes:
    from vae.export import near

    return near.near_payload(opened)


def _pack_rates(opened: "Checkpoint") -> bytes:
    from vae.export import rates

    return rates.rates_payload(opened)


# a model's decoder in the browser is one of these
DECODERS = ("outline", "decoder")


def _pack_prior(opened: "Checkpoint") -> bytes:
    from vae.export import priors

    return priors.prior_payload(opened.model)


# packing them takes up to seconds, for which no first image should wait
LATER = ("points", "near", "encoder", "rates")
PACKERS: dict[str, Callable[["Checkpoint"], bytes]] = {
    "decoder": _pack_decoder,
    "encoder": _pack_encoder,
    "near": _pack_near,
    "outline": _pack_outline,
    "points": _pack_points,
    "prior": _pack_prior,
    "rates": _pack_rates,
}
