"""The live pad as a component: a typed wrapper that guards what is sent to it and comes back."""

import base64
from typing import Any

import streamlit as st

from ui import resources, words
from ui.components import props
from ui.components.mount import mount
from ui.resources import decoding
from ui.routes import originals, payloads
from ui.state import AppState, said_by
from vae.errors import UserError
from vae.models.place import is_place

LARGEST_LABEL = 32_767

_pad = mount("latent_pad", "pad/pad.js", "pad/pad.css")


def latent_pad(
    model: str, *, key: str = "pad", other: str | None = None, beside: bool = False
) -> None:
    """Show the pad of a model of the library.

    `other` names the model that it shares the screen with. `beside` makes it the second one of
    the pair: no trail, no drawing.

    Raises
    ------
    UserError
        When the model cannot be opened or its networks cannot run in the browser.
    """
    data = pad_data(model, AppState())
    _mount(key, data | {"beside": beside, "other": other})


def pad_data(model: str, state: AppState) -> dict[str, Any]:
    """Collect what the pad is told: addresses of its payloads and where to start."""
    command, header = state.command(model), resources.header(model)
    z_dim = header["model"].get("z_dim", 2)
    fits = command.z is not None and len(command.z) == z_dim
    return {
        **props.of_model(model),
        "near": payloads.near_address(model),
        "kind": words.kind(header),
        "z_dim": z_dim,
        "images": encoded_images(header["dataset"]),
        "originals": originals.address(model),
        "z": list(command.z) if command.z and fits else None,
        "seq": command.seq,
    }


def encoded_images(dataset: dict[str, Any]) -> str | None:
    """Name the images that a model's atlas holds; None where the file does not say it all."""
    found = (dataset.get(name) for name in ("name", "split", "sha256"))
    parts = [part for part in found if isinstance(part, str) and part]
    return "/".join(parts) if len(parts) == 3 else None


@st.fragment
def _mount(key: str, data: dict[str, Any]) -> None:
    if data["remote"]:
        data = data | {"answer": answer(said_by(key), data)}
    _pad(
        key=key,
        data=data,
        on_held_change=lambda: _hear(key, data),
        on_asked_change=lambda: None,
    )


def _hear(key: str, data: dict[str, Any]) -> None:
    held = accepted(said_by(key).get("held"), data)
    if held is not None:
        state = AppState()
        state.hold(data["model"], held)
        state.dismiss_notices()


def answer(said: dict[str, Any], data: dict[str, Any]) -> dict[str, Any] | None:
    """Decode what the pad asked for, where its decoder is too large for the browser."""
    asked: Any = said.get("asked")
    z = accepted(asked, data)
    if z is None or not isinstance(asked.get("count"), int):
        return None
    try:
        image = decoding.decode(data["model"], z, accepted_label(asked.get("label")))
    except UserError:
        return None
    return {"count": asked["count"], "pixels": base64.b64encode(image).decode()}


def accepted_label(label: Any) -> int | None:
    """Return the class that the pad asks for, or None where it names none."""
    whole = isinstance(label, int) and not isinstance(label, bool)
    return label if whole and 0 <= label <= LARGEST_LABEL else None


def accepted(held: Any, data: dict[str, Any]) -> tuple[float, ...] | None:
    """Return the z that the pad reports, or None where it is stale or no latent vector."""
    if not isinstance(held, dict) or held.get("model") != data["model"]:
        return None
    z, seq = held.get("z"), held.get("seq")
    if not isinstance(seq, int) or seq < data["seq"]:
        return None
    if not isinstance(z, list):
        return None
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in z)
    if not numbers or not is_place(z, data["z_dim"]):
        return None
    return tuple(float(value) for value in z)
