"""What a look keeps of each picture: a hash, a label, its range; and a few to show."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from vae.data.own import given
from vae.data.own.block import Block
from vae.data.own.found import Found, Picture, Skipped
from vae.data.own.levels import Levels, levels_of
from vae.data.own.limits import MOST_CLASSES, SHOWN_SKIPPED
from vae.data.own.suggesting import LYING, hints, is_lying, suggested, upright

SHEET = 24
"""Pictures of the contact sheet."""
ALIKE = 4
"""So many pictures of a class are on the sheet if it comes late."""
SHEET_SIDE = 256
MOST_SIZES = 1_000
EMPTY_SHARE = 2.5 / 255
"""A picture is nearly empty when its values span less of the way from black to white."""


class Tally:
    """Adds up blocks of pictures."""

    def __init__(self) -> None:
        self.count = 0
        self._sizes: Counter[tuple[int, int]] = Counter()
        self._colours = False
        self._classes: dict[str, int] = {}
        self._names: list[tuple[int, Sequence[str]]] = []
        self._digests: list[np.ndarray] = []
        self._labels: list[np.ndarray] = []
        self._parts: list[np.ndarray] = []
        self._spans: list[tuple[str, np.ndarray]] = []
        self._ranges: dict[str, tuple[float, float]] = {}
        self._shown: Counter[str | None] = Counter()
        self._firsts: list[Picture] = []
        self._others: list[Picture] = []

    def add(self, block: Block) -> None:
        """Take note of some pictures."""
        if len(self._sizes) < MOST_SIZES or block.height_width in self._sizes:
            self._sizes[block.height_width] += len(block)
        self._colours |= block.values.shape[1] == 3
        flat = block.values.reshape(len(block), -1)
        low, high = flat.min(axis=1), flat.max(axis=1)
        self._widen(block.kind, float(low.min()), float(high.max()))
        # halves, for numbers whose difference is larger than any
        self._spans.append((block.kind, high.astype(np.float64) / 2 - low.astype(np.float64) / 2))
        self._digests.append(digests(block.values))
        self._show(block)
        self._labels.append(np.array([self._class(label) for label in block.labels], np.int32))
        parts = block.parts or [None] * len(block)
        self._parts.append(np.array([given.number(part) for part in parts], np.int8))
        self._names.append((self.count, block.names))
        self.count += len(block)

    def found(self, title: str, skipped: tuple[Skipped, ...], skipped_count: int) -> Found:
        """Say what was found."""
        levels = {kind: levels_of(kind, *span) for kind, span in self._ranges.items()}
        names, labels, about_labels = self._ordered()
        copies, empty = self._copies(), self._empty(levels)
        pictures = self._sheet()
        sizes = dict(self._sizes.most_common())
        channels = 3 if self._colours else 1
        parts = np.concatenate(self._parts)
        lying = is_lying(self._name(0), sizes, names)
        few = slice(SHOWN_SKIPPED)
        notes = [one.note for one in levels.values() if one.note]
        return Found(
            title=title,
            count=self.count,
            sizes=sizes,
            channels=channels,
            class_names=names,
            labels=labels,
            pictures=pictures,
            skipped=skipped,
            skipped_count=skipped_count,
            notes=(
                *notes,
                *([LYING] * lying),
                *about_labels,
                *([given.said_of(parts)] * given.is_split(parts)),
                *hints(pictures, levels, channels),
            ),
            duplicates=tuple((self._name(a), self._name(b)) for a, b in copies[few]),
            duplicate_count=len(copies),
            nearly_empty=tuple(self._name(row) for row in empty[few]),
            nearly_empty_count=len(empty),
            suggested=upright(suggested(sizes, channels, given.is_split(parts)), lying),
            parts=parts,
            copies=np.array([copy for copy, _ in copies], np.int64),
            empty=np.array(empty, np.int64),
            digests=np.concatenate(self._digests),
            levels=levels,
        )

    def _class(self, label: str | None) -> int:
        return -1 if label is None else self._classes.setdefault(label, len(self._classes))

    def _widen(self, kind: str, low: float, high: float) -> None:
        before = self._ranges.get(kind, (low, high))
        self._ranges[kind] = min(before[0], low), max(before[1], high)

    def _show(self, block: Block) -> None:
        """Keep the first pictures of each class, and others at growing distances."""
        for row, label in enumerate(block.labels):
            new = label is not None and label not in self._classes
            if new:
                self._class(label)
            kept = self._firsts if new else self._others
            alike = SHEET // 2 if label is None else ALIKE
            due = new or self._shown[label] < alike or _is_due(self.count + row)
            if not due or (new and len(kept) >= SHEET):
                continue
            if len(kept) >= SHEET:
                del kept[::2]
            self._shown[label] += 1
            kept.append(Picture(block.names[row], label, _small(block.values[row])))

    def _sheet(self) -> tuple[Picture, ...]:
        others = self._others[: SHEET - len(self._firsts)] if len(self._firsts) < SHEET else []
        return tuple(sorted((*self._firsts, *others), key=lambda one: _natural(one.label or "")))

    def _ordered(self) -> tuple[tuple[str, ...], np.ndarray, list[str]]:
        """Give the class names in order, the labels by that order, and what is to be said."""
        labels = np.concatenate(self._labels)
        if len(self._classes) > MOST_CLASSES:
            words = (
                f"there are {len(self._classes):,} different labels, more than the "
                f"{MOST_CLASSES:,} that are kept: the pictures are read without labels"
            )
            return (), np.full(self.count, -1, np.int32), [words]
        names = sorted(self._classes, key=_natural)
        place = np.empty(len(names) + 1, np.int32)
        place[-1] = -1
        for number, name in enumerate(names):
            place[self._classes[name]] = number
        missing = int((labels < 0).sum())
        said = [f"{missing:,} pictures have no label"] if names and missing else []
        return tuple(names), place[labels], said

    def _copies(self) -> list[tuple[int, int]]:
        """List pictures that repeat an earlier one, each with the first of its kind."""
        every = np.concatenate(self._digests)
        order = np.argsort(every, kind="stable")
        same = np.flatnonzero(every[order][1:] == every[order][:-1])
        first: dict[int, int] = {}
        pairs = []
        for place in same.tolist():
            before, after = int(order[place]), int(order[place + 1])
            first[after] = first.get(before, before)
            pairs.append((after, first[after]))
        return sorted(pairs)

    def _empty(self, levels: dict[str, Levels]) -> list[int]:
        rows: list[int] = []
        done = 0
        for kind, spans in self._spans:
            least = EMPTY_SHARE * (levels[kind].high / 2 - levels[kind].low / 2)
            rows += (done + np.flatnonzero(spans <= least)).tolist()
            done += len(spans)
        return rows

    def _name(self, row: int) -> str:
        starts = [start for start, _ in self._names]
        block = int(np.searchsorted(starts, row, side="right")) - 1
        start, names = self._names[block]
        return names[row - start]


def digests(values: np.ndarray) -> np.ndarray:
    """Hash each picture's shape and values, uint64 (n,)."""
    rows = np.ascontiguousarray(values)
    key = f"{values.dtype.name} {values.shape[1:]}".encode()
    made = (hashlib.blake2b(row.data, digest_size=8, key=key[:64]).digest() for row in rows)
    return np.frombuffer(b"".join(made), np.uint64)


def _is_due(row: int) -> bool:
    """Choose rows ever further apart: 2, 3, 4, 6, 8, 12, 16, …."""
    return row & (row - 1) == 0 or (row % 3 == 0 and (row // 3) & (row // 3 - 1) == 0)


def _small(values: np.ndarray) -> np.ndarray:
    from vae.data.picture_fit import Window, resampled

    _, rows, columns = values.shape
    share = SHEET_SIDE / max(rows, columns)
    if share >= 1:
        return values.copy()
    height, width = max(1, round(rows * share)), max(1, round(columns * share))
    made = resampled(values.astype(np.float64), Window(0, 0, columns, rows), height, width, 0.0)
    return (
        made.astype(values.dtype)
        if values.dtype.kind == "f"
        else np.rint(made).astype(values.dtype)
    )


def _natural(name: str) -> tuple[Any, ...]:
    try:
        return 0, float(name), name
    except ValueError:
        return 1, 0.0, name
