"""A Plotly figure on a page, as a component that stays in place when its figure changes.

`st.plotly_chart` builds a chart anew at every change: with 10,000 points that takes over a second
and loses the zoom. This component hands Plotly the new figure instead, paints many points itself
and tells Python which points the hand chose. It serves the Plotly that Python has installed.
"""

import base64
import functools
import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import base, plots, resources
from ui.plots import Figure
from ui.routes import scripts as script_routes
from vae import web

LIBRARY_PATH = "/library/plotly/{digest}.js"
POINTS_PATH = "/points/{digest}.json"
KEPT_POINTS = 64
"""So many sets of points are kept for the browsers to fetch."""
FOREVER = "public, max-age=31536000, immutable"
AREA_TOOLS = ("lasso", "select", "pan", "zoom")
LARGEST_INK = 254

_chart = st.components.v2.component(
    "chart",
    html="<div class='chart-host'></div>\n",
    css=web.style("chart/chart.css"),
    js=script_routes.starter("chart/chart.js"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Cloud:
    """How the component paints the points of a figure's first trace: a colour each of a palette."""

    ink: np.ndarray
    """Entry of the palette, uint8 (N,)."""
    palette: tuple[str, ...]
    """At most 255 colours, #rrggbb."""


def chart(
    figure: Figure,
    *,
    key: str,
    alt: str,
    height: str = "320px",
    of: str = "",
    cloud: Cloud | None = None,
    selected: np.ndarray | None = None,
    area: str = "",
    heard: int = 0,
    tools: tuple[str, ...] = (),
    legend: Sequence[tuple[str, str]] = (),
    address: dict[str, str | None] | None = None,
    zoom: str = "",
    model: str = "",
    on_picked: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Show a figure.

    Parameters
    ----------
    alt
        What the chart shows, in words and numbers, for those who do not see it.
    height
        A CSS length.
    of
        What the points are; a choice comes back with it, so that a stale one can be told.
    selected
        Which points of the cloud stand out, bool (N,); the others become fainter, none goes.
    area
        Outlines that the hand drew and that stay, as text; see `ui.map.outline`.
    heard
        Number of the last choice that was taken.
    legend
        Names and colours, listed under the chart.
    address
        What the page's address says of the chart beside its zoom, None for what it leaves out; a
        chart with an address can be shared.
    zoom
        View to begin with, "left,right,bottom,top".
    model
        Name of the model, for a link to share.
    on_picked
        Hears what the hand chose: {kind: "area", area} (an outline), {kind: "image", row},
        {kind: "place", x, y, row} in a chart without a cloud, or {kind: "none"}; and `of`, `count`.
    """
    data = {
        "name": key,
        "points": None if cloud is None else _keep(figure.data[0]),
        "figure": figure.to_json(without_points=cloud is not None),
        "library": library_address(),
        "alt": alt,
        "height": height,
        "of": of,
        "cloud": None if cloud is None else _packed(cloud),
        "selected": None if selected is None else _text(np.packbits(selected, bitorder="little")),
        "area": area,
        "heard": heard,
        "tools": list(tools),
        "legend": [list(entry) for entry in legend],
        "address": address,
        "zoom": zoom,
        "model": model,
        "preferred": resources.preferred(resources.library()) if model else None,
    }
    _chart(key=key, data=data, on_picked_change=lambda: _hear(key, on_picked))


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
    body, digest = _library()
    if request.path_params["digest"] != digest:
        return PlainTextResponse("this library has changed; reload the page", 404)
    headers = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(_squeezed(), media_type="text/javascript", headers=headers)
    return Response(body, media_type="text/javascript", headers=headers)


def serve_points(request: Request) -> Response:
    """Answer with the points of a chart that was drawn lately, or 404."""
    with _kept_lock:
        body = _kept.get(request.path_params["digest"])
    if body is None:
        return PlainTextResponse("these points are no longer kept; reload the page", 404)
    headers = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
    return Response(body, media_type="application/json", headers=headers)


_kept: OrderedDict[str, bytes] = OrderedDict()
_kept_lock = threading.Lock()


def _keep(points: dict[str, Any]) -> str:
    """Keep the many numbers of a trace for the browser to fetch once; return their address."""
    body = plots.to_json({name: points[name] for name in plots.MANY if name in points}).encode()
    digest = hashlib.sha256(body).hexdigest()[:20]
    with _kept_lock:
        _kept[digest] = body
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
def _squeezed() -> bytes:
    return gzip.compress(_library()[0], 5)


def _packed(cloud: Cloud) -> dict[str, Any]:
    if len(cloud.palette) > LARGEST_INK + 1:
        raise ValueError(f"a cloud takes at most {LARGEST_INK + 1} colours")
    return {
        "ink": _text(np.ascontiguousarray(cloud.ink, dtype=np.uint8)),
        "palette": list(cloud.palette),
    }


def _text(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode()


def _hear(key: str, on_picked: Callable[[dict[str, Any]], None] | None) -> None:
    picked = (st.session_state.get(key) or {}).get("picked")
    if on_picked is not None and isinstance(picked, dict):
        on_picked(picked)
