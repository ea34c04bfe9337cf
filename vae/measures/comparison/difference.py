"""Whether two models differ in a number: the difference, its standard error, and a p-value."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vae.measures.resampling import Resampled
from vae.measures.standard_error import standard_error

PAIRED = "paired t-test over images"
COMBINED = "normal test with combined standard errors"
NO_TEST = "no test: the standard error is not known"


class Difference(NamedTuple):
    """A value less another, with its standard error and the p-value of "they are equal"."""

    value: float
    stderr: float | None
    p: float | None
    """Two-sided; None where there is no test."""
    test: str


def paired(a: np.ndarray, b: np.ndarray) -> Difference:
    """Compare values of the same images (N,), image by image, by Student's paired t-test.

    The difference of the means has a standard error of sd(a − b) / √N, which is smaller than from
    two sets of images where the images that are hard for one model are hard for the other
    (Student 1908, "The probable error of a mean", section IX; Dror et al. 2018, "The hitchhiker's
    guide to testing statistical significance in natural language processing", section 3.1).
    """
    each = np.asarray(a, np.float64) - np.asarray(b, np.float64)
    if len(each) < 2:
        return Difference(float(each.mean()), None, None, NO_TEST)
    mean, error = float(each.mean()), standard_error(each)
    return Difference(mean, error, _two_sided(mean, error, len(each) - 1), PAIRED)


def resampled(a: float, b: float, of_a: Resampled, of_b: Resampled) -> Difference | None:
    """Compare two values by what both are on other choices of the same images.

    The difference of the two on each choice tells its error, with what the images have in common
    taken off (Efron and Tibshirani 1993, "An introduction to the bootstrap", chapters 6 and 11).
    None where the choices are not the same, or too few.
    """
    apart = of_a.minus(of_b)
    if apart is None or apart.stderr is None:
        return None
    value, error = a - b, apart.stderr
    return Difference(value, error, _two_sided(value, error, apart.degrees), apart.test)


def combined(a: float, b: float, stderr_a: float | None, stderr_b: float | None) -> Difference:
    """Compare two values by the errors of both, as if these were independent."""
    value = a - b
    if stderr_a is None or stderr_b is None:
        return Difference(value, None, None, NO_TEST)
    error = math.hypot(stderr_a, stderr_b)
    return Difference(value, error, _two_sided(value, error, None), COMBINED)


def _two_sided(value: float, error: float, degrees: int | None) -> float:
    if value == 0:
        return 1.0
    if error == 0:
        return 0.0
    ratio = abs(value / error)
    if degrees is None:
        return math.erfc(ratio / math.sqrt(2))
    # it takes a moment to import, and only comparisons come here
    from scipy.special import stdtr

    return float(2 * stdtr(degrees, -ratio))


def holm(p: Sequence[float]) -> list[float]:
    """Adjust the p-values of several comparisons, so that any wrong one is as rare as one alone.

    Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
    """
    adjusted, largest = [0.0] * len(p), 0.0
    for rank, place in enumerate(sorted(range(len(p)), key=lambda place: p[place])):
        largest = max(largest, min(1.0, (len(p) - rank) * p[place]))
        adjusted[place] = largest
    return adjusted
