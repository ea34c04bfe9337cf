"""Models on the plane of rate and distortion (Alemi et al. 2018, "Fixing a broken ELBO")."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vae.measures.comparison.row import Cell, Row

STEPS = 81
"""Places of a curve over β, evenly in log β."""


class Place(NamedTuple):
    """A model on the plane, in nats per image."""

    model: str
    rate: float
    distortion: float


class Curve(NamedTuple):
    """What a model that is told β reaches over its range; float64 (places,)."""

    beta: np.ndarray
    rate: np.ndarray
    distortion: np.ndarray
    measured: np.ndarray
    """Whether a place was measured; between those all is linear in log β."""


def placed(rate: Row, distortion: Row) -> tuple[list[Place], dict[str, str]]:
    """Say where the models are whose distortions compare, and of the others why they are not there.

    A model that is not measured yet is in neither.
    """
    found, reasons = [], {}
    for across, up in zip(rate.cells, distortion.cells, strict=True):
        reason = up.reason or across.reason
        values = (_value(across), _value(up))
        if reason is not None:
            reasons[up.model] = reason
        elif values[0] is not None and values[1] is not None:
            found.append(Place(up.model, values[0], values[1]))
    return found, reasons


def _value(cell: Cell) -> float | None:
    return None if cell.estimate is None else cell.estimate.value


def curve(
    beta: Sequence[float], rate: Sequence[float], distortion: Sequence[float], steps: int = STEPS
) -> Curve:
    """Draw a curve through what was measured at ascending β, linear in log β between."""
    known = np.asarray(beta, np.float64)
    even = np.geomspace(known[0], known[-1], steps) if len(known) > 1 else known
    # places next to a measured one make room for it
    apart = np.abs(np.log(even)[:, None] - np.log(known)).min(axis=1)
    width = np.log(known[-1] / known[0]) / max(1, steps - 1)
    every = np.sort(np.concatenate([even[apart > 0.5 * width], known]))
    across, up = (np.interp(np.log(every), np.log(known), one) for one in (rate, distortion))
    return Curve(every, across, up, np.isin(every, known))
