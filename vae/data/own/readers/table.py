"""Which columns of a table hold pixels, and which the label."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from vae.data.own.readers.columns import SMALLEST_SIDE, Unreadable

LABEL_NAMES = (
    *("label", "labels", "class", "classes", "target", "targets", "y", "category", "digit"),
    *("fine_label", "coarse_label", "character", "letter", "emotion"),
)
"""What columns of labels are called; of several the first in this order counts."""
PIXEL = re.compile(r"[a-z_ .]*\d+([x_ .-]+\d+)?(_[a-z])?")
"""What columns of pixels are called: pixel0, 1x1, px_3, v12, 0_0_r."""


@dataclass(frozen=True)
class Columns:
    """Where pixels and label stand in a row; pixels are the rows of a square picture in turn."""

    pixels: tuple[int, ...]
    label: int | None
    side: int
    channels: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width, channels, as the values follow one another."""
        return self.side, self.side, self.channels


def columns_of(header: Sequence[str] | None, first: Sequence[str]) -> Columns:
    """Find the columns by their names, and without names by how many there are.

    A table without names has its label in the first column, unless the last is the only one that
    holds text.

    Raises
    ------
    Unreadable
        Where the pixels make no square picture.
    """
    count = len(header or first)
    label = _label(header, first)
    rest = [column for column in range(count) if column != label]
    if header is not None:
        named = [one for one in rest if PIXEL.fullmatch(header[one].strip().lower())]
        rest = named if square(len(named)) else rest
    if label is None and not square(len(rest)) and square(len(rest) - 1):
        label = count - 1 if not is_number(first[-1]) else 0
        rest = [column for column in rest if column != label]
    found = square(len(rest))
    if found is None:
        raise Unreadable(f"has {len(rest):,} values in a row, which make no square picture")
    return Columns(tuple(rest), label, *found)


def square(count: int) -> tuple[int, int] | None:
    """Return side and channels of a square picture of so many values; None where there is none."""
    for channels in (1, 3):
        side = math.isqrt(max(0, count) // channels)
        if side >= SMALLEST_SIDE and side * side * channels == count:
            return side, channels
    return None


def is_number(text: str) -> bool:
    """Tell whether a field holds a number, with a decimal point or comma."""
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def _label(header: Sequence[str] | None, first: Sequence[str]) -> int | None:
    if header is None:
        return None
    names = [name.strip().lower() for name in header]
    return next((names.index(name) for name in LABEL_NAMES if name in names), None)
