"""A path: a parabola beside the straight line."""

import numpy as np


def detour(a: np.ndarray, b: np.ndarray, t: float | np.ndarray) -> np.ndarray:
    """Point on a parabola from a (t = 0) to b (t = 1), farthest from the line in the middle."""
    a, b, t = np.asarray(a, float), np.asarray(b, float), np.asarray(t, float)[..., None]
    aside = np.roll(b - a, 1)
    return (1 - t) * a + t * b + t * (1 - t) * aside
