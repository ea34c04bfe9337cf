"""What the sheet for drawing a data set asks for and sends: classes, drawings, warped forms.

A drawing is sent once, when it is kept, under a token of the browser's: sent again, it is there
once.
"""

import base64
import functools
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ui import answers, base, png
from vae.errors import UserError

SET_PATH = "/drawn/{name}"
KEEP_PATH = "/drawn/{name}/keep/{group}/{token}"
REMOVE_PATH = "/drawn/{name}/remove/{key}"
CLASS_PATH = "/drawn/{name}/class"
WARPED_PATH = "/drawn/{name}/warped/{key}"
MOST_BYTES = 4096
FORMS = 8
"""Warped forms that are shown beside a drawing."""


def routes() -> list[Route]:
    """Routes beside Streamlit's own, for `streamlit.starlette.App`."""
    read = {SET_PATH: serve_set, WARPED_PATH: serve_warped}
    write = {KEEP_PATH: keep, REMOVE_PATH: remove, CLASS_PATH: change_class}
    return [
        *(Route(base.path() + path, to, methods=["GET"]) for path, to in read.items()),
        *(Route(base.path() + path, _changing(to), methods=["POST"]) for path, to in write.items()),
    ]


def address(name: str) -> str:
    """Return the address below which the sheet of a set finds all it needs."""
    return base.path() + SET_PATH.format(name=name)


def serve_set(request: Request) -> Response:
    """Answer with the classes and drawings of a set; 404 where there is none."""
    from vae.data.own import drawn

    try:
        found = drawn.find(request.path_params["name"])
    except UserError as error:
        return _refusal(error, 404)
    body = {
        "classes": list(found.classes.items()),
        "drawings": [_described(one.key, one.group, one.number, one) for one in found.drawings],
        "damaged": found.damaged,
    }
    packed = answers.pack(json.dumps(body).encode(), level=1)
    return answers.compressed(request, packed, "application/json", answers.NEVER)


def serve_warped(request: Request) -> Response:
    """Answer with a strip of a drawing and its first warped forms at a ``strength``."""
    import numpy as np

    from vae.data.own import drawn
    from vae.options import build

    name, key = request.path_params["name"], request.path_params["key"]
    try:
        given = {"copies": FORMS, "strength": _strength(request.query_params.get("strength"))}
        warping = build(drawn.Warping, given, "warping")
        pixels = drawn.pixels_of(name, key)
    except UserError as error:
        return _refusal(error, 404)
    images = np.concatenate([pixels[None], drawn.copies_of(pixels, warping)])
    body = png.sheet(np.moveaxis(images, 1, 3), len(images))
    # a key is never given to another drawing
    return Response(body, media_type="image/png", headers=answers.headers(answers.FOREVER))


def keep(request: Request, body: bytes) -> Any:
    """Keep a drawing; its body is the pixels, and ``part`` the split that it comes back to."""
    from vae.data.own import drawn

    name, group, token = (request.path_params[one] for one in ("name", "group", "token"))
    key = drawn.keep(name, group, token, body, request.query_params.get("part"))
    return _described(key, group, drawn.number_of(key))


def remove(request: Request, body: bytes) -> Any:
    """Delete a drawing."""
    from vae.data.own import drawn

    drawn.remove(request.path_params["name"], request.path_params["key"])
    return {}


def change_class(request: Request, body: bytes) -> Any:
    """Add, rename or delete a class, as the body's JSON says; answer with its key."""
    from vae.data.own import drawn
    from vae.files import plain_json

    asked = plain_json.lenient(body) or {}
    do, group, called = (str(asked.get(one) or "") for one in ("do", "group", "name"))
    name = request.path_params["name"]
    if do == "add":
        group = drawn.add_class(name, called)
    elif do == "rename":
        drawn.rename_class(name, group, called)
    elif do == "remove":
        drawn.remove_class(name, group)
    else:
        raise UserError(f"{do[:20]!r} is not what can be done with a class")
    return {"group": group, "classes": list(drawn.find(name).classes.items())}


Change = Callable[[Request, bytes], Any]


def _changing(change: Change) -> Callable[[Request], Awaitable[Response]]:
    """Make a handler of what changes a set; what cannot be is a 409 with a sentence."""

    # Starlette asks a function, not an object, whether it is a coroutine
    @functools.wraps(change)
    async def handler(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return _refusal(UserError(f"more than {MOST_BYTES} bytes were sent"), 413)
        try:
            said = await run_in_threadpool(change, request, body)
        except UserError as error:
            return _refusal(error, 409)
        return JSONResponse(said, headers=answers.headers(answers.NEVER))

    return handler


def _described(key: str, group: str, number: int, drawing: Any = None) -> dict[str, Any]:
    from vae.data.own import drawn

    said = {"key": key, "group": group, "number": number, "part": drawn.part_of(number)}
    if drawing is not None:
        said["pixels"] = base64.b64encode(drawing.pixels.tobytes()).decode()
    return said


def _strength(text: str | None) -> float:
    try:
        return 1.0 if text is None else float(text[:16])
    except ValueError:
        raise UserError("strength must be a number from 0 to 2") from None


def _refusal(error: UserError, status: int) -> Response:
    return PlainTextResponse(str(error), status, headers=answers.headers(answers.NEVER))
