"""What the Generate page asks the server for: a classifier, the training image nearest to a z."""

import math
import threading
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ui import answers, base, resources
from ui.address import parse_z
from ui.resources import classifiers, copies
from vae.errors import UserError

CLASSIFIER = "/draws/classifier/{model}"
NEAREST = "/draws/nearest/{model}"
LONGEST_QUERY = 8_000
"""Bytes; a z of 128 numbers with all their digits is a third of that."""
WAIT_SECONDS = 20
# a look through all training images keeps a core busy: one at a time
_one_at_a_time = threading.Lock()


def routes() -> list[Route]:
    """Give the routes for `streamlit.starlette.App`."""
    return [
        Route(base.path() + CLASSIFIER, serve_classifier, methods=["GET"]),
        Route(base.path() + NEAREST, serve_nearest, methods=["GET"]),
    ]


def addresses(model: str) -> dict[str, str]:
    """Return where the browser asks about a model's draws."""
    name = quote(model, safe="")
    return {
        "classifier": base.path() + CLASSIFIER.format(model=name),
        "nearest": base.path() + NEAREST.format(model=name),
    }


def serve_classifier(request: Request) -> Response:
    """Answer with the classifier of a model's images, or 202 and how far its training is.

    204 where the images are not on this machine; 404 for what cannot be, in a sentence.
    """
    try:
        reading = classifiers.ask(request.path_params["model"])
    except UserError as error:
        return PlainTextResponse(str(error), 404, headers=answers.headers(answers.NEVER))
    if reading is None:
        return Response(status_code=204, headers=answers.headers(answers.NEVER))
    if reading.error is not None:
        return PlainTextResponse(reading.error, 404, headers=answers.headers(answers.NEVER))
    if reading.packed is None:
        told = {"done": reading.done, "total": reading.total}
        return JSONResponse(told, 202, headers=answers.headers(answers.NEVER))
    kind = "application/octet-stream"
    return answers.compressed(request, reading.packed, kind, answers.REVALIDATE)


def serve_nearest(request: Request) -> Response:
    """Answer with the training image nearest to what is decoded at ``z``.

    The query also has the ``class`` and the ``beta`` that the decoder is told, if any.
    204 where the images are not on this machine, 400 for a z that is none, 503 while others look.
    """
    never = answers.headers(answers.NEVER)
    try:
        model = request.path_params["model"]
        config = resources.header(model)["model"]
        if len(request.scope["query_string"]) > LONGEST_QUERY:
            raise UserError("the address is too long; give z with fewer digits")
        z = parse_z(request.query_params.get("z", ""), config["z_dim"])
        label = _label(request.query_params.get("class"), model)
        beta = _beta(request.query_params.get("beta"))
    except UserError as error:
        return PlainTextResponse(str(error), 400, headers=never)
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        return PlainTextResponse("the server is busy; try again in a moment", 503, headers=never)
    try:
        found = copies.likest(model, z, label, beta)
    except UserError as error:
        return PlainTextResponse(str(error), 404, headers=never)
    finally:
        _one_at_a_time.release()
    if found is None:
        return Response(status_code=204, headers=never)
    return JSONResponse(copies.to_json(found), headers=never)


def _label(text: str | None, model: str) -> int | None:
    """Read the class that z is decoded as, for a model that is told classes."""
    classes = resources.checkpoint(model).model.conditioning.classes
    if not classes:
        return None
    # a digit more than any number of classes has: int() itself takes time for long ones
    good = text is not None and text.isascii() and text.isdigit() and len(text) <= 5
    if text is None or not good or int(text) >= classes:
        raise UserError(f"class must be a whole number from 0 to {classes - 1}")
    return int(text)


def _beta(text: str | None) -> float:
    """Read the β that the decoder is told; 1 where none is named."""
    try:
        beta = 1.0 if text is None else float(text[:32])
    except ValueError:
        beta = math.nan
    if not 0 < beta < math.inf:
        raise UserError("beta must be a number above 0")
    return beta
