"""The delete-half jackknife: a number of one half of the images after another, drawn at random.

Source: Shao and Wu 1989, "A general theory for jackknife variance estimation", section 2, with as
many images left out as are kept; the variance over halves is then that of the number itself. It
holds for counts and for what is fitted to the images too, which change in steps, so that leaving a
few images out does not follow them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.resampling.resampled import Resampled

HALVES = 200
"""The error is then itself known to a twentieth: 1 / √(2 · 199)."""
FEW = 20
"""Of what takes long; known to a sixth."""
SEED = 2


@dataclass(frozen=True, eq=False)
class Halved(Resampled):
    """A number of each of several halves of the images, (halves,)."""

    name: ClassVar[str] = "halved"
    test: ClassVar[str] = "paired jackknife over halves of the images"

    @property
    def stderr(self) -> float | None:
        """Return the standard deviation over halves; None for fewer than two."""
        return float(self.values.std(ddof=1)) if len(self.values) > 1 else None


def halves(count: int, most: int = HALVES) -> Iterator[np.ndarray]:
    """Draw halves of ``count`` images: rows, the same each time; none of fewer than four."""
    rng = np.random.default_rng(SEED)
    for _ in range(most if count >= 4 else 0):
        yield np.sort(rng.permutation(count)[: count // 2])
