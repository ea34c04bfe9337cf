"""What is computed once and shared by all visitors, and the addresses under which it is served.

A model's networks and points go to the browser under an address that holds the hash of their
bytes, or of all that these follow from, so a browser keeps them for good and never asks again.
"""

import contextlib
import hashlib
import threading
from collections.abc import AsyncIterator, Callable, Collection, Hashable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from ui import prompt
from ui.routes import compressed
from vae import library as models
from vae.errors import UserError
from vae.export.payload import frame, header_of

if TYPE_CHECKING:
    import numpy as np

    from vae.checkpoint import Checkpoint
    from vae.data import ImageDataset, Split

PREFERRED = "mnist-2d"
"""The model that opens where the visitor named none."""
KEPT_MODELS = 16
PAYLOAD_PATH = "/payload/{kind}/{name}/{digest}"

# of the payloads that were packed since the server started
_digests: dict[tuple["Version", str], str] = {}


class Payload(NamedTuple):
    """Bytes for the browser and the hash that names them."""

    body: bytes
    digest: str


class Version(NamedTuple):
    """A model file as it is now: caches forget a model whose file was replaced."""

    path: str
    modified: int
    size: int


class Kind(NamedTuple):
    """What of a model tells which others it can be compared with."""

    dataset: str
    image_shape: tuple[int, ...]
    is_point: bool
    known: bool = True
    """False for a file that cannot be opened."""


_kinds: dict[Version, Kind] = {}


def library() -> dict[str, Path]:
    """List the models that may be opened by name."""
    return models.library()


def kinds() -> dict[str, Kind]:
    """Tell of every model of the library that can be opened what kind it is.

    Each file's header is read once; a broken file is left out: its own page says what is wrong.
    """
    found = {name: _version(path) for name, path in library().items()}
    now = {version: _kinds.get(version) or _kind(version) for version in found.values() if version}
    _kinds.clear()
    _kinds.update(now)
    return {name: now[version] for name, version in found.items() if version and now[version].known}


def preferred(models: Collection[str]) -> str | None:
    """Name the model that opens first; None where there is none at all."""
    return PREFERRED if PREFERRED in models else next(iter(models), None)


@contextlib.asynccontextmanager
async def warm_start(_app: Any) -> AsyncIterator[None]:
    """While the server starts, open the first model, so that the first visitor need not wait."""
    prompt.answer_at_once()
    threading.Thread(target=_open_first, name="warm-start", daemon=True).start()
    yield


def _open_first() -> None:
    name = preferred(library())
    # a broken file is explained to the visitor who opens it
    with contextlib.suppress(UserError):
        if name is not None:
            sample_strip(name)
            for kind in ("decoder", "points"):
                packed_payload(name, kind)
                payload(name, kind)
    kinds()


def version(name: str) -> Version:
    """Find a model of the library.

    Raises
    ------
    UserError
        When the library has no such model; no other file is ever opened.
    """
    path = models.locate(name)
    found = path and _version(path)
    if not found:
        raise UserError(f"there is no model {name[:100]!r} any more; choose another")
    return found


def is_there(name: str) -> bool:
    """Tell whether the library has a model of that name."""
    return models.locate(name) is not None


def checkpoint(name: str) -> "Checkpoint":
    """Open a model of the library by its name; `UserError` where it cannot be opened."""
    return _checkpoint(version(name))


def header(name: str) -> dict[str, Any]:
    """Read only the JSON of a model: config, training, data set, metrics."""
    return _header(version(name))


def payload(name: str, kind: str) -> Payload:
    """Pack a model's "decoder", "encoder" or "points" for the browser."""
    return _payload(version(name), kind)


def packed_payload(name: str, kind: str) -> compressed.Packed:
    """Return a payload as it travels, compressed once for all visitors."""
    return _packed_payload(version(name), kind)


def payload_address(name: str, kind: str) -> str:
    """Return the address, below the server's root, under which the browser gets a payload."""
    # the points may take seconds to pack, for which no image should wait
    digest = _points_digest(version(name)) if kind == "points" else payload(name, kind).digest
    return base() + PAYLOAD_PATH.format(kind=kind, name=name, digest=digest)


def known_payload_address(name: str, kind: str) -> str | None:
    """Return a payload's address without opening the model for it: None where it is not ready."""
    digest = _digests.get((version(name), kind))
    return base() + PAYLOAD_PATH.format(kind=kind, name=name, digest=digest) if digest else None


def points_address(name: str) -> str | None:
    """Return the address of a model's map, None where it carries no encoded images."""
    return payload_address(name, "points") if checkpoint(name).atlas is not None else None


def is_large(name: str) -> bool:
    """Tell whether a decoder is too large to run in the browser at the screen's frame rate."""
    return _is_large(version(name))


def decode(name: str, z: tuple[float, ...]) -> bytes:
    """Decode z on the server: the mean pixels C·H·W, a byte each."""
    import torch

    model = checkpoint(name).model
    with torch.inference_mode():
        image = model.decode_mean(torch.tensor([z])).clamp(0, 1)
    return image.mul(255).round().byte().numpy().tobytes()


def sample_strip(name: str) -> bytes:
    """Return a PNG of a row of images that the model decodes."""
    return _sample_strip(version(name))


def of_model(name: str, compute: Callable[..., Any], *options: Hashable) -> Any:
    """Return ``compute(checkpoint, *options)``, computed once for all visitors; do not change it.

    `compute` is a function at a module's top level: its name is part of what is remembered by.
    """
    key = f"{compute.__module__}.{compute.__qualname__}"
    return _of_model(version(name), compute, key, options)


def dataset(name: str) -> "ImageDataset":
    """Open a data set that lies on this machine; `UserError` where it does not."""
    return _dataset(name)


def dataset_sample(name: str, count: int) -> "np.ndarray":
    """Return training images, uint8 (count, H, W, C), of every class as far as there are classes.

    Raises
    ------
    UserError
        When the data set is unknown or not on this machine.
    """
    return _dataset_sample(name, count)


def originals(name: str) -> "Split | None":
    """Return the images that a model's atlas was encoded from, None where they are not here.

    They are those only where the sha256 of their pixels is the one in the model's file, and its
    rows are all there.
    """
    described = header(name)["dataset"]
    found = _originals(*(str(described.get(key)) for key in ("name", "split", "sha256")))
    if found is None:
        return None
    atlas = checkpoint(name).atlas
    # a file may claim the images of a data set and rows that it does not have
    return None if atlas is not None and atlas.index.max() >= len(found) else found


def framing(name: str) -> dict[str, Any] | None:
    """Tell how the images of a model's data set were placed; None where not all were alike."""
    from vae import data

    found = data.framing_of(header(name)["dataset"].get("name"))
    return None if found is None else asdict(found)


def base() -> str:
    """Return the address below which the app is served: empty, or "/" and a path."""
    path = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def _version(path: Path) -> Version | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return Version(str(path), stat.st_mtime_ns, stat.st_size)


def _kind(found: Version) -> Kind:
    from vae import checkpoint

    try:
        header = checkpoint.read_header(found.path)
    except UserError:
        return Kind("", (), False, known=False)
    model = header["model"]
    point = model["posterior"] == "point"
    return Kind(header["dataset"].get("name", ""), tuple(model["image_shape"]), point)


@st.cache_resource(max_entries=KEPT_MODELS, show_spinner=False)
def _checkpoint(found: Version) -> "Checkpoint":
    import torch

    from vae import checkpoint

    # one thread a visitor: more only get into one another's way, and into a training run's
    torch.set_num_threads(1)
    return checkpoint.read(found.path)


@st.cache_resource(max_entries=256, show_spinner=False)
def _of_model(
    found: Version, _compute: Callable[..., Any], key: str, options: tuple[Any, ...]
) -> Any:
    return _compute(_checkpoint(found), *options)


@st.cache_resource(max_entries=4, show_spinner=False)
def _dataset(name: str) -> "ImageDataset":
    from vae import data

    return data.load(name, download=False)


@st.cache_resource(max_entries=32, show_spinner=False)
def _dataset_sample(name: str, count: int) -> "np.ndarray":
    import numpy as np

    from vae import data

    # not `_dataset`: a look at the form should not keep whole data sets in memory
    split = data.load(name, download=False).train
    none = np.zeros(len(split), np.int64)
    rows = _one_of_each_first(none if split.labels is None else split.labels)[:count]
    return split.images[rows].transpose(0, 2, 3, 1)


# forgotten now and then: the files may be put there, or taken away, while the server runs
@st.cache_resource(max_entries=16, ttl=60, show_spinner=False)
def _originals(name: str, split: str, sha256: str) -> "Split | None":
    from vae.data import DATASETS, SPLITS

    if name not in DATASETS or split not in SPLITS:
        return None
    try:
        found = _dataset(name).split(split)
    except UserError:
        return None
    return found if found.sha256() == sha256 else None


@st.cache_resource(max_entries=256, show_spinner=False)
def _header(found: Version) -> dict[str, Any]:
    from vae import checkpoint

    return checkpoint.read_header(found.path)


@st.cache_resource(max_entries=256, show_spinner=False)
def _is_large(found: Version) -> bool:
    from vae.export import networks as export

    return export.multiply_adds(_checkpoint(found)) > export.FRAME_BUDGET


@st.cache_resource(max_entries=3 * KEPT_MODELS, show_spinner=False)
def _payload(found: Version, kind: str) -> Payload:
    body = PACKERS[kind](_checkpoint(found))
    digest = _points_digest(found) if kind == "points" else hashlib.sha256(body).hexdigest()[:20]
    _digests[found, kind] = digest
    return Payload(body, digest)


@st.cache_resource(max_entries=256, show_spinner=False)
def _points_digest(found: Version) -> str:
    """Hash what the points follow from, the model's file and the program, without packing them."""
    return hashlib.sha256(_program() + Path(found.path).read_bytes()).hexdigest()[:20]


@cache
def _program() -> bytes:
    """Return the text of all that packs a payload, as it was when it was first asked for."""
    sources = sorted(Path(models.__file__).parent.rglob("*.py"))
    return b"".join(path.read_bytes() for path in sources)


@st.cache_resource(max_entries=3 * KEPT_MODELS, show_spinner=False)
def _packed_payload(found: Version, kind: str) -> compressed.Packed:
    return compressed.pack(_payload(found, kind).body)


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


PACKERS: dict[str, Callable[["Checkpoint"], bytes]] = {
    "decoder": _pack_decoder,
    "encoder": _pack_encoder,
    "outline": _pack_outline,
    "points": _pack_points,
}


@st.cache_resource(max_entries=256, show_spinner=False)
def _sample_strip(found: Version, count: int = 8) -> bytes:
    import torch

    from vae.export import film

    opened = _checkpoint(found)
    with torch.inference_mode():
        images = opened.model.decode_mean(_strip_latents(opened, count)).clamp(0, 1)
    row = torch.cat(list(images), dim=2).mul(255).round().byte().permute(1, 2, 0).numpy()
    return film.png(row)


def _strip_latents(opened: "Checkpoint", count: int) -> Any:
    """Means of held-out images, one a class as far as there are classes; else prior samples."""
    import torch

    atlas = opened.atlas
    if atlas is None:
        generator = torch.Generator().manual_seed(0)
        return torch.randn(count, opened.model.config.z_dim, generator=generator)
    return torch.from_numpy(atlas.loc[_one_of_each_first(atlas.label)[:count]])


def _one_of_each_first(labels: Any) -> Any:
    """Order rows so that the first of every class comes first, then every second one, …"""
    import numpy as np

    turn = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        same = labels == label
        turn[same] = np.arange(same.sum())
    return np.lexsort((labels, turn))
