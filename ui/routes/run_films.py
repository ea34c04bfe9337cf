"""The latent map of a run as it formed, as a film (GIF) or a strip (PNG), made when asked for.

That is reading, also where visitors only look: no process is started, nothing is written, and
films are made one at a time.
"""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import base
from ui.routes.films import MEDIA_TYPES, in_turn
from ui.routes.snapshots import projected
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.export.map_film import Moment
    from vae.runs.watch import RunView

PATH = "/run/{id}/map.{kind}"


def routes() -> list[Route]:
    """Give the routes for `streamlit.starlette.App`."""
    return [Route(base.path() + PATH, serve, methods=["GET"])]


def address(run: str, kind: str) -> str:
    """Return the address of a run's film ("gif") or strip ("png")."""
    return f"{base.path()}/run/{run}/map.{kind}"


def serve(request: Request) -> Response:
    """Answer with the file; 404 for an unknown run or kind, 400 where there is nothing to show."""
    from vae.export.map_film import map_gif, map_strip
    from vae.runs import watch

    kind = request.path_params["kind"]
    try:
        if kind not in MEDIA_TYPES:
            raise UserError("there is no such film; choose gif or png")
        run = watch.view(request.path_params["id"])
    except UserError as error:
        return PlainTextResponse(str(error), 404)
    make = map_gif if kind == "gif" else map_strip
    return in_turn(f"{run.id}-map", kind, lambda: make(moments(run)))


def moments(run: "RunView") -> "list[Moment]":
    """Read the maps of a run, those that can be read."""
    from vae.export.map_film import Moment
    from vae.runs import watch

    found = []
    for step in watch.snapshots(run.path):
        try:
            snapshot = watch.snapshot(run.path, step)
        except UserError:
            continue
        found.append(Moment(step, projected(snapshot)[0], snapshot.label))
    return found
