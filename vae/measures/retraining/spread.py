"""How far a number of a model goes up and down when it is trained again with other seeds."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Spread:
    """One number over the members of a sweep."""

    count: int
    """Members that have the number; the others are left out."""
    mean: float
    std: float | None
    """Standard deviation over members (divided by n − 1), which is no standard error; None of
    one."""
    least: float
    greatest: float

    @property
    def stderr(self) -> float | None:
        """Standard error of the mean over members; None of one."""
        return None if self.std is None else self.std / self.count**0.5


def spread(values: Iterable[float | None]) -> Spread | None:
    """Summarise what the members have of a number; None where none of them has it."""
    known = np.array([value for value in values if value is not None], np.float64)
    if not len(known):
        return None
    std = float(known.std(ddof=1)) if len(known) > 1 else None
    return Spread(len(known), float(known.mean()), std, float(known.min()), float(known.max()))
