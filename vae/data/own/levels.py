"""Which values are black and white, of numbers that may be bytes, 16 bits, fractions or others."""

from dataclasses import dataclass

import numpy as np

BYTE = 255.0
HALF_BYTE = 128.0
"""Whole numbers up to a byte's, of which none reaches this, are taken for a shorter scale."""


@dataclass(frozen=True)
class Levels:
    """The values that become black and white; ``note`` says it where that is a choice."""

    low: float
    high: float
    note: str = ""

    def to_unit(self, values: np.ndarray) -> np.ndarray:
        """Scale values to [0, 1], float32."""
        # halves, for numbers whose difference is larger than any
        low, span = self.low / 2, self.high / 2 - self.low / 2
        if span <= 0:
            return np.zeros(values.shape, np.float32)
        if self.low == 0 and values.dtype == np.uint8:
            return values.astype(np.float32) / np.float32(self.high)
        return ((values.astype(np.float64) / 2 - low) / span).clip(0, 1).astype(np.float32)

    @property
    def is_byte(self) -> bool:
        """Tell whether bytes keep their values."""
        return self.low == 0 and self.high == BYTE


def levels_of(kind: str, low: float, high: float) -> Levels:
    """Choose black and white for numbers of a kind (a NumPy type's name) from the range they hold.

    Bytes and truth values keep theirs, as do numbers from 0 to 255 that reach half of it and
    fractions from 0 or −1 to 1. All others are stretched by what they hold.
    """
    dtype = np.dtype(kind)
    if dtype.kind == "b":
        return Levels(0.0, 1.0)
    if dtype == np.uint8:
        return Levels(0.0, BYTE)
    if dtype == np.uint16:
        return Levels(low, high, f"16-bit values stretched from {low:g}..{high:g}")
    if dtype.kind == "f" and 0 <= low and high <= 1:
        return Levels(0.0, 1.0)
    if dtype.kind == "f" and -1 <= low < 0 < high <= 1:
        return Levels(-1.0, 1.0, "values from −1 to 1: −1 is black, 1 is white")
    if 0 <= low and HALF_BYTE <= high <= BYTE:
        return Levels(0.0, BYTE)
    return Levels(low, high, f"{dtype.name} values stretched from {low:g}..{high:g}")
