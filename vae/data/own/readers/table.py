"""Which columns of a table hold pixels, which the label, and which the part of the data set."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from vae.data.own import given
from vae.data.own.readers.asked import no_square, sizes_of
from vae.data.own.readers.columns import SMALLEST_SIDE
from vae.data.own.readers.readable import Unreadable

LABEL_NAMES = (
    *("label", "labels", "class", "classes", "target", "targets", "y", "category", "digit"),
    *("fine_label", "coarse_label", "character", "letter", "emotion"),
)
"""What columns of labels are called; of several the first in this order counts."""
PART_NAMES = ("usage", "split", "subset", "partition")
"""What columns are called that say to which part of the data set a row belongs."""
PIXEL = re.compile(r"[a-z_ .]*\d+([x_ .-]+\d+)?(_[a-z])?")
"""What columns of pixels are called: pixel0, 1x1, px_3, v12, 0_0_r."""
PLACE = re.compile(r"[a-z_ .]*(\d+)[x_ .-]+(\d+)")
"""What columns are called that say row and column of their pixel: 1x1, r0_c0."""
Size = tuple[int, int]
Shape = tuple[int, int, int]


class NoSize(Unreadable):
    """Rows of values of which nothing says how high and wide their pictures are."""

    def __init__(self, fields: Sequence[str], sizes: Sequence[Size]):
        self.fields, self.count, self.sizes = fields, len(fields), tuple(sizes)
        super().__init__(no_square(self.count))


@dataclass(frozen=True)
class Columns:
    """Where pixels, label and part stand in a row; pixels are the rows of a picture in turn."""

    pixels: tuple[int, ...]
    label: int | None
    shape: Shape
    """Height, width, channels, as the values follow one another."""
    part: int | None = None


def columns_of(
    header: Sequence[str] | None, first: Sequence[str], size: Size | None = None
) -> Columns:
    """Find the columns by their names, and without names by how many there are.

    A table without names has its label in the first column, unless the last is the only one that
    holds text. Pictures are square, unless the names of the columns or ``size`` say otherwise.

    Raises
    ------
    NoSize
        Where the pixels make no square picture, but might make another.
    Unreadable
        Where they make no picture at all.
    """
    count = len(header or first)
    label, part = _named(header, LABEL_NAMES), _named(header, PART_NAMES)
    rest = [column for column in range(count) if column not in (label, part)]
    if header is not None:
        named = [one for one in rest if PIXEL.fullmatch(header[one].strip().lower())]
        placed = grid([header[one] for one in named])
        if placed is not None:
            return Columns(tuple(named), label, (*placed, 1), part)
        rest = named if shape_of(len(named), size) else rest
    if label is None and not shape_of(len(rest), size) and shape_of(len(rest) - 1, size):
        label = count - 1 if not is_number(first[-1]) else 0
        rest = [column for column in rest if column != label]
    found = shape_of(len(rest), size)
    if found is None:
        raise _unknown([first[one] for one in rest], label is None)
    return Columns(tuple(rest), label, found, part)


def shape_of(count: int, size: Size | None = None) -> Shape | None:
    """Return height, width and channels of a picture of so many values; None where it is none.

    Without a ``size``, height and width, it is a square.
    """
    for channels in (1, 3):
        side = math.isqrt(max(0, count) // channels)
        high, wide = size or (side, side)
        if min(high, wide) >= SMALLEST_SIDE and high * wide * channels == count:
            return high, wide, channels
    return None


def grid(names: Sequence[str]) -> Size | None:
    """Tell height and width where names say each pixel's place, row by row; None where not."""
    found = [PLACE.fullmatch(name.strip().lower()) for name in names]
    places = [(int(one[1]), int(one[2])) for one in found if one]
    if not places or len(places) < len(names):
        return None
    (top, left), (bottom, right) = places[0], places[-1]
    high, wide = bottom - top + 1, right - left + 1
    if high * wide != len(places) or min(high, wide) < SMALLEST_SIDE:
        return None
    in_turn = all(place == (top + at // wide, left + at % wide) for at, place in enumerate(places))
    return (high, wide) if in_turn else None


def is_number(text: str) -> bool:
    """Tell whether a field holds a number, with a decimal point or comma."""
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def part_in(columns: Columns, row: Sequence[str]) -> str | None:
    """Tell which part of the data set a row says it is of."""
    return None if columns.part is None else given.of_cell(row[columns.part])


def _unknown(fields: Sequence[str], may_have_label: bool) -> Unreadable:
    count = len(fields)
    sizes = sizes_of(count) + (sizes_of(count - 1) if may_have_label else [])
    # a label alone may be text
    if not sizes or sum(not is_number(one) for one in fields) > may_have_label:
        return Unreadable(no_square(count))
    return NoSize(fields, sizes)


def _named(header: Sequence[str] | None, known: Sequence[str]) -> int | None:
    if header is None:
        return None
    names = [name.strip().lower() for name in header]
    return next((names.index(name) for name in known if name in names), None)
