"""Arrays that hold pictures, and which array holds their labels."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vae.data.own import given
from vae.data.own.block import Block, Numbered
from vae.data.own.files import Skip
from vae.data.own.limits import BLOCK_BYTES, FEWEST, SIDES
from vae.data.own.readers.asked import sizes_of
from vae.data.own.readers.readable import Unreadable
from vae.data.own.readers.reader import Stream

COLOURS = (1, 3, 4)
LARGEST_SIDE = 2048
"""Pixels; of larger pictures too much would be in memory, and they are no images to learn from."""
SMALLEST_SIDE = 4
ROLE_WORDS = re.compile(
    r"(?<![a-z])(x|y|images?|imgs?|labels?|lbls?|targets?|data|pixels|classes|arr|idx\d?|ubyte|npy|npz)(?![a-z])|\d"
)
"""What two arrays that belong together differ in."""


@dataclass(frozen=True)
class Column:
    """An array that can be read a few rows at a time, from its beginning at each call."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype
    read: Callable[[int], Iterator[np.ndarray]]
    size: tuple[int, int] | None = None
    """Height and width of pictures that stand as rows of values, where that was said."""

    @property
    def layout(self) -> "Layout | None":
        """Tell what pictures it can hold."""
        return layout(self.shape, self.size)

    @property
    def holds_pictures(self) -> bool:
        """Tell whether its rows can be pictures."""
        return self.layout is not None and self.dtype.kind in "biuf"

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """List heights and widths that its rows may have, where it is else one picture alone."""
        if len(self.shape) != 2 or not self.holds_pictures or self.shape[0] < FEWEST:
            return []
        alone = self.layout is not None and self.layout.count == 1
        return sizes_of(self.shape[1]) if alone and self.shape[1] >= SIDES[0] ** 2 else []

    @property
    def may_hold_labels(self) -> bool:
        """Tell whether it has one value for each row."""
        return math.prod(self.shape[1:]) == 1 and len(self.shape) in (1, 2)


@dataclass(frozen=True)
class Layout:
    """How an array holds pictures: how many, of which shape, and as which axes."""

    count: int
    size: tuple[int, int]
    channels: int
    channels_last: bool = False

    def pictures(self, rows: np.ndarray) -> np.ndarray:
        """Give rows as (n, C, H, W); four channels are colours and how opaque they are."""
        if self.channels_last:
            return rows.reshape(-1, *self.size, self.channels).transpose(0, 3, 1, 2)
        return rows.reshape(-1, self.channels, *self.size)


def layout(shape: tuple[int, ...], size: tuple[int, int] | None = None) -> Layout | None:
    """Tell what pictures an array of that shape can hold; None where it can hold none.

    A table (N, pixels) holds pictures of that ``size``, or else square ones, grey or of three
    colours, unless it is itself square, or no number of pixels fits: then it is one picture.
    """
    if len(shape) == 2:
        for channels in (1, 3) if size else ():
            if math.prod(size or ()) * channels == shape[1]:
                return _checked(Layout(shape[0], size or (0, 0), channels))
        side = math.isqrt(shape[1])
        if shape[0] != shape[1] and side * side == shape[1] and side >= SMALLEST_SIDE:
            return Layout(shape[0], (side, side), 1)
        side = math.isqrt(shape[1] // 3)
        if 3 * side * side == shape[1] and side >= SMALLEST_SIDE:
            return Layout(shape[0], (side, side), 3)
        return _checked(Layout(1, (shape[0], shape[1]), 1))
    if len(shape) == 3:
        if shape[2] in COLOURS and min(shape[:2]) > 4:
            return _checked(Layout(1, (shape[0], shape[1]), shape[2], True))
        return _checked(Layout(shape[0], (shape[1], shape[2]), 1))
    if len(shape) == 4 and shape[3] in COLOURS:
        return _checked(Layout(shape[0], (shape[1], shape[2]), shape[3], True))
    if len(shape) == 4 and shape[1] in COLOURS:
        return _checked(Layout(shape[0], (shape[2], shape[3]), shape[1]))
    return None


def _checked(found: Layout) -> Layout | None:
    fits = SMALLEST_SIDE <= min(found.size) and max(found.size) <= LARGEST_SIDE
    return found if fits else None


def paired(columns: list[Column], skip: Skip) -> list[Stream]:
    """Make a stream of each array of pictures, with the labels that belong to it."""
    images = [column for column in columns if column.holds_pictures]
    others = [column for column in columns if not column.holds_pictures]
    streams: list[Stream] = []
    for column in images:
        labels = _labels_of(column, images, others)
        if labels is not None:
            others.remove(labels)
        streams.append(PictureColumn(column, labels))
    for column in others:
        size = "×".join(map(str, column.shape)) or "one value"
        skip(column.name, f"holds neither pictures nor their labels ({size})")
    return streams


def _labels_of(column: Column, images: list[Column], others: list[Column]) -> Column | None:
    count = column.layout.count if column.layout else 0
    fitting = [one for one in others if one.may_hold_labels and one.shape[0] == count]
    named = [one for one in fitting if _stem(one.name) == _stem(column.name)]
    if named:
        return named[0]
    rivals = [one for one in images if one.shape[0] == column.shape[0]]
    return fitting[0] if len(fitting) == 1 and len(rivals) == 1 else None


def _stem(name: str) -> str:
    return re.sub(r"[^a-z]+", "", ROLE_WORDS.sub("", name.lower().replace("_", " ")))


@dataclass(frozen=True)
class PictureColumn:
    """The pictures of an array."""

    column: Column
    labels: Column | None

    @property
    def count(self) -> int:
        """Return how many there are."""
        return self._layout.count

    @property
    def _layout(self) -> Layout:
        if self.column.layout is None:
            raise ValueError(f"{self.column.name} holds no pictures")
        return self.column.layout

    def blocks(self, skip: Skip) -> Iterator[Block]:
        """Read them in pieces of about a megabyte."""
        one = self._layout
        each = math.prod(one.size) * one.channels * self.column.dtype.itemsize
        rows = max(1, BLOCK_BYTES // each)
        whole = one.count == 1 and self.column.shape[0] != 1
        labels, part = self._labels(rows), given.of_file(self.column.name)
        read, done = self.column.read(self.column.shape[0] if whole else rows), 0
        try:
            for values in read:
                pixels = one.pictures(values)
                names = Numbered(self.column.name, done, len(pixels))
                parts = [part] * len(pixels)
                yield Block(in_colours(pixels), names, next(labels)[: len(pixels)], None, parts)
                done += len(pixels)
        except Unreadable as error:
            skip(self.column.name, f"{error}: {one.count - done:,} pictures are missing")

    def _labels(self, rows: int) -> Iterator[Sequence[str | None]]:
        if self.labels is None:
            while True:
                yield [None] * rows
        for values in self.labels.read(rows):
            yield [label_text(value) for value in values.reshape(-1).tolist()]


def in_colours(pixels: np.ndarray) -> np.ndarray:
    """Lay four channels on white, as a viewer does; (n, 1 or 3, H, W)."""
    if pixels.shape[1] != 4:
        return pixels
    full = 1.0 if pixels.dtype.kind == "f" and pixels.max(initial=0) <= 1 else 255.0
    opaque = pixels[:, 3:].astype(np.float32) / full
    laid = pixels[:, :3] * opaque + full * (1 - opaque)
    return laid if pixels.dtype.kind == "f" else np.rint(laid).astype(pixels.dtype)


def label_text(value: object) -> str | None:
    """Write a label as text: 3.0 as "3", nothing and what is no number as None."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = int(value) if value.is_integer() else value
    return str(value).strip() if value not in ("", -1) else None
