"""Two heaps of class 0 with class 1 between them, where the mean of class 0 lies."""

from typing import Any

import numpy as np


def oracle() -> dict[str, Any]:
    """Return 900 points (900, 2) and their classes."""
    draws = np.random.default_rng(5).normal(scale=0.2, size=(900, 2))
    label = np.arange(900) % 3
    loc = draws + np.array([[-3.0, 0.0], [0.0, 0.0], [3.0, 0.0]])[label]
    # a few strays of class 0 beside its mean
    loc[:30:3] = draws[:30:3]
    return {"loc": loc.ravel().tolist(), "label": np.where(label == 1, 1, 0).tolist()}
