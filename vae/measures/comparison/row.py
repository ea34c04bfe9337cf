"""One number of several models: where it can be compared, which is the best, and how surely."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NamedTuple

import numpy as np

from vae.measures.comparison.difference import Difference, combined, holm, paired, resampled
from vae.measures.comparison.entry import Entry
from vae.measures.registry import Better, Estimate, Measured, Quantity
from vae.measures.resampling import Resampled

LEVEL = 0.05
"""A difference with a smaller p-value, corrected for the comparisons of its row, is significant."""


@dataclass(frozen=True)
class Cell:
    """A model's number, or why there is none."""

    model: str
    estimate: Estimate | None = None
    n_images: int = 0
    reason: str | None = None
    """Why it is not compared: a clause; None where it is, or where it is not measured yet."""
    best: bool = False
    """Whether it is significantly better than each other number of the row."""
    alike: tuple[str, ...] = ()
    """Models from which it does not differ significantly."""
    note: str | None = None


@dataclass(frozen=True)
class Pair:
    """Two models that are compared in a number.

    The difference is a's value less b's, or, where the best value is a certain one, a's distance
    from it less b's.
    """

    a: str
    b: str
    difference: Difference
    p: float | None
    """Corrected by Holm for all pairs of the row; None where there is no test."""

    @property
    def significant(self) -> bool:
        """Whether it is unlikely by chance alone; False too where there is no test."""
        return self.p is not None and self.p < LEVEL


@dataclass(frozen=True)
class Row:
    """One quantity of all models, each pair of them tested."""

    quantity: Quantity
    cells: tuple[Cell, ...]
    """In the order of the models."""
    pairs: tuple[Pair, ...]
    test: str | None
    """How the pairs were tested; None where there was none to test."""

    @property
    def of(self) -> tuple[str, ...]:
        """The models whose numbers are compared."""
        return tuple(cell.model for cell in self.cells if cell.estimate is not None)


def compared(quantity: Quantity, entries: Sequence[Entry]) -> Row:
    """Compare a quantity of several models.

    Numbers that stand on something else than most do are left out with the reason. Each pair of
    the others is tested, by values of the same images where there are such, else by what both are
    on the same other choices of the images, else by the standard errors; where there are none of
    these, nothing is tested.
    """
    reasons = _reasons(quantity, entries)
    there = [
        (entry.model, entry.measured)
        for entry, reason in zip(entries, reasons, strict=True)
        if reason is None and entry.measured is not None
    ]
    found = [
        (a, b, _difference(quantity, of_a, of_b)) for (a, of_a), (b, of_b) in combinations(there, 2)
    ]
    known = [difference.p for _, _, difference in found if difference.p is not None]
    adjusted = iter(holm(known))
    pairs = tuple(
        Pair(a, b, difference, None if difference.p is None else next(adjusted))
        for a, b, difference in found
    )
    best = _best(quantity, there, pairs)
    cells = (
        _cell(quantity, entry, reason, pairs, best)
        for entry, reason in zip(entries, reasons, strict=True)
    )
    tests = dict.fromkeys(pair.difference.test for pair in pairs)
    return Row(quantity, tuple(cells), pairs, "; ".join(tests) or None)


def _reasons(quantity: Quantity, entries: Sequence[Entry]) -> list[str | None]:
    """Say of each model why it is not compared; None where it is, or is not measured yet."""
    own = [
        entry.reason or (None if entry.measured is None else _undefined(quantity, entry.measured))
        for entry in entries
    ]
    grounds = [
        None if reason or entry.measured is None else _grounds(entry, entry.measured)
        for entry, reason in zip(entries, own, strict=True)
    ]
    counts = Counter(ground for ground in grounds if ground is not None)
    if len(counts) < 2:
        return own
    # the most common one; among equals by the words, so that the order of models does not matter
    most = max(counts.values())
    common = min(ground for ground, count in counts.items() if count == most)
    found: list[str | None] = []
    for reason, ground in zip(own, grounds, strict=True):
        if ground is None or (ground == common and most > 1):
            found.append(reason)
            continue
        other = common if ground != common else min(one for one in counts if one != common)
        found.append(_other_ground(ground, other))
    return found


def _undefined(quantity: Quantity, measured: Measured) -> str | None:
    if measured.estimates[quantity.name].value is not None:
        return None
    return measured.note or "it is not defined for this model"


def _grounds(entry: Entry, measured: Measured) -> tuple[str, ...]:
    return *entry.grounds, f"measured on {measured.n_images:,} images"


def _other_ground(own: tuple[str, ...], other: tuple[str, ...]) -> str:
    differ = [(a, b) for a, b in zip(own, other, strict=True) if a != b]
    return "; ".join(f"this number is {a}, the others are {b}" for a, b in differ)


def _difference(quantity: Quantity, a: Measured, b: Measured) -> Difference:
    """Compare two values, or how far they are from the best one there can be."""
    one, other = (_tested(quantity, measured) for measured in (a, b))
    if one.column is not None and other.column is not None:
        if one.column.shape == other.column.shape:
            return paired(one.column, other.column)
    if one.again is not None and other.again is not None:
        found = resampled(one.value, other.value, one.again, other.again)
        if found is not None:
            return found
    return combined(one.value, other.value, one.stderr, other.stderr)


class _Tested(NamedTuple):
    """The value that is tested, and what is known of its error."""

    value: float
    stderr: float | None
    column: np.ndarray | None
    """What it is the mean of."""
    again: Resampled | None
    """What it is on other choices of the images."""


def _tested(quantity: Quantity, measured: Measured) -> _Tested:
    value, stderr = measured.estimates[quantity.name]
    if value is None:
        raise ValueError("only values that are there are compared")
    column = measured.per_image.get(quantity.name)
    again = measured.resampled.get(quantity.name)
    best = quantity.reading.better
    if isinstance(best, Better):
        return _Tested(value, stderr, column, again)
    # which side of the best value a model is on does not matter, only how far
    side = -1.0 if value < best else 1.0
    return _Tested(
        side * (value - best),
        stderr,
        None if column is None else side * (column - best),
        None if again is None else again.scaled(side, best),
    )


def _best(
    quantity: Quantity, there: Sequence[tuple[str, Measured]], pairs: Sequence[Pair]
) -> str | None:
    """Name the model that is significantly better than each other; None where there is none."""
    if len(there) < 2 or quantity.reading.better is Better.NEITHER:
        return None
    first = max(there, key=lambda one: _goodness(quantity, one[1]))[0]
    own = [pair for pair in pairs if first in (pair.a, pair.b)]
    return first if all(pair.significant for pair in own) else None


def _goodness(quantity: Quantity, measured: Measured) -> float:
    value = _tested(quantity, measured).value
    return value if quantity.reading.better is Better.HIGHER else -value


def _cell(
    quantity: Quantity,
    entry: Entry,
    reason: str | None,
    pairs: Sequence[Pair],
    best: str | None,
) -> Cell:
    if reason is not None or entry.measured is None:
        return Cell(entry.model, reason=reason)
    alike = [
        pair.b if pair.a == entry.model else pair.a
        for pair in pairs
        if entry.model in (pair.a, pair.b) and pair.p is not None and not pair.significant
    ]
    cell = Cell(entry.model, entry.measured.estimates[quantity.name], entry.measured.n_images)
    return replace(
        cell, best=entry.model == best, alike=tuple(sorted(alike)), note=entry.measured.note
    )
