"""The pages there are: every file of the pages folder, found by itself.

A page file sets ``TITLE`` and ``ORDER`` as plain constants, defines ``page()`` and calls it when
it is run. Its address is its file's name; the page of the lowest order opens at ``/``. One that
sets ``TRAINS = True`` is not there where ``VAE_READONLY=1`` says that visitors only look. The
scripts of the component that ``SCRIPT`` names are on their way before the page asks for them.
What a page fetches beside Streamlit's own it serves itself: its ``routes()`` returns the routes, of
modules of `ui.routes` or its own. What its first pictures need it makes ready in
``prepare(model, asked)``, which is called as soon as a browser asks for the page, with the query of
the address. A file with either runs its page only as ``__main__``.
"""

import ast
import functools
import os
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

# Until an app's script has run once, Streamlit takes the files of its pages folder for pages: who
# comes to a fresh server by another address than "/" would see one without its frame.
PagesManager.uses_pages_directory = False


class PageFile(NamedTuple):
    """A page as its file declares it."""

    order: float
    title: str
    icon: str | None
    path: Path
    script: str | None = None
    """The component that the page begins with, by its script's path below `vae/web`."""


def page_files(folder: Path) -> list[PageFile]:
    """List the pages of a folder in their order, reading their constants without running them."""
    found = []
    for path in sorted(folder.glob("[a-z]*.py")):
        constants = _constants(path, path.stat().st_mtime_ns)
        if read_only() and constants.get("TRAINS"):
            continue
        title = constants.get("TITLE", path.stem.capitalize())
        order = constants.get("ORDER", 1000)
        icon, script = constants.get("ICON"), constants.get("SCRIPT")
        found.append(PageFile(order, title, icon, path, script))
    return sorted(found)


def read_only() -> bool:
    """Tell whether visitors only look: nothing is trained, no work is started for them."""
    return os.environ.get("VAE_READONLY") == "1"


def pages(folder: Path) -> list[Any]:
    """Turn the pages of a folder into Streamlit's, the first as the default."""
    return [
        st.Page(
            file.path,
            title=file.title,
            icon=file.icon,
            url_path=file.path.stem,
            default=position == 0,
        )
        for position, file in enumerate(page_files(folder))
    ]


def routes(folder: Path, base: str) -> list[Route]:
    """Serve what the pages fetch, and give the first page its own name as an address too.

    Streamlit opens that one at "/" alone. Routes of pages that are hidden are there all the same:
    what they show may stand on other pages.
    """
    first = page_files(folder)[0].path.stem
    return [Route(f"{base}/{first}", _to_the_first, methods=["GET"]), *_of_pages(folder)]


@functools.cache
def _of_pages(folder: Path) -> tuple[Route, ...]:
    # once: the app's script asks at each of its runs, and the server keeps what it began with
    found: list[Route] = []
    for path in sorted(folder.glob("[a-z]*.py")):
        if "routes" in _functions(path):
            found += runpy.run_path(str(path), run_name=path.stem)["routes"]()
    return tuple(found)


def preparing(page: PageFile) -> Callable[[str, Mapping[str, str]], None]:
    """Return what makes ready a page's first pictures of a model."""
    return _preparing(page.path)


@functools.cache
def _preparing(path: Path) -> Callable[[str, Mapping[str, str]], None]:
    if "prepare" not in _functions(path):
        return lambda model, asked: None
    found: Callable[[str, Mapping[str, str]], None] = runpy.run_path(str(path), run_name=path.stem)[
        "prepare"
    ]
    return found


def _to_the_first(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse("./" + query, headers={"Cache-Control": "no-cache"})


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@functools.lru_cache(maxsize=256)
def _constants(path: Path, modified: int) -> dict[str, Any]:
    # kept: the app's script asks twice at each of its runs
    constants: dict[str, Any] = {}
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            constants |= dict.fromkeys(names, node.value.value)
    return constants
