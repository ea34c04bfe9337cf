"""A number measured again and again on other choices from the same images."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np


@dataclass(frozen=True, eq=False)
class Resampled:
    """Values of one number, each of another choice of images; float64 (choices,)."""

    values: np.ndarray
    name: ClassVar[str]
    test: ClassVar[str]
    """How two models are compared by it."""

    @property
    def stderr(self) -> float | None:
        """Standard error of the number over images; None where too few values tell none."""
        raise NotImplementedError

    @property
    def degrees(self) -> int:
        """Degrees of freedom of the error for Student's t: one less than there are choices."""
        return len(self.values) - 1

    def scaled(self, factor: float, shift: float) -> Self:
        """Return the same of factor · (number − shift)."""
        return type(self)(factor * (self.values - shift))

    def minus(self, other: "Resampled") -> Self | None:
        """Return the same of the difference; None unless both are of the same choices."""
        if type(self) is not type(other) or self.values.shape != other.values.shape:
            return None
        return type(self)(self.values - other.values)
