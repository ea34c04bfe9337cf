"""What the hand drew around points, as text in the map's own coordinates; see chart_outline.js."""

import numpy as np

LONGEST = 4000
"""Characters of the longest outlines that an address holds: sixty boxes or so."""
LONGEST_DRAWN = 60_000
"""Characters of the longest outlines that are taken from the hand."""


def parse(text: object, longest: int = LONGEST) -> list[np.ndarray] | None:
    """Read outlines, each (corners, 2), from "x,y,x,y,…_x,y,…"; None for what is no outline."""
    if not isinstance(text, str) or not 0 < len(text) <= longest:
        return None
    try:
        numbers = [np.array(part.split(","), np.float64) for part in text.split("_")]
    except ValueError:
        return None
    if any(len(one) < 2 or len(one) % 2 or not np.isfinite(one).all() for one in numbers):
        return None
    return [one.reshape(-1, 2) for one in numbers]


def inside(xy: np.ndarray, outlines: list[np.ndarray]) -> np.ndarray:
    """Which points (N, 2) lie in any of the outlines, by the even-odd rule; bool (N,)."""
    from vae.latent.polygons import inside_polygon

    found = np.zeros(len(xy), bool)
    for corners in outlines:
        found |= inside_polygon(xy, corners)
    return found
