"""How much of the classes a simple reader finds in a code: a linear one, or the nearest neighbours.

A reader is fitted on the codes of some images and judged on those of others.
"""

import math
from typing import NamedTuple

import numpy as np

from vae.errors import UserError

STEPS = 2000
"""Of the optimizer at most; standardised codes take tens to hundreds."""


class Accuracy(NamedTuple):
    """A share of right answers and its binomial standard error."""

    value: float
    stderr: float


def accuracy_of(right: np.ndarray) -> Accuracy:
    """Count the right answers, boolean (N,); the standard error is √(p (1 − p) / N)."""
    share = float(right.mean())
    return Accuracy(share, math.sqrt(share * (1 - share) / len(right)))


def probe_accuracy(
    train_code: np.ndarray, train_label: np.ndarray, code: np.ndarray, label: np.ndarray
) -> Accuracy:
    """Tell how often `probe_right` says the class."""
    return accuracy_of(probe_right(train_code, train_label, code, label))


def probe_right(
    train_code: np.ndarray, train_label: np.ndarray, code: np.ndarray, label: np.ndarray
) -> np.ndarray:
    """Judge a logistic regression on codes (N, z_dim), fitted on other codes (M, z_dim).

    Boolean (N,): of which codes it tells the class.

    Dimensions are brought to mean 0 and variance 1 first, by those it is fitted on (Alain and
    Bengio 2017, "Understanding intermediate layers using linear classifier probes").

    Raises
    ------
    UserError
        Where the codes it is fitted on are all of one class.
    """
    if len(np.unique(train_label)) < 2:
        raise UserError("all images are of one class; choose a data set with several")
    # scikit-learn takes a second to import, and few callers come here
    from sklearn.linear_model import LogisticRegression

    shift, scale = train_code.mean(0, dtype=np.float64), train_code.std(0, dtype=np.float64)
    # a dimension that is the same for all images tells nothing, and stays at 0
    scale = np.where(scale > 0, scale, 1.0)
    reader = LogisticRegression(max_iter=STEPS).fit((train_code - shift) / scale, train_label)
    right: np.ndarray = reader.predict((code - shift) / scale) == label
    return right


def neighbour_accuracy(
    train_code: np.ndarray,
    train_label: np.ndarray,
    code: np.ndarray,
    label: np.ndarray,
    k: int = 15,
) -> Accuracy:
    """As `evaluation.knn_accuracy`, with its standard error."""
    return accuracy_of(neighbours_right(train_code, train_label, code, label, k))


def neighbours_right(
    train_code: np.ndarray,
    train_label: np.ndarray,
    code: np.ndarray,
    label: np.ndarray,
    k: int = 15,
) -> np.ndarray:
    """Tell of which codes (N, z_dim) the k nearest training codes say the class; boolean (N,)."""
    from vae.measures.evaluation import knn_right

    return knn_right(train_code, train_label, code, label, k)
