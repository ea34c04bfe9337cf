"""How prepared images are placed: whether all are light on black, of one size and in the middle."""

import numpy as np

from vae.data.picture_fit import INK, edge_level
from vae.data.sources import Framing

LOOKED_AT = 500
"""So many images tell it, evenly taken."""
BLACK = 0.1
"""An edge darker than this share of white is black."""
ALIKE = 0.9
"""Share of the images that must be placed alike."""
NEAR = 0.06
"""Share of an image's side by which its size and place may differ from the others', or a pixel."""


def framing_of(images: np.ndarray) -> Framing | None:
    """Measure how images, uint8 (N, C, H, W), were placed; None where they were not placed alike.

    Alike are images whose ground is black, whose ink's longer side takes nearly the same share of
    the image in nine of ten, and whose centre, of mass or of the ink's box, lies where it lies in
    the others. Of the two the one that varies less counts.
    """
    rows = np.unique(np.linspace(0, len(images) - 1, LOOKED_AT).astype(int))
    found = [_placed(images[row] / 255) for row in rows]
    known = np.array([one for one in found if one is not None])
    if len(known) < ALIKE * len(rows):
        return None
    near = max(NEAR, 1 / min(images.shape[2:]))
    box, centres = known[:, 0], {"mass": known[:, 1:3], "box": known[:, 3:5]}
    spread = {name: float(np.abs(at - np.median(at, 0)).mean()) for name, at in centres.items()}
    middle = min(spread, key=lambda name: spread[name])
    places = centres[middle]
    if not all(_alike(one, near) for one in (box, places[:, 0], places[:, 1])):
        return None
    return Framing(float(np.median(box)), middle, float(np.median(places)))


def _placed(x: np.ndarray) -> tuple[float, ...] | None:
    """Share of the side that ink fills, and its centres of mass and of its box; None if not."""
    if edge_level(x) > BLACK:
        return None
    grey = x.mean(axis=0)
    if grey.max() <= BLACK:
        return None
    height, width = grey.shape
    down, across = np.nonzero(grey >= INK * grey.max())
    top, bottom, left, right = down.min(), down.max() + 1, across.min(), across.max() + 1
    box = max(bottom - top, right - left) / min(height, width)
    rows, columns = np.arange(height) + 0.5, np.arange(width) + 0.5
    mass = grey.sum()
    return (
        float(box),
        float(grey.sum(0) @ columns / mass / width),
        float(grey.sum(1) @ rows / mass / height),
        float((left + right) / 2 / width),
        float((top + bottom) / 2 / height),
    )


def _alike(values: np.ndarray, near: float) -> bool:
    return bool((np.abs(values - np.median(values)) <= near).mean() >= ALIKE)
