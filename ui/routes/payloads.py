"""The addresses under which a model's networks and points go to the browser.

An address holds the hash of a payload, so a browser keeps it for good and never asks again.
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import answers, base, resources
from ui.resources import payloads
from vae.errors import UserError

PATH = "/payload/{kind}/{name}/{digest}"


def routes() -> list[Route]:
    """Routes beside Streamlit's own, for `streamlit.starlette.App`."""
    return [Route(base.path() + PATH, serve, methods=["GET"])]


def address(model: str, kind: str) -> str:
    """Return the address, below the server's root, under which the browser gets a payload."""
    return _address(model, kind, payloads.digest(model, kind))


def known_address(model: str, kind: str) -> str | None:
    """Return a payload's address without opening the model for it: None where it is not ready."""
    digest = payloads.known_digest(model, kind)
    return digest and _address(model, kind, digest)


def points_address(model: str) -> str | None:
    """Return the address of a model's map, None where it carries no encoded images."""
    return address(model, "points") if resources.checkpoint(model).atlas is not None else None


def near_address(model: str) -> str | None:
    """Return the address of what tells near from far on a model's map, None where it has none."""
    return address(model, "near") if resources.checkpoint(model).atlas is not None else None


def rates_address(model: str) -> str | None:
    """Return the address of a model's map at other β, None where it has none."""
    atlas = resources.checkpoint(model).atlas
    return None if atlas is None or atlas.rates is None else address(model, "rates")


def prior_address(model: str) -> str | None:
    """Return the address of what draws from a model's prior, None where the decoder tells it."""
    from vae.export.priors import has_payload

    found = resources.checkpoint(model).model
    return address(model, "prior") if has_payload(found) else None


def serve(request: Request) -> Response:
    """Answer with a payload, or 404 for any name, kind or hash that is not one of ours now."""
    name, kind = request.path_params["name"], request.path_params["kind"]
    if kind not in payloads.PACKERS:
        return PlainTextResponse("there is no such kind of payload", 404)
    try:
        if request.path_params["digest"] != payloads.payload(name, kind).digest:
            return PlainTextResponse("this model has changed; reload the page", 404)
        packed = payloads.packed(name, kind)
    except UserError as error:
        return PlainTextResponse(str(error), 404)
    return answers.compressed(request, packed, "application/octet-stream", answers.FOREVER)


def _address(model: str, kind: str, digest: str) -> str:
    return base.path() + PATH.format(kind=kind, name=model, digest=digest)
