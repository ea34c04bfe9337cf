"""The separated attribute predictability: how far the best dimension is ahead of the second.

Source: Kumar et al. 2018, "Variational inference of disentangled latent concepts from unlabeled
observations", section 3.
"""

from collections.abc import Sequence

import numpy as np

from vae.errors import UserError


def sap(loc: np.ndarray, factors: np.ndarray, nominal: Sequence[bool] = ()) -> float:
    """Mean over the factors of the gap between the two dimensions that predict it best.

    A factor with an order is predicted from one dimension by a line, and scored by R²; one that is
    ``nominal``, such as a shape, by thresholds on the dimension, and scored by the balanced
    accuracy. From 0 to 1, or to 1 − 1 / levels for a nominal factor.

    Raises
    ------
    UserError
        For a code of one dimension, and where no factor varies.
    """
    if loc.shape[1] < 2:
        raise UserError("a gap between dimensions needs two of them; choose a model with more")
    gaps = []
    for k, column in enumerate(factors.T):
        values, level = np.unique(column, return_inverse=True)
        if len(values) < 2:
            continue
        is_nominal = bool(nominal) and nominal[k]
        scores = (
            _balanced_accuracies(loc, level) if is_nominal else _squared_correlations(loc, column)
        )
        second, best = np.sort(scores)[-2:]
        gaps.append(best - second)
    if not gaps:
        raise UserError("none of the factors varies over these images; choose more images")
    return float(np.mean(gaps))


def _squared_correlations(loc: np.ndarray, column: np.ndarray) -> np.ndarray:
    x = loc - loc.mean(0, dtype=np.float64)
    y = column - column.mean(dtype=np.float64)
    power = np.square(x).sum(0) * np.square(y).sum()
    return np.divide((y @ x) ** 2, power, out=np.zeros(loc.shape[1]), where=power > 0)


def _balanced_accuracies(loc: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Score each dimension by the best split of its range into as many parts as levels."""
    # scikit-learn takes a second to import, and few callers come here
    from sklearn.metrics import balanced_accuracy_score
    from sklearn.tree import DecisionTreeClassifier

    found = []
    for column in loc.T:
        tree = DecisionTreeClassifier(
            max_leaf_nodes=int(level.max()) + 1, class_weight="balanced", random_state=0
        )
        said = tree.fit(column[:, None], level).predict(column[:, None])
        found.append(balanced_accuracy_score(level, said))
    return np.array(found)
