"""Outlines drawn on a plane, and the points that they enclose."""

import numpy as np


def inside_polygon(xy: np.ndarray, polygon: np.ndarray) -> np.ndarray:
    """Which of the points (N, 2) a polygon (corners, 2) encloses, by the even-odd rule; (N,).

    The polygon closes itself. Of points exactly on its edge those on the left and lower sides
    count as inside.
    """
    polygon = np.asarray(polygon, dtype=np.float64).reshape(-1, 2)
    x, y = np.asarray(xy, dtype=np.float64).reshape(-1, 2).T
    inside = np.zeros(len(x), bool)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        crosses = (y0 <= y) != (y1 <= y)
        inside ^= crosses & (x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)))
    return inside
