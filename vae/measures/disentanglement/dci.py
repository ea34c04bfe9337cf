"""Disentanglement, completeness and informativeness: who needs which dimensions for which factor.

Source: Eastwood and Williams 2018, "A framework for the quantitative evaluation of disentangled
representations", section 2. A regression predicts each factor from the whole code; how much it
needs each dimension is the matrix R of relative importances.

Regressions are gradient-boosted trees. Importances are from images that they were not fitted on:
how much the error grows where a dimension's values are dealt out anew among the images (Breiman
2001, "Random forests", section 10). What is within the noise of that growth counts as 0, so that
few images do not spread importance over dimensions that tell nothing.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from vae.errors import UserError
from vae.measures.disentanglement.gap import entropy
from vae.measures.disentanglement.levels import Codes

TREES: dict[str, Any] = {
    "max_iter": 100,
    "learning_rate": 0.2,
    "early_stopping": True,
    "n_iter_no_change": 3,
}
DEALS = 3
"""So often each dimension's values are dealt out."""
SURE = 3.0
"""Standard errors by which an error must grow to count."""
FEWEST = 10
"""Images, below which trees have nothing to split."""


@dataclass(frozen=True)
class Dci:
    """The three scores, each from 0 to 1, and what they are made of."""

    disentanglement: float
    """Whether each dimension serves one factor: 1 − H(factors | dimension) / log factors."""
    completeness: float
    """Whether each factor needs one dimension: 1 − H(dimensions | factor) / log z_dim."""
    informativeness: float
    """Share of the factors' variance that the code predicts of images not fitted on, R²."""
    importance: np.ndarray
    """By how much R² falls without a dimension, (z_dim, factors)."""


def dci(fitted: Codes, judged: Codes, seed: int = 0) -> Dci:
    """Score the codes of images by regressions that are fitted on those of other images.

    Factors are predicted as the numbers they are. How well trees predict depends on how many images
    they are fitted on: compare only what was fitted on as many.

    Raises
    ------
    UserError
        Where no factor varies, or there are too few images.
    """
    if min(len(fitted.loc), len(judged.loc)) < FEWEST:
        raise UserError(f"trees need {FEWEST} images at least; choose more images")
    kept = [k for k, column in enumerate(judged.factors.T) if column.std() > 0]
    if not kept:
        raise UserError("none of the factors varies over these images; choose more images")
    found = [_regression(fitted, judged, k, seed) for k in kept]
    importance = np.stack([one[0] for one in found], axis=1)
    return Dci(
        _concentration(importance),
        _mean_concentration(importance),
        float(np.mean([one[1] for one in found])),
        importance,
    )


def _regression(fitted: Codes, judged: Codes, factor: int, seed: int) -> tuple[np.ndarray, float]:
    """Return the importance of each dimension for one factor, (z_dim,), and R²."""
    # scikit-learn takes a second to import, and few callers come here
    from sklearn.ensemble import HistGradientBoostingRegressor

    code, rng = judged.loc, np.random.default_rng(seed)
    truth = judged.factors[:, factor].astype(np.float64)
    trees = HistGradientBoostingRegressor(**TREES, random_state=seed)
    trees.fit(fitted.loc, fitted.factors[:, factor])
    variance = truth.var()
    error = np.square(trees.predict(code) - truth)
    importance = np.zeros(code.shape[1])
    for dim in range(code.shape[1]):
        grown = np.zeros(len(truth))
        for _ in range(DEALS):
            dealt = code.copy()
            dealt[:, dim] = rng.permutation(dealt[:, dim])
            grown += (np.square(trees.predict(dealt) - truth) - error) / DEALS
        if grown.mean() > SURE * grown.std() / np.sqrt(len(grown)):
            importance[dim] = grown.mean() / variance
    return importance, 1 - float(error.mean() / variance)


def _concentration(importance: np.ndarray) -> float:
    """Weigh how concentrated each row is by its share of everything; 0 where all are 0."""
    total = importance.sum()
    if not total or importance.shape[1] < 2:
        return float(total > 0)
    weights = importance.sum(1) / total
    spread = [entropy(row) / np.log(len(row)) if row.sum() else 0.0 for row in importance]
    return float(weights @ (1 - np.array(spread)))


def _mean_concentration(importance: np.ndarray) -> float:
    """Average how concentrated each column is; one without any importance counts as 0."""
    found = [_concentration(column[None]) for column in importance.T]
    return float(np.mean(found))
