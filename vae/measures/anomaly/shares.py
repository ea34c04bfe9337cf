"""A share of some images, with an interval that covers at any number of them."""

from dataclasses import dataclass

import numpy as np

from vae.errors import UserError

LEVEL = 0.95
"""Of every interval here."""


@dataclass(frozen=True)
class Share:
    """How many of some images, and the interval that the true share lies in with `LEVEL`."""

    value: float
    low: float
    high: float
    n_images: int


def share_of(hits: np.ndarray, level: float = LEVEL) -> Share:
    """Count what is true, (N,), with the exact interval of Clopper and Pearson (1934).

    It holds the true share with at least the level's probability, whatever that share is.
    """
    from scipy.stats import beta

    count, total = int(np.count_nonzero(hits)), len(hits)
    if not total:
        raise UserError("there are no images to count; choose at least one")
    tail = (1 - level) / 2
    low = float(beta.ppf(tail, count, total - count + 1)) if count else 0.0
    high = float(beta.ppf(1 - tail, count + 1, total - count)) if count < total else 1.0
    return Share(count / total, low, high, total)
