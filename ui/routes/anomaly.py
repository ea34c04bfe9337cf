"""What the Anomaly page's component fetches: scores, rows and labels, pictures, nats per pixel.

Scores stand behind an address that holds their hash, the others behind one that holds that of the
images. Nothing is computed for an address that no page gave out, but nats per pixel.
"""

import hashlib
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import numpy as np
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import answers, base, resources
from ui.anomaly import foreign as foreigns
from ui.anomaly import known, scoring
from ui.anomaly.foreign import Foreign
from vae.errors import UserError

if TYPE_CHECKING:
    from ui.anomaly.material import Material

SCORES = "/anomaly/{model}/{foreign}/scores/{score}/{digest}"
IMAGES = "/anomaly/{model}/{foreign}/{what}/{digest}"
KINDS = ("about", "pictures", "nats", "codes")
MOST_IMAGES = 200
LONGEST_QUERY = 4000
A_DAY = "private, max-age=86400"


def routes() -> list[Route]:
    """Routes beside Streamlit's own, for `streamlit.starlette.App`."""
    return [
        Route(base.path() + SCORES, serve_scores, methods=["GET"]),
        Route(base.path() + IMAGES, serve_images, methods=["GET"]),
    ]


def scores_address(model: str, foreign: Foreign, score: str, digest: str) -> str:
    """Return where the scores of all images are."""
    place = SCORES.format(
        model=_quoted(model), foreign=_quoted(foreign.name), score=score, digest=digest
    )
    return base.path() + place


def images_address(model: str, foreign: Foreign, what: str) -> str:
    """Return where something about the images is; ``what`` is one of `KINDS`."""
    name = {"model": _quoted(model), "foreign": _quoted(foreign.name)}
    return base.path() + IMAGES.format(**name, what=what, digest=_digest(model, foreign))


def serve_scores(request: Request) -> Response:
    """Answer with float64 scores of held-out, normal and foreign images, in this order."""
    asked = request.path_params
    try:
        foreign = _asked(request)
        blocks = known.blocks(asked["model"], foreign, asked["score"])
    except UserError as error:
        return _refusal(str(error))
    block = next((one for one in blocks if one.digest == asked["digest"]), None)
    if block is None:
        return _refusal("these scores are not there any more; open the page again")
    packed = answers.pack(block.values.astype("<f8").tobytes(), level=1)
    return answers.compressed(request, packed, "application/octet-stream", A_DAY)


def serve_images(request: Request) -> Response:
    """Answer with rows and labels, or with pixels or nats of the ``images`` of the query."""
    asked = request.path_params
    try:
        foreign = _asked(request)
        if asked["what"] not in KINDS or asked["digest"] != _digest(asked["model"], foreign):
            raise UserError("there is no such address; open the page again")
        one = scoring.ready(asked["model"], foreign)
        if asked["what"] == "about":
            body, kind = json.dumps(one.material.about()).encode(), "application/json"
        else:
            images = _images(request, one.material)
            body, kind = images.tobytes(), "application/octet-stream"
            if asked["what"] == "nats":
                body = scoring.nats(one, images).tobytes()
            elif asked["what"] == "codes":
                body = scoring.codes(one, images).tobytes()
    except UserError as error:
        return _refusal(str(error))
    return answers.compressed(request, answers.pack(body, level=1), kind, A_DAY)


def _images(request: Request, images: "Material") -> np.ndarray:
    text = request.query_params.get("images", "")
    if len(request.scope["query_string"]) > LONGEST_QUERY:
        raise UserError("the address is too long; ask for fewer images")
    parts = text.split(",")
    good = all(part.isascii() and part.isdigit() and len(part) <= 6 for part in parts)
    if not good or len(parts) > MOST_IMAGES or max(map(int, parts)) >= images.shown:
        raise UserError(
            f"images must be up to {MOST_IMAGES} whole numbers from 0 to {images.shown - 1}"
        )
    return np.stack([images.image(int(part)) for part in parts])


def _asked(request: Request) -> Foreign:
    # first, so that a visitor hears nothing of images that are another's
    resources.version(request.path_params["model"])
    return foreigns.find(request.path_params["model"], request.path_params["foreign"])


def _digest(model: str, foreign: Foreign) -> str:
    return hashlib.sha256(repr(scoring.key(model, foreign)).encode()).hexdigest()[:16]


def _quoted(name: str) -> str:
    return quote(name, safe="")


def _refusal(sentence: str) -> Response:
    return PlainTextResponse(sentence, 404, headers=answers.headers(answers.NEVER))
