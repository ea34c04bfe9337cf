"""The score of the β-VAE: whether pairs of codes tell which factor the pairs share.

Source: Higgins et al. 2017, "β-VAE: Learning basic visual concepts with a constrained variational
framework", section 3. Many pairs share one factor's level; the mean absolute difference of their
codes is small where a dimension tells that factor. A linear classifier names the factor.
"""

import numpy as np

from vae.measures.disentanglement.levels import Codes, groups_of, parts_of
from vae.measures.probe import Accuracy, accuracy_of, probe_right
from vae.measures.resampling import Halved

PAIRS = 64
"""Pairs whose differences make one example for the classifier."""
EXAMPLES = 4000
"""Examples that the classifier is fitted on, and as many that it is judged on."""


def beta_vae_score(
    fitted: Codes, judged: Codes, seed: int = 0, examples: int = EXAMPLES
) -> Accuracy:
    """Share of examples whose factor a linear classifier names, from 1 / factors by chance to 1.

    It is fitted on the codes of other images. A code that leaves one factor out can still reach 1
    (Kim and Mnih 2018, section 4).

    Raises
    ------
    UserError
        Where no factor varies, or only one does, or no images share a level.
    """
    return accuracy_of(_right(fitted, [judged], seed, examples)[0])


def beta_vae_halves(
    fitted: Codes, judged: Codes, seed: int = 0, examples: int = EXAMPLES
) -> Halved:
    """Give the same score on halves of the images that are judged.

    Which images are in a half and which pairs are drawn there follows from their number, their
    factors and the seed alone, so that models are compared on the same pairs. The classifier is
    fitted once. Without values where the images of a half share too little.
    """
    parts = parts_of(judged)
    if not parts:
        return Halved(np.zeros(0))
    return Halved(_right(fitted, parts, seed, examples).mean(1))


def _right(fitted: Codes, parts: list[Codes], seed: int, examples: int) -> np.ndarray:
    """Tell of which examples of each part the classifier names the factor, (parts, examples)."""
    rng = np.random.default_rng(seed)
    train = _examples(fitted, rng, examples)
    found = [_examples(part, rng, examples) for part in parts]
    apart, factor = (np.concatenate(side) for side in zip(*found, strict=True))
    return probe_right(*train, apart, factor).reshape(len(parts), examples)


def _examples(
    codes: Codes, rng: np.random.Generator, examples: int
) -> tuple[np.ndarray, np.ndarray]:
    loc, groups = codes.loc, groups_of(codes)
    factor = rng.choice(list(groups), examples)
    apart = np.empty((examples, loc.shape[1]))
    for k, group in groups.items():
        wanted = np.flatnonzero(factor == k)
        rows = rng.choice(group.usable, len(wanted) * PAIRS)
        between = np.abs(loc[rows] - loc[group.others(rows, rng)])
        apart[wanted] = between.reshape(len(wanted), PAIRS, -1).mean(1)
    return apart, factor
