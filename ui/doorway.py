"""What a browser gets first: Streamlit's own page and scripts, but small, and something to see.

Streamlit sends its scripts as they are and draws nothing before two megabytes of them have come.
Here they travel compressed, once packed; the page begins with a first look that the browser draws
at once, and names what it will need next, so that nothing waits for its turn.
"""

import functools
import html
import mimetypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote_plus

import streamlit
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui import answers, base, frame, navigation, resources, warm_start
from ui.resources import families
from ui.resources.payloads import DECODERS
from ui.routes import payloads, scripts
from ui.state import MODEL
from vae.errors import UserError

HERE = Path(__file__).resolve().parent
STATIC = Path(streamlit.__file__).resolve().parent / "static"
TEXTS = {".js", ".css", ".svg", ".json"}
# the parts of Streamlit that every page draws with; a page would find out one after the other
SOON = ("BidiComponent", "Checkbox", "Html", "ImageList", "PageLink", "Selectbox")

_IMPORTED = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
_STYLESHEET = re.compile(r'<link rel="stylesheet" crossorigin href="([^"]+)">')


def middleware(pages: Path) -> list[Middleware]:
    """Middleware before Streamlit's own, for `streamlit.starlette.App`."""
    return [Middleware(Doorway, pages=pages)]


class Doorway:
    """Middleware that answers for the first page and for Streamlit's scripts; the rest goes on."""

    def __init__(self, app: ASGIApp, pages: Path) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that is ours, or hand it on."""
        work = self._work(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        answer = self._app if work is None else await run_in_threadpool(work, Request(scope))
        await answer(scope, receive, send)

    def _work(self, scope: Scope) -> Callable[[Request], Response] | None:
        root = base.path()
        name = scope["path"].removeprefix(root + "/")
        if name in assets() and answers.takes_gzip(Request(scope)):
            return functools.partial(_asset, name)
        if "/" in name or "." in name:
            return None
        # the first page opens at "/"; its own name leads there
        first, *others = navigation.page_files(self._pages)
        shown = {"": first} | {file.path.stem: file for file in others}
        return functools.partial(_page, shown[name], first=not name) if name in shown else None


@functools.cache
def assets() -> dict[str, Path]:
    """Streamlit's own texts by their addresses; their names hold the hashes of what they say."""
    folder = STATIC / "static"
    found = (path for path in sorted(folder.rglob("*")) if path.suffix in TEXTS)
    return {path.relative_to(STATIC).as_posix(): path for path in found}


@functools.lru_cache(maxsize=512)
def _packed_asset(name: str) -> answers.Packed:
    return answers.pack(assets()[name].read_bytes())


def _asset(name: str, request: Request) -> Response:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return answers.compressed(request, _packed_asset(name), kind, answers.FOREVER)


def _page(page: navigation.PageFile, request: Request, first: bool) -> Response:
    shorter = _without_usual(request)
    if shorter is not None:
        return RedirectResponse(shorter, headers={"Cache-Control": answers.REVALIDATE})
    name = request.query_params.get(MODEL) or resources.preferred(resources.library())
    decoder = next(decoder_addresses(name), None) if name and first else None
    answer = answers.compressed(
        request, _packed_page(page.script, decoder), "text/html", answers.REVALIDATE
    )
    if name:
        asked = request.query_params
        answer.background = BackgroundTask(warm_start.prepare_page, page, name, asked)
    return answer


@functools.lru_cache(maxsize=64)
def _packed_page(script: str | None, decoder: str | None) -> answers.Packed:
    # a component's scripts are needed as soon as Streamlit's, the decoder after both
    links = [data_link(scripts.address(script)), starter(script)] if script else []
    links += map(script_link, scripts_soon())
    links += [data_link(decoder)] if decoder else []
    return answers.pack(first_page().replace("</head>", "".join(links) + "</head>", 1).encode())


def _without_usual(request: Request) -> str | None:
    """Return a page's address without what holds anyway; None where it says no such thing.

    The name of a sweep becomes that of the member that it opens.

    Streamlit would take that out itself, but as another entry of the browser's history, from
    which Back returns to the first one and so to where it was.
    """
    usual = {MODEL: resources.preferred(resources.library()), frame.LARGE: "false"}
    asked = request.query_params
    dropped = {name for name, value in usual.items() if asked.getlist(name) == [value]}
    named = asked.get(MODEL)
    member = families.of_name(named)
    if not dropped and member == named:
        return None
    parts = [
        # a name of a model needs no quotes in an address
        f"{MODEL}={member}"
        if member != named and unquote_plus(part) == f"{MODEL}={named}"
        else part
        for part in request.url.query.split("&")
    ]
    kept = "&".join(part for part in parts if unquote_plus(part.partition("=")[0]) not in dropped)
    return "./" + request.url.path.rpartition("/")[2] + (f"?{kept}" if kept else "")


@functools.cache
def first_page() -> str:
    """Return Streamlit's page with what is ours in it, its style sheet no longer in the way."""
    text = (STATIC / "index.html").read_text("utf-8")
    # it holds the fonts of formulas alone, and the browser would draw nothing before it came
    late = (
        r"""<link rel="stylesheet" crossorigin href="\1" media="print" onload="this.media='all'">"""
    )
    text = _STYLESHEET.sub(late, text)
    look = (HERE / "first_look.html").read_text("utf-8")
    text = text.replace("<title>Streamlit</title>", f"<title>{frame.NAME}</title>", 1)
    icon = "data:image/svg+xml," + quote(Path(frame.ICON).read_text("utf-8"))
    text = text.replace('href="./favicon.png"', f'href="{icon}"', 1)
    drawer = (HERE / "drawer.js").read_text("utf-8")
    text = text.replace("<body>", f"<body>\n{look}", 1)
    return text.replace("</body>", f"<script>\n{drawer}</script>\n</body>", 1)


# What the links name waits behind what is asked for without them: the page asks for its connection
# to the server while they still come, and nothing is drawn before that connection is there.


def script_link(name: str) -> str:
    """Return the link to a script of Streamlit that the page will ask for once it draws."""
    return f'<link rel="modulepreload" fetchpriority="low" crossorigin href="./static/js/{name}">\n'


def data_link(address: str) -> str:
    """Return the link to what our own scripts will fetch."""
    place = html.escape(address)
    return f'<link rel="preload" as="fetch" fetchpriority="low" crossorigin href="{place}">\n'


def starter(script: str) -> str:
    """Return what starts the page's component while Streamlit's scripts still come."""
    return f'<script type="module" async>\n{scripts.starter(script)}</script>\n'


def decoder_addresses(model: str) -> Iterator[str]:
    """Yield where the decoder is that the first page shows, if it is packed already."""
    try:
        found = [payloads.known_address(model, kind) for kind in DECODERS]
    except UserError:
        return
    yield from filter(None, found)


@functools.cache
def scripts_soon() -> tuple[str, ...]:
    """List the scripts of `SOON` and all that they import, without those that the page names."""
    names = {path.name: path for name, path in assets().items() if path.suffix == ".js"}
    starts = [name for name in names if name.split(".")[0] in SOON]
    found: dict[str, None] = {}
    named = (STATIC / "index.html").read_text("utf-8")

    def follow(name: str) -> None:
        if name in found or name in named or name not in names:
            return
        found[name] = None
        for imported in _IMPORTED.findall(names[name].read_text("utf-8")):
            follow(imported)

    for name in starts:
        follow(name)
    return tuple(found)
