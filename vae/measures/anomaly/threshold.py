"""Where normal ends: a threshold set by how often it may give a false alarm."""

import math
from dataclasses import dataclass

import numpy as np

from vae.errors import UserError
from vae.measures.anomaly.shares import LEVEL, Share, share_of


@dataclass(frozen=True)
class Threshold:
    """An image whose score is above ``value`` is strange.

    ``low`` and ``high`` are between which the rate of false alarms on new normal images lies, with
    a probability of 0.95 over the normal images that the threshold was set by.
    """

    value: float
    alarm_rate: float
    """The rate that was asked for."""
    low: float
    high: float
    n_images: int
    """Normal images that it was set by, held out of training."""


def threshold(normal_scores: np.ndarray, alarm_rate: float) -> Threshold:
    """Take the order statistic above which a new normal image lies at most that often.

    Of n normal scores the k-th smallest, k the least with k ≥ (1 − rate)(n + 1): a new image of the
    same kind is above it with probability (n + 1 − k) / (n + 1) ≤ rate (Wilks 1941, "Determination
    of sample sizes for setting tolerance limits"). The rate itself, the share above the threshold
    of all normal images there could be, is Beta(n + 1 − k, k) distributed whatever the scores are
    like, as long as no two are alike; its quantiles are the interval.

    Raises
    ------
    UserError
        For a rate that is no share, for scores that are no numbers, and for so few images that none
        of them can be such a threshold.
    """
    from scipy.stats import beta

    scores, count = _checked(normal_scores), len(normal_scores)
    if not 0 < alarm_rate < 1:
        raise UserError(f"the rate of false alarms must be between 0 and 1, not {alarm_rate:g}")
    # what is a whole number stays one in spite of rounding
    place = math.ceil((1 - alarm_rate) * (count + 1) - 1e-9)
    if place > count:
        least = math.ceil((1 - alarm_rate) / alarm_rate - 1e-9)
        raise UserError(
            f"{count} normal images are too few for a rate of {alarm_rate:g}: no threshold can be "
            f"told from so few; take {least} or more, or a higher rate"
        )
    place = max(place, 1)
    tail, above = (1 - LEVEL) / 2, count + 1 - place
    low, high = (float(beta.ppf(q, above, place)) for q in (tail, 1 - tail))
    return Threshold(float(np.sort(scores)[place - 1]), alarm_rate, low, high, count)


def found_at(limit: Threshold | float, foreign_scores: np.ndarray) -> Share:
    """Tell which share of some images a threshold calls strange, with its exact interval."""
    value = limit.value if isinstance(limit, Threshold) else limit
    return share_of(_checked(foreign_scores) > value)


def _checked(scores: np.ndarray) -> np.ndarray:
    found = np.asarray(scores, np.float64)
    if not len(found):
        raise UserError("there are no images to set a threshold by; choose at least one")
    if not np.isfinite(found).all():
        raise UserError(
            "some scores are no finite numbers; the model's training has diverged, train again "
            "with a lower learning rate"
        )
    return found
