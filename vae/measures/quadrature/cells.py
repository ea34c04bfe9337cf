"""Integrals over a line or a plane by cells that are halved where there is mass.

A cell counts by its middle. Over equal cells this rule is exact to all orders for a smooth
integrand that vanishes at the border (Trefethen and Weideman 2014, "The exponentially convergent
trapezoidal rule", theorem 5.1): a normal density whose σ is a cell's width is integrated to 1e-8.
So the cells are halved together wherever the integrand is not negligible, until nothing changes.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vae.errors import UserError

NEGLIGIBLE = 14.0
"""Cells so many nats below the highest are left as they are: e^−14 is 8e-7."""
TOLERANCE = 1e-3
"""Nats that the last halving may change."""
LEAST_HALVINGS, MOST_HALVINGS = 2, 14
MOST_CELLS = 400_000
"""Cells of one image that are looked at in one halving."""
RISE = 2.0
"""A cell may rise above its middle by so many times what the middle differs from its parent's."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells with the values of functions at their middles."""

    z: np.ndarray
    """Middles, float64 (M, dimensions)."""
    size: np.ndarray
    """Widths, the same along all dimensions, (M,)."""
    values: np.ndarray
    """Of each function, (M, functions); the first is a log density, where it is high there is mass.
    """

    @property
    def log_mass(self) -> np.ndarray:
        """Logarithm of what each cell holds of the first function's density, (M,)."""
        return self.values[:, 0] + np.log(self.size) * self.z.shape[1]

    def take(self, rows: np.ndarray) -> "Cells":
        """Return some of them."""
        return Cells(self.z[rows], self.size[rows], self.values[rows])

    def log_integral(self) -> float:
        """Logarithm of the integral of the first function's density."""
        return logsumexp(self.log_mass)

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Mean of values (M, …) under the first function's density, normalised."""
        share = np.exp(self.log_mass - self.log_integral())
        held = share > 0
        found: np.ndarray = share[held] @ values[held]
        return found

    def near(self, nats: float) -> "Cells":
        """Return those within so many nats of the highest."""
        return self.take(self.values[:, 0] > self.values[:, 0].max() - nats)


Functions = Callable[[np.ndarray], np.ndarray]
"""Values (M, functions) at places (M, dimensions), float64."""
Figures = Callable[[Cells], tuple[float, ...]]
"""What is to be known of the cells, in nats."""


@dataclass(frozen=True, eq=False)
class Integrated:
    """Figures of one image, and the cells that they come from."""

    figures: tuple[float, ...]
    change: float
    """By how much the last halving changed one of them, in nats."""
    cells: Cells


def logsumexp(values: np.ndarray) -> float:
    """log Σ exp, without overflow."""
    top = values.max()
    return float(top + np.log(np.exp(values - top).sum()))


def grid(low: np.ndarray, high: np.ndarray, size: float) -> np.ndarray:
    """Middles of equal cells over a box, (M, dimensions), the last dimension running fastest."""
    counts = [max(1, round((b - a) / size)) for a, b in zip(low, high, strict=True)]
    axes = [a + size * (np.arange(n) + 0.5) for a, n in zip(low, counts, strict=True)]
    return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)


def integrate(
    functions: Functions,
    figures: Figures,
    first: Cells,
    narrowest: float = np.inf,
    tolerance: float = TOLERANCE,
) -> Integrated:
    """Halve the cells until the figures change by less than a tolerance.

    Parameters
    ----------
    first
        Cells over all that the first function holds, as `grid` makes them.
    narrowest
        Cells are halved at least until they are as small, where there is mass.

    Raises
    ------
    UserError
        Where the figures do not settle.
    """
    done: list[Cells] = []
    active, rise = first, _rise_of_first(first)
    before, change = figures(first), np.inf
    for halvings in range(1, MOST_HALVINGS + 1):
        top = max(float(part.values[:, 0].max(initial=-np.inf)) for part in (*done, active))
        matter = active.values[:, 0] + rise > top - NEGLIGIBLE
        done.append(active.take(~matter))
        active, rise = _halved(active.take(matter), functions)
        cells = _joined([*done, active])
        now = figures(cells)
        change = max(abs(a - b) for a, b in zip(now, before, strict=True))
        fine = halvings >= LEAST_HALVINGS and active.size.min(initial=np.inf) <= narrowest
        if fine and change < tolerance:
            return Integrated(now, change, cells)
        before = now
    raise UserError(
        f"an integral over z still changes by {change:.2g} nats after {MOST_HALVINGS} halvings of "
        "the grid; use importance sampling"
    )


def _rise_of_first(first: Cells) -> np.ndarray:
    """Return the largest difference between neighbours, which nothing is known beyond yet."""
    counts = [len(np.unique(column)) for column in first.z.T]
    table = first.values[:, 0].reshape(counts)
    rise = np.zeros_like(table)
    for axis in range(table.ndim):
        step = np.abs(np.diff(table, axis=axis))
        for side in ((1, 0), (0, 1)):
            pad = [side if other == axis else (0, 0) for other in range(table.ndim)]
            rise = np.maximum(rise, np.pad(step, pad))
    return rise.ravel()


def _halved(parents: Cells, functions: Functions) -> tuple[Cells, np.ndarray]:
    """Part each cell in halves along all dimensions; also by how much each may rise."""
    dims = parents.z.shape[1]
    corners = np.array(list(itertools.product((-0.25, 0.25), repeat=dims)))
    if len(parents.z) * len(corners) > MOST_CELLS:
        raise UserError(
            "a grid over z would take more cells than there is memory for; use importance sampling"
        )
    z = (parents.z[:, None] + parents.size[:, None, None] * corners).reshape(-1, dims)
    children = Cells(z, np.repeat(parents.size / 2, len(corners)), functions(z))
    apart = children.values[:, 0].reshape(-1, len(corners)) - parents.values[:, :1]
    return children, np.repeat(RISE * np.abs(apart).max(axis=1), len(corners))


def _joined(parts: list[Cells]) -> Cells:
    names = ("z", "size", "values")
    return Cells(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
