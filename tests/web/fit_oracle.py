"""Pictures made like a data set's images, as `vae.data.picture_fit` makes them."""

import itertools
from typing import Any

import numpy as np

from vae.data import DATASETS
from vae.data.picture_fit import Treatment, fitted

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
    }


def blot(random: np.random.Generator, channels: int, height: int, width: int) -> np.ndarray:
    """A picture with a blot away from its middle, on noisy paper."""
    picture = 0.7 + random.normal(0, 0.02, (channels, height, width))
    picture[:, height // 5 : height // 2, width // 2 : 4 * width // 5] -= 0.5
    return picture.clip(0, 1).astype(np.float32)


def _picture(picture: np.ndarray) -> dict[str, Any]:
    channels, height, width = picture.shape
    shape = (channels, 28, 20)
    made = [
        {
            "framing": name,
            "treatment": vars(treatment),
            "values": fitted(picture, shape, framing, treatment).ravel().tolist(),
        }
        for name, framing in FRAMINGS.items()
        for treatment in itertools.starmap(Treatment, itertools.product([False, True], repeat=3))
    ]
    values = picture.astype(np.float64).ravel().tolist()
    sizes = {"channels": channels, "height": height, "width": width}
    return {"picture": sizes | {"values": values}, "shape": shape, "made": made}
