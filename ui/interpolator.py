"""The Interpolate component: a typed wrapper, and the original images that it shows beside z."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import resources
from vae import film, web
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

ORIGINAL_PATH = "/original/{name}/{digest}/{row}.png"
SHORT = "private, max-age=300"
WORDS = {"lerp": "straight", "slerp": "spherical"}
"""What the page calls a path; a path without an entry goes by its own name."""

_interpolator = st.components.v2.component(
    "interpolator",
    html="<div class='pad-host'></div>\n",
    css=web.style("pad.css", "interpolate.css"),
    js=web.source("interpolate.js"),
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
    from vae.latent import PATHS

    remote = resources.is_large(model)
    name = quote(model, safe="")
    return {
        "model": model,
        "remote": remote,
        "decoder": resources.payload_address(model, "outline" if remote else "decoder"),
        "encoder": resources.payload_address(model, "encoder"),
        "points": resources.points_address(model),
        "split": resources.header(model)["dataset"].get("split") or "encoded",
        "methods": [{"name": path, "words": WORDS.get(path, path)} for path in PATHS],
        "film": f"{resources.base()}/film/{name}",
        "originals": _originals_address(model),
        "likeness": _likeness(model, remote),
        "framing": _framing(model),
    }


def _likeness(model: str, remote: bool) -> dict[str, Any] | None:
    """Quantiles of log p(x|z) of held-out images, to tell whether a picture is like them.

    They come from the model's file, else from the images where those are on this machine.
    """
    from vae import likeness

    if remote:
        return None
    described = resources.header(model)["dataset"]
    found = likeness.stored(resources.checkpoint(model))
    if found is None and resources.originals(model) is not None:
        found = resources.of_model(model, _measured_likeness, model)
    split = described.get("split") or "held-out"
    return None if found is None else {"quantiles": found, "split": split}


def _measured_likeness(opened: "Checkpoint", model: str) -> list[float]:
    from vae import likeness

    found = resources.originals(model)
    return likeness.quantiles(opened.model, found.images)


def _framing(model: str) -> dict[str, Any] | None:
    """How the data set's images were placed, None where they were not placed alike."""
    from vae.data import DATASETS

    source = DATASETS.get(str(resources.header(model)["dataset"].get("name")))
    return None if source is None or source.framing is None else asdict(source.framing)


def _originals_address(model: str) -> str | None:
    """Return where the original images lie, None where they are not on this machine."""
    if resources.originals(model) is None:
        return None
    return f"{resources.base()}/original/{quote(model, safe='')}/{_digest(model)}"


def _digest(model: str) -> str:
    """Return what tells the images of one data set from another's: a browser keeps them."""
    return str(resources.header(model)["dataset"].get("sha256"))[:12]


def routes() -> list[Route]:
    """Give the routes for `streamlit.starlette.App`."""
    return [Route(resources.base() + ORIGINAL_PATH, serve_original, methods=["GET"])]


def serve_original(request: Request) -> Response:
    """Answer with an image of the split that a model's map was encoded from, as a PNG."""
    name, row = request.path_params["name"], request.path_params["row"]
    try:
        known = resources.is_there(name) and request.path_params["digest"] == _digest(name)
        found = resources.originals(name) if known else None
    except UserError as error:
        return PlainTextResponse(str(error), 404)
    if found is None:
        return PlainTextResponse("there are no such original images on this machine", 404)
    # nine digits at most: int() itself takes time for long ones
    whole = row.isascii() and row.isdigit() and len(row) <= 9
    if not whole or int(row) >= len(found):
        return PlainTextResponse(f"choose an image from 0 to {len(found) - 1}", 404)
    headers = {"Cache-Control": SHORT, "X-Content-Type-Options": "nosniff"}
    return Response(
        film.png(found.images[int(row)].transpose(1, 2, 0)), media_type="image/png", headers=headers
    )
