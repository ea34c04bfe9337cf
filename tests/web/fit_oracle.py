"""Pictures made like a data set's images, as `vae.data.picture_fit` makes them."""

import itertools
from typing import Any

import numpy as np

from vae.data import DATASETS
from vae.data.picture_fit import Treatment, fitted, propose

FRAMINGS = {
    "none": None,
    "mass": DATASETS["mnist"].framing,
    "box": DATASETS["fashion-mnist"].framing,
}
SIZES = [(1, 9, 14), (1, 28, 28), (3, 150, 90)]


def oracle() -> dict[str, Any]:
    """Return pictures of several sizes, in every framing and treatment."""
    random = np.random.default_rng(0)
    return {
        "framings": {name: framing and vars(framing) for name, framing in FRAMINGS.items()},
        "pictures": [_picture(blot(random, *size)) for size in SIZES],
        "proposals": [_proposals(picture) for picture in _greys(random)],
    }


def blot(random: np.random.Generator, channels: int, height: int, width: int) -> np.ndarray:
    """A picture with a blot away from its middle, on noisy paper."""
    picture = 0.7 + random.normal(0, 0.02, (channels, height, width))
    picture[:, height // 5 : height // 2, width // 2 : 4 * width // 5] -= 0.5
    return picture.clip(0, 1).astype(np.float32)


def _plain(picture: np.ndarray) -> dict[str, Any]:
    channels, height, width = picture.shape
    values = picture.astype(np.float64).ravel().tolist()
    return {"channels": channels, "height": height, "width": width, "values": values}


def _greys(random: np.random.Generator) -> list[np.ndarray]:
    """A picture on light paper, one on dark paper, and one of the model's own shape."""
    faint = 0.3 * blot(random, 1, 40, 60)
    return [blot(random, 1, 40, 60), faint, 1 - blot(random, 1, 28, 28)]


def _proposals(picture: np.ndarray) -> dict[str, Any]:
    """What is proposed, with the sum of the pixels in place of a model's log p(x|z)."""
    cases = itertools.product(FRAMINGS, [False, True], [None, (300.0, 500.0)])
    made = []
    for name, wide, usual in cases:
        log_px = None if usual is None else (lambda x: float(x.sum()))
        found = propose(picture, (1, 28, 28), FRAMINGS[name], wide, usual, log_px)
        made.append({"framing": name, "wide": wide, "usual": usual, "treatment": vars(found)})
    return {"picture": _plain(picture), "made": made}


def _picture(picture: np.ndarray) -> dict[str, Any]:
    shape = (len(picture), 28, 20)
    made = [
        {
            "framing": name,
            "treatment": vars(treatment),
            "values": fitted(picture, shape, framing, treatment).ravel().tolist(),
        }
        for name, framing in FRAMINGS.items()
        for treatment in itertools.starmap(Treatment, itertools.product([False, True], repeat=3))
    ]
    return {"picture": _plain(picture), "shape": shape, "made": made}
