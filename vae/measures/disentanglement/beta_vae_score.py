"""The score of the β-VAE: whether pairs of codes tell which factor the pairs share.

Source: Higgins et al. 2017, "β-VAE: Learning basic visual concepts with a constrained variational
framework", section 3. Many pairs share one factor's level; the mean absolute difference of their
codes is small where a dimension tells that factor. A linear classifier names the factor.
"""

import numpy as np

from vae.measures.disentanglement.levels import Codes, groups_of
from vae.measures.probe import Accuracy, probe_accuracy

PAIRS = 64
"""Pairs whose differences make one example for the classifier."""
EXAMPLES = 4000
"""Examples that the classifier is fitted on, and as many that it is judged on."""


def beta_vae_score(fitted: Codes, judged: Codes, seed: int = 0) -> Accuracy:
    """Share of examples whose factor a linear classifier names, from 1 / factors by chance to 1.

    It is fitted on the codes of other images. A code that leaves one factor out can still reach 1
    (Kim and Mnih 2018, section 4).

    Raises
    ------
    UserError
        Where no factor varies, or only one does, or no images share a level.
    """
    rng = np.random.default_rng(seed)
    return probe_accuracy(*_examples(fitted, rng), *_examples(judged, rng))


def _examples(codes: Codes, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    loc, groups = codes.loc, groups_of(codes)
    factor = rng.choice(list(groups), EXAMPLES)
    apart = np.empty((EXAMPLES, loc.shape[1]))
    for k, group in groups.items():
        wanted = np.flatnonzero(factor == k)
        rows = rng.choice(group.usable, len(wanted) * PAIRS)
        between = np.abs(loc[rows] - loc[group.others(rows, rng)])
        apart[wanted] = between.reshape(len(wanted), PAIRS, -1).mean(1)
    return apart, factor
