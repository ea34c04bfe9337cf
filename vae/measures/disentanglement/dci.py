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
from typing import Any, NamedTuple

import numpy as np

from vae.errors import UserError
from vae.measures.disentanglement.gap import entropy
from vae.measures.disentanglement.levels import Codes
from vae.measures.resampling import rows_without

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
    return judged_by_trees(fitted, judged, np.zeros(len(judged.loc), np.int64), seed).score()


class Judged(NamedTuple):
    """What trees make of images that they were not fitted on, which are in groups."""

    group: np.ndarray
    """Of each image, int64 (N,)."""
    truth: np.ndarray
    """Values of the factors that vary, float64 (factors, N)."""
    error: np.ndarray
    """Squared error of each, (factors, N)."""
    grown: np.ndarray
    """By how much it grows without a dimension, (factors, z_dim, N)."""
    dealt: np.ndarray
    """The same added up by the group of an image and by that of the image whose value it was
    dealt, (factors, z_dim, groups, groups)."""
    deals: np.ndarray
    """How many deals were added up, of the same shape."""

    def score(self) -> Dci:
        """Score all images."""
        # a factor that is the same for all images has nothing to be found
        variance = np.maximum(self.truth.var(-1), np.finfo(np.float64).tiny)
        importance = self._counts() * self.grown.mean(-1) / variance[:, None]
        return _scores(importance, 1 - self.error.mean(-1) / variance)

    def left_out(self) -> list[Dci]:
        """Score all images but each group in turn, which neither is dealt values nor gives any.

        What counted for all images counts for the others.
        """
        found, counts = [], self._counts()
        for one, rows in enumerate(rows_without(self.group)):
            variance = np.maximum(self.truth[:, rows].var(-1), np.finfo(np.float64).tiny)
            grown, deals = (_without(table, one) for table in (self.dealt, self.deals))
            importance = counts * grown / np.maximum(deals, 1) / variance[:, None]
            found.append(_scores(importance, 1 - self.error[:, rows].mean(-1) / variance))
        return found

    def _counts(self) -> np.ndarray:
        """Tell which growths are beyond their noise, (factors, z_dim)."""
        noise = self.grown.std(-1) / np.sqrt(self.grown.shape[-1])
        counts: np.ndarray = self.grown.mean(-1) > SURE * noise
        return counts


def _without(table: np.ndarray, group: int) -> np.ndarray:
    """Add up (…, groups, groups) without a row and its column."""
    rest: np.ndarray = (
        table.sum((-1, -2))
        - table[..., group, :].sum(-1)
        - table[..., :, group].sum(-1)
        + table[..., group, group]
    )
    return rest


def _scores(importance: np.ndarray, told: np.ndarray) -> Dci:
    """Score importances (factors, z_dim) and R² (factors,)."""
    # a share that leaves a group out may be rounded to below 0
    needed = importance.clip(min=0).T
    return Dci(_concentration(needed), _mean_concentration(needed), float(np.mean(told)), needed)


def judged_by_trees(fitted: Codes, judged: Codes, group: np.ndarray, seed: int = 0) -> Judged:
    """Fit trees on some images, and judge them on others, each in a ``group`` (N,).

    Raises
    ------
    UserError
        As `dci`.
    """
    if min(len(fitted.loc), len(judged.loc)) < FEWEST:
        raise UserError(f"trees need {FEWEST} images at least; choose more images")
    kept = [k for k, column in enumerate(judged.factors.T) if column.std() > 0]
    if not kept:
        raise UserError("none of the factors varies over these images; choose more images")
    found = [_regression(fitted, judged, k, group, seed) for k in kept]
    truth = np.ascontiguousarray(judged.factors[:, kept].T.astype(np.float64))
    return Judged(group, truth, *(np.stack(one) for one in zip(*found, strict=True)))


def _regression(
    fitted: Codes, judged: Codes, factor: int, group: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return error, growth, and growth and deals by groups, of one factor, as `Judged` has them."""
    # scikit-learn takes a second to import, and few callers come here
    from sklearn.ensemble import HistGradientBoostingRegressor

    code, rng = judged.loc, np.random.default_rng(seed)
    truth = judged.factors[:, factor].astype(np.float64)
    trees = HistGradientBoostingRegressor(**TREES, random_state=seed)
    trees.fit(fitted.loc, fitted.factors[:, factor])
    error = np.square(trees.predict(code) - truth)
    groups, dims = int(group.max()) + 1, code.shape[1]
    grown, sums = np.zeros((dims, len(truth))), np.zeros((2, dims, groups * groups))
    for dim in range(dims):
        for _ in range(DEALS):
            giver, dealt = rng.permutation(len(code)), code.copy()
            dealt[:, dim] = dealt[giver, dim]
            more = np.square(trees.predict(dealt) - truth) - error
            grown[dim] += more / DEALS
            cell = group * groups + group[giver]
            sums[0, dim] += np.bincount(cell, more, groups * groups)
            sums[1, dim] += np.bincount(cell, minlength=groups * groups)
    by_groups, deals = sums.reshape(2, dims, groups, groups)
    return error, grown, by_groups, deals


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
