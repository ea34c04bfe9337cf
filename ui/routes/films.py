"""The path between two latents as a file: a film (GIF) or a strip (PNG), made when asked for."""

import math
import re
import threading
from collections.abc import Callable

import numpy as np
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import answers, base, resources
from ui.address import parse_z
from vae.errors import UserError
from vae.export import film
from vae.latent.paths import LARGEST_OVERSHOOT

FILM_PATH = "/film/{name}/{method}.{kind}"
MEDIA_TYPES = {"gif": "image/gif", "png": "image/png"}
STEPS, ZOOM = (2, 200), (1, 16)
LARGEST_PIXELS = 40_000_000
LONGEST_QUERY = 16_000
"""Bytes; two latents of 128 numbers, each with all its digits, are half of that."""
WAIT_SECONDS = 20
WAITING = 2
"""Requests that wait for a film: each holds one of the threads that answer all routes."""
RETRY_SECONDS = 1
# a film keeps a core busy: one at a time leaves the other to the pages
_one_at_a_time = threading.Lock()
_waiting = threading.BoundedSemaphore(WAITING)


def routes() -> list[Route]:
    """Give the routes for `streamlit.starlette.App`."""
    return [Route(base.path() + FILM_PATH, serve_film, methods=["GET"])]


def serve_film(request: Request) -> Response:
    """Answer with the file; 404 for an unknown model, path or kind, 400 for bad parameters."""
    name, method, kind = (request.path_params[key] for key in ("name", "method", "kind"))
    if kind not in MEDIA_TYPES or method not in film.methods():
        return _refusal(404, "there is no such film; choose slerp, lerp or both, as gif or png")
    try:
        shape = resources.header(name)["model"]["image_shape"]
        z_dim = resources.header(name)["model"]["z_dim"]
    except UserError as error:
        return _refusal(404, str(error))
    if len(request.scope["query_string"]) > LONGEST_QUERY:
        return _refusal(400, "the address is too long; give a and b with fewer digits")
    try:
        ends, options = _ends(request.query_params, z_dim), _options(request.query_params, kind)
        overshoot = _share(request.query_params, "overshoot")
        classes = _classes(request.query_params, name)
        _check_size(shape, kind, method, options)
        way = film.Way(resources.checkpoint(name), *ends, method, overshoot, classes)
    except UserError as error:
        return _refusal(400, str(error))
    return _made(f"{name}-{method}", kind, way, options, "inline" in request.query_params)


def _made(name: str, kind: str, way: film.Way, options: dict[str, int], inline: bool) -> Response:
    make = film.strip_png if kind == "png" else film.film_gif
    return in_turn(name, kind, lambda: make(way, **options), inline)


def in_turn(name: str, kind: str, make: Callable[[], bytes], inline: bool = False) -> Response:
    """Answer with a file that is made when its turn comes; 503 where too many wait."""
    if not _have_turn():
        return _refusal(503, "the server is busy with other films; try again in a moment")
    try:
        content = make()
    except UserError as error:
        return _refusal(400, str(error))
    finally:
        _one_at_a_time.release()
    filename = re.sub(r"[^A-Za-z0-9._-]", "-", f"{name}.{kind}")
    place = "inline" if inline else "attachment"
    # the model behind a name may be replaced
    headers = answers.headers(answers.REVALIDATE)
    headers["Content-Disposition"] = f'{place}; filename="{filename}"'
    return Response(content, media_type=MEDIA_TYPES[kind], headers=headers)


def _have_turn() -> bool:
    """Take `_one_at_a_time`, waiting where not too many do; False where it cannot be had."""
    if _one_at_a_time.acquire(blocking=False):
        return True
    if not _waiting.acquire(blocking=False):
        return False
    try:
        return _one_at_a_time.acquire(timeout=WAIT_SECONDS)
    finally:
        _waiting.release()


def _ends(parameters: QueryParams, z_dim: int) -> tuple[np.ndarray, np.ndarray]:
    ends = []
    for key in ("a", "b"):
        try:
            ends.append(np.array(parse_z(parameters.get(key, ""), z_dim)))
        except UserError as error:
            raise UserError(f"{key}: {error}") from None
    return ends[0], ends[1]


def _classes(parameters: QueryParams, name: str) -> tuple[int, int] | None:
    """Read the classes of both ends, for a model that is told classes."""
    told = resources.checkpoint(name).model.conditioning.classes
    if not told:
        return None
    a, b = (_whole(parameters, key, -1, 0, told - 1) for key in ("a_class", "b_class"))
    return a, b


def _options(parameters: QueryParams, kind: str) -> dict[str, int]:
    options = {
        "steps": _whole(parameters, "steps", 32, *STEPS),
        "zoom": _whole(parameters, "zoom", 4, *ZOOM),
    }
    if kind == "gif":
        times = film.FRAME_TIMES
        options["milliseconds"] = _whole(parameters, "milliseconds", film.MILLISECONDS, *times)
    return options


def _whole(parameters: QueryParams, key: str, default: int, low: int, high: int) -> int:
    text = parameters.get(key, str(default))
    # a digit more than any bound has: int() itself takes time for long ones
    value = int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None
    if value is None or not low <= value <= high:
        raise UserError(f"{key} must be a whole number from {low} to {high}")
    return value


def _share(parameters: QueryParams, key: str) -> float:
    try:
        value = float(parameters.get(key, "0"))
    except ValueError:
        value = math.nan
    if not 0 <= value <= LARGEST_OVERSHOOT:
        raise UserError(f"{key} must be a number from 0 to {LARGEST_OVERSHOOT}")
    return value


def _check_size(shape: tuple[int, ...], kind: str, method: str, options: dict[str, int]) -> None:
    count = film.pixel_count(shape, kind, method, options["steps"], options["zoom"])
    if count > LARGEST_PIXELS:
        raise UserError(
            f"this would take {count / 1e6:.0f} million pixels, more than the "
            f"{LARGEST_PIXELS // 10**6} million that are made; choose fewer steps or a smaller zoom"
        )


def _refusal(status: int, sentence: str) -> Response:
    headers = {"X-Content-Type-Options": "nosniff"}
    if status == 503:
        headers["Retry-After"] = str(RETRY_SECONDS)
    return PlainTextResponse(sentence, status, headers)
