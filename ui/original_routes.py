"""The images that a model's map was encoded from, one at a time, for the browser.

An address holds the sha256 of the split that it is about, so a browser keeps an image for good,
and all models of the same images share it.
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import compressed, resources

PATH = "/originals/{dataset}/{split}/{sha256}/{index:int}"
NEVER = "no-store"


def routes() -> list[Route]:
    """Routes beside Streamlit's own, for `streamlit.starlette.App`."""
    return [Route(resources.base() + PATH, serve_original, methods=["GET"])]


def originals_address(model: str) -> str | None:
    """Return the address below which a model's originals are asked for, by their row in the split.

    None where the model's file names no data set that is known here. Whether its images are on
    this machine shows only when one is asked for: to look now would make the page wait.

    Raises
    ------
    UserError
        When the model cannot be opened.
    """
    from vae.data import DATASETS, SPLITS

    described = resources.header(model)["dataset"]
    name, split, sha256 = (described.get(key) for key in ("name", "split", "sha256"))
    known = name in DATASETS and split in SPLITS
    if not known or not isinstance(sha256, str) or not sha256.isalnum():
        return None
    return f"{resources.base()}/originals/{name}/{split}/{sha256}"


def serve_original(request: Request) -> Response:
    """Answer with an image's pixels, a byte each (channels, height, width).

    204 where these images are not on this machine, 404 for an image that they do not have.
    """
    asked = request.path_params
    split = resources.split_with(asked["dataset"], asked["split"], asked["sha256"])
    if split is None:
        return Response(status_code=204, headers={"Cache-Control": NEVER})
    if asked["index"] >= len(split):
        return PlainTextResponse(f"there are only {len(split)} images", 404)
    headers = {"Cache-Control": compressed.FOREVER, "X-Content-Type-Options": "nosniff"}
    body = split.images[asked["index"]].tobytes()
    return Response(body, media_type="application/octet-stream", headers=headers)
