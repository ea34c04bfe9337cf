"""The addresses under which the browser gets the components' scripts, and what starts them there.

An address holds the hash of all scripts together, so a browser keeps them for good. A page that
was opened before the server changed its scripts may still name the old ones: it is sent to those
that are there now.
"""

import functools
import json

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ui import answers, base
from vae import web

PATH = "/scripts/{digest}/"
# The text is a module that the browser reads from no address of ours: it finds the server by the
# page's. A list that the page's head may already have asked for costs nothing more.
STARTER = """\
const at = new URL({at}, location.origin);
for (const path of {needed}) {{
  const link = document.createElement("link");
  Object.assign(link, {{ rel: "modulepreload", crossOrigin: "", href: new URL(path, at) }});
  document.head.append(link);
}}
let show;
try {{
  ({{ default: show }} = await import(new URL({entry}, at)));
}} catch (error) {{
  const sentence =
    `This part of the page could not be loaded: ${{error.message}}. Reload the page.`;
  show = ({{ parentElement }}) => {{
    parentElement.querySelector("div").textContent = sentence;
  }};
}}
export default show;
"""


def routes() -> list[Route]:
    """Routes beside Streamlit's own, for `streamlit.starlette.App`."""
    return [Route(base.path() + PATH + "{path:path}", serve, methods=["GET"])]


async def serve(request: Request) -> Response:
    """Answer with a script; a former hash leads to the script of now, 404 for what is none."""
    scripts, path = web.scripts(), request.path_params["path"]
    if path not in scripts.texts:
        return PlainTextResponse("there is no such script; reload the page", 404)
    if request.path_params["digest"] != scripts.digest:
        return RedirectResponse(address(path), 307, headers=answers.headers(answers.NEVER))
    return answers.compressed(request, _packed(path), "text/javascript", answers.FOREVER)


def address(path: str) -> str:
    """Return the address, below the server's root, of a script or of the folder of all ("")."""
    return base.path() + PATH.format(digest=web.scripts().digest) + path


def addresses(entry: str) -> list[str]:
    """Return the addresses of all that an entry needs, itself included, in the order of need."""
    return [address(path) for path in web.scripts().needed(entry)]


def starter(entry: str) -> str:
    """Return the few lines that are a component's own script: they import its entry and call it."""
    needed = json.dumps(web.scripts().needed(entry))
    return STARTER.format(at=json.dumps(address("")), needed=needed, entry=json.dumps(entry))


@functools.cache
def _packed(path: str) -> answers.Packed:
    return answers.pack(web.scripts().texts[path])
