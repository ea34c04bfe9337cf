"""The addresses under which a model's networks and points go to the browser."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import resources
from ui.routes import compressed
from vae.errors import UserError


def routes() -> list[Route]:
    """Routes beside Streamlit's own, for `streamlit.starlette.App`."""
    return [Route(resources.base() + resources.PAYLOAD_PATH, serve, methods=["GET"])]


def serve(request: Request) -> Response:
    """Answer with a payload, or 404 for any name, kind or hash that is not one of ours now."""
    name, kind = request.path_params["name"], request.path_params["kind"]
    if kind not in resources.PACKERS:
        return PlainTextResponse("there is no such kind of payload", 404)
    try:
        if request.path_params["digest"] != resources.payload(name, kind).digest:
            return PlainTextResponse("this model has changed; reload the page", 404)
        packed = resources.packed_payload(name, kind)
    except UserError as error:
        return PlainTextResponse(str(error), 404)
    return compressed.answer(request, packed, "application/octet-stream", compressed.FOREVER)
