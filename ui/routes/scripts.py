"""The addresses under which the browser gets the components' scripts, and what starts them there.

An address names a component's entry; the answer holds that script and all that it imports. One
request for each of them would take longer than all else that a page asks for. An address holds the
hash of all scripts, so a browser keeps the answer for good. A page that was opened before the
server changed its scripts may still name the old ones: it is sent to those that are there now.
"""

import functools
import json
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ui import answers, base
from vae import web

PATH = "/scripts/{digest}/"
STARTER = Path(__file__).with_name("starter.js")


def routes() -> list[Route]:
    """Routes beside Streamlit's own, for `streamlit.starlette.App`."""
    return [Route(base.path() + PATH + "{path:path}", serve, methods=["GET"])]


async def serve(request: Request) -> Response:
    """Answer with an entry and all it needs; a former hash leads to now's, 404 for no script."""
    scripts, path = web.scripts(), request.path_params["path"]
    if path not in scripts.texts:
        return PlainTextResponse("there is no such script; reload the page", 404)
    if request.path_params["digest"] != scripts.digest:
        return RedirectResponse(address(path), 307, headers=answers.headers(answers.NEVER))
    return answers.compressed(request, _packed(path), "application/json", answers.FOREVER)


def address(path: str) -> str:
    """Return the address, below the server's root, of an entry or of the folder of all ("")."""
    return base.path() + PATH.format(digest=web.scripts().digest) + path


def starter(entry: str) -> str:
    """Return the few lines that are a component's own script: they start its entry."""
    said = f"const FOLDER = {json.dumps(address(''))};\nconst ENTRY = {json.dumps(entry)};\n"
    return said + STARTER.read_text("utf-8")


@functools.cache
def _packed(entry: str) -> answers.Packed:
    scripts = web.scripts()
    needed = [[path, *scripts.parts(path)] for path in scripts.needed(entry)]
    return answers.pack(json.dumps({"digest": scripts.digest, "scripts": needed}).encode())
