"""The images that a model's map was encoded from, one at a time, for the browser.

An address holds the sha256 of the split that it is about, so a browser keeps an image for good.
Only the one that stands in the model's own file leads to images: any other loads nothing.
"""

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import answers, base, resources
from ui.resources import datasets
from vae.errors import UserError

if TYPE_CHECKING:
    import numpy as np

PATH = "/originals/{model}/{sha256}/{image}"
PNG = ".png"
# int() itself takes time for long numbers
MOST_DIGITS = 9


def routes() -> list[Route]:
    """Routes beside Streamlit's own, for `streamlit.starlette.App`."""
    return [Route(base.path() + PATH, serve_original, methods=["GET"])]


def address(model: str) -> str | None:
    """Return the address below which a model's originals are asked for, by their row in the split.

    A row alone gives the pixels, a row and ".png" a picture. None where the model's file names no
    data set that is known here. Whether its images are on this machine shows only when one is
    asked for: to look now would make the page wait.

    Raises
    ------
    UserError
        When the model cannot be opened.
    """
    sha256 = _sha256(model)
    return sha256 and f"{base.path()}/originals/{quote(model, safe='')}/{sha256}"


def address_where_here(model: str) -> str | None:
    """Return the same only where the images are on this machine: to know takes a while."""
    return address(model) if datasets.originals(model) is not None else None


def serve_original(request: Request) -> Response:
    """Answer with an image's pixels, a byte each (channels, height, width), or with its PNG.

    204 where these images are not on this machine; 404 for an image that they do not have and for
    an address that no page gave out, before any data set is opened.
    """
    asked = request.path_params
    row = asked["image"].removesuffix(PNG)
    try:
        known = asked["sha256"] == _sha256(asked["model"])
        if not known or not (row.isascii() and row.isdigit() and len(row) <= MOST_DIGITS):
            return PlainTextResponse("there is no such original image", 404)
        split = datasets.originals(asked["model"])
    except UserError as error:
        return PlainTextResponse(str(error), 404)
    if split is None:
        return Response(status_code=204, headers=answers.headers(answers.NEVER))
    if int(row) >= len(split):
        return PlainTextResponse(f"choose an image from 0 to {len(split) - 1}", 404)
    return _image(split.images[int(row)], asked["image"].endswith(PNG))


def _image(pixels: "np.ndarray", as_png: bool) -> Response:
    from vae.export.pictures import png

    headers = answers.headers(answers.FOREVER)
    body = png(pixels.transpose(1, 2, 0)) if as_png else pixels.tobytes()
    kind = "image/png" if as_png else "application/octet-stream"
    return Response(body, media_type=kind, headers=headers)


def _sha256(model: str) -> str | None:
    """Return the hash of the split that a model's file names; None for a split unknown here."""
    from vae.data import SPLITS, name_of

    described = resources.header(model)["dataset"]
    split, sha256 = described.get("split"), described.get("sha256")
    known = split in SPLITS and name_of(described) is not None
    return sha256 if known and isinstance(sha256, str) and sha256.isalnum() else None
