"""One drawing of a drawn set."""

from dataclasses import dataclass

import numpy as np

SIDE = 28
"""Pixels of the height and of the width of a drawing."""
BYTES = SIDE * SIDE


@dataclass(frozen=True, eq=False)
class Drawing:
    """One drawing: the key it is known by, its class, its number there, and its pixels."""

    key: str
    group: str
    """Key of its class."""
    number: int
    pixels: np.ndarray
    """uint8 (1, 28, 28), placed as MNIST's digits are."""
