"""A look at the images of a data set, fetched by the browser so that no page waits for it."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import answers, base, png
from ui.resources import datasets
from vae.errors import UserError

STRIP_PATH = "/images/{name}.png"
ROWS, COLUMNS = 2, 10
A_DAY = "private, max-age=86400"


def routes() -> list[Route]:
    """Routes beside Streamlit's own, for `streamlit.starlette.App`."""
    return [Route(base.path() + STRIP_PATH, serve_strip, methods=["GET"])]


def strip_address(name: str) -> str:
    """Return the address of a PNG with some training images of a data set."""
    version = datasets.version(name)
    # a browser keeps what it fetched, and other images may get the name
    return base.path() + STRIP_PATH.format(name=name) + (f"?v={quote(version)}" if version else "")


def serve_strip(request: Request) -> Response:
    """Answer with the PNG; 404 for an unknown data set and for one that is not on this machine."""
    try:
        images = datasets.sample(request.path_params["name"], ROWS * COLUMNS)
    except UserError as error:
        return PlainTextResponse(str(error), 404)
    body = png.sheet(images, COLUMNS)
    return Response(body, media_type="image/png", headers=answers.headers(A_DAY))
