"""What a chart fetches: the browser code of the Plotly that Python has, and its many points."""

import functools
import hashlib
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import answers, base
from ui.figures.figure import MANY, to_json
from vae.files import owner

LIBRARY_PATH = "/library/plotly/{digest}.js"
POINTS_PATH = "/points/{digest}.json"
KEPT_POINTS = 64
"""So many sets of points are kept for the browsers to fetch."""


def routes() -> list[Route]:
    """The routes that serve Plotly's browser code and the points of a chart."""
    return [
        Route(base.path() + LIBRARY_PATH, serve_library, methods=["GET"]),
        Route(base.path() + POINTS_PATH, serve_points, methods=["GET"]),
    ]


def library_address() -> str:
    """Address of Plotly's browser code; it holds the hash of its bytes."""
    return base.path() + LIBRARY_PATH.format(digest=_library()[1])


def serve_library(request: Request) -> Response:
    """Answer with Plotly's browser code, compressed; 404 for any other version."""
    if request.path_params["digest"] != _library()[1]:
        return PlainTextResponse("this library has changed; reload the page", 404)
    return answers.compressed(request, _packed(), "text/javascript", answers.FOREVER)


def serve_points(request: Request) -> Response:
    """Answer with the points of a chart that was drawn lately, or 404."""
    with _kept_lock:
        found = _kept.get(request.path_params["digest"])
    asker = owner.asking()
    body = found.body if found and (asker.sees_all or asker.name in found.drawn_for) else None
    if body is None:
        return PlainTextResponse("these points are no longer kept; reload the page", 404)
    return Response(body, media_type="application/json", headers=answers.headers(answers.FOREVER))


class _Points(NamedTuple):
    """The points of a chart, and the visitors of a shared server for whom it was drawn."""

    body: bytes
    drawn_for: set[str | None]


_kept: OrderedDict[str, _Points] = OrderedDict()
_kept_lock = threading.Lock()


def keep(points: dict[str, Any]) -> str:
    """Keep the many numbers of a trace for the browser to fetch once; return their address."""
    body = to_json({name: points[name] for name in MANY if name in points}).encode()
    digest = hashlib.sha256(body).hexdigest()[:20]
    with _kept_lock:
        found = _kept.setdefault(digest, _Points(body, set()))
        found.drawn_for.add(owner.asking().name)
        _kept.move_to_end(digest)
        while len(_kept) > KEPT_POINTS:
            _kept.popitem(last=False)
    return base.path() + POINTS_PATH.format(digest=digest)


@functools.cache
def _library() -> tuple[bytes, str]:
    import plotly

    body = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
    return body, hashlib.sha256(body).hexdigest()[:20]


@functools.cache
def _packed() -> answers.Packed:
    return answers.pack(_library()[0])
