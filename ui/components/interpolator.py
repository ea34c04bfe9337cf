"""The Interpolate component: a typed wrapper."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import streamlit as st

from ui import base, resources
from ui.resources import datasets, decoding
from ui.routes import originals as original_routes
from ui.routes import payloads as payload_routes
from ui.routes import scripts as script_routes
from vae import web

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

WORDS = {"lerp": "straight", "slerp": "spherical"}
"""What the page calls a path; a path without an entry goes by its own name."""

_interpolator = st.components.v2.component(
    "interpolator",
    html="<div class='pad-host'></div>\n",
    css=web.style("pad/pad.css", "interpolate/interpolate.css"),
    js=script_routes.starter("interpolate/interpolate.js"),
)


def interpolator(model: str, *, key: str = "interpolator") -> None:
    """Show two images and the paths between them, for a model of the library.

    Raises
    ------
    UserError
        When the model cannot be opened or its networks cannot run in the browser.
    """
    _interpolator(key=key, data=interpolator_data(model))


def interpolator_data(model: str) -> dict[str, Any]:
    """Collect what the component is told: where its payloads lie and which paths there are."""
    from vae.latent.paths import PATHS

    remote = decoding.is_large(model)
    name = quote(model, safe="")
    return {
        "model": model,
        "preferred": resources.preferred(resources.library()),
        "remote": remote,
        "decoder": payload_routes.address(model, "outline" if remote else "decoder"),
        "encoder": payload_routes.address(model, "encoder"),
        "points": payload_routes.points_address(model),
        "split": resources.header(model)["dataset"].get("split") or "encoded",
        "methods": [{"name": path, "words": WORDS.get(path, path)} for path in PATHS],
        "film": f"{base.path()}/film/{name}",
        "originals": _originals_address(model),
        "likeness": _likeness(model, remote),
        "framing": datasets.framing(model),
    }


def _likeness(model: str, remote: bool) -> dict[str, Any] | None:
    """Quantiles of log p(x|z) of held-out images, to tell whether a picture is like them.

    They come from the model's file, else from the images where those are on this machine.
    """
    from vae.measures import likeness

    if remote:
        return None
    described = resources.header(model)["dataset"]
    found = likeness.stored(resources.checkpoint(model))
    if found is None and datasets.originals(model) is not None:
        found = resources.of_model(model, _measured_likeness, model)
    split = described.get("split") or "held-out"
    return None if found is None else {"quantiles": found, "split": split}


def _measured_likeness(opened: "Checkpoint", model: str) -> list[float]:
    from vae.measures import likeness

    found = datasets.originals(model)
    assert found is not None, "measured only where the images are here"
    return likeness.quantiles(opened.model, found.images)


def _originals_address(model: str) -> str | None:
    """Return where the original images lie, None where they are not on this machine."""
    here = datasets.originals(model) is not None
    return original_routes.originals_address(model) if here else None
