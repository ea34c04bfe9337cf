"""An image that a person brought: uploaded or drawn, made to the model's shape in the browser."""

import base64
import binascii
from typing import Any

import numpy as np

from ui.anomaly import scoring
from ui.anomaly.foreign import Foreign
from vae.errors import UserError


def read(asked: dict[str, Any], shape: tuple[int, ...]) -> np.ndarray:
    """Read what a browser sent as pixels, uint8 (1, C, H, W).

    Raises
    ------
    UserError
        When it is no image of this shape.
    """
    size = int(np.prod(shape))
    text = asked.get("pixels")
    try:
        # four characters hold three bytes
        sent = text if isinstance(text, str) and len(text) <= 4 * (size // 3 + 1) else ""
        pixels = np.frombuffer(base64.b64decode(sent, validate=True), np.uint8)
    except (binascii.Error, ValueError):
        pixels = np.zeros(0, np.uint8)
    if len(pixels) != size:
        channels, height, width = shape
        raise UserError(
            f"what was sent is no image of {width}×{height} pixels and {channels} "
            f"channel{'s' * (channels > 1)}; choose a picture again"
        )
    # what was sent cannot be written to, and torch asks for that
    return pixels.reshape(1, *shape).copy()


def scored(
    model: str, foreign: Foreign, image: np.ndarray, names: list[str], number: int
) -> dict[str, Any]:
    """Score one image by the scores that all others were scored by, plain JSON."""
    one = scoring.ready(model, foreign)
    found = one.detector.scored(image, names).scores
    scores = {name: float(values[0]) for name, values in found.items()}
    try:
        nats = base64.b64encode(scoring.nats(one, image).tobytes()).decode()
    except UserError:
        nats = None
    z = scoring.codes(one, image)[0].tolist()
    return {"seq": number, "scores": scores, "pixels": nats, "z": z, "error": ""}
