"""The live pad as a component: a typed wrapper that guards what is sent to it and comes back."""

import math
from typing import Any

import streamlit as st

from ui import resources
from ui.state import LARGEST, AppState
from vae import web

_pad = st.components.v2.component(
    "latent_pad", html="<div class='pad-host'></div>\n", css=web.style(), js=web.source()
)


def latent_pad(model: str, *, key: str = "pad", beside: bool = False) -> None:
    """Show the pad of a model of the library; `beside` makes it the compact second one.

    Raises
    ------
    UserError
        When the model cannot be opened or its networks cannot run in the browser.
    """
    _mount(key, pad_data(model, AppState(), beside))


def pad_data(model: str, state: AppState, beside: bool) -> dict[str, Any]:
    """Collect what the pad is told: addresses of its payloads, where to start, its role."""
    command = state.command(model)
    z_dim = resources.header(model)["model"]["z_dim"]
    z = command.z if command.z is not None and len(command.z) == z_dim else None
    return {
        "model": model,
        "decoder": resources.payload_address(model, "decoder"),
        "encoder": resources.payload_address(model, "encoder"),
        "points": resources.payload_address(model, "points"),
        "z": None if z is None else list(z),
        "seq": command.seq,
        "beside": beside,
    }


@st.fragment
def _mount(key: str, data: dict[str, Any]) -> None:
    _pad(key=key, data=data, on_held_change=lambda: _hear(key, data))


def _hear(key: str, data: dict[str, Any]) -> None:
    held = accepted(st.session_state[key].get("held"), data)
    if held is not None:
        AppState().hold(data["model"], held)


def accepted(held: Any, data: dict[str, Any]) -> tuple[float, ...] | None:
    """Return the z that the pad reports, or None where it is stale or no latent vector."""
    if not isinstance(held, dict) or held.get("model") != data["model"]:
        return None
    z, seq = held.get("z"), held.get("seq")
    if not isinstance(seq, int) or seq < data["seq"] or not isinstance(z, list):
        return None
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in z)
    if not numbers or not all(math.isfinite(v) and abs(v) <= LARGEST for v in z):
        return None
    return tuple(float(value) for value in z)
