"""The score of FactorVAE: whether the dimension that varies least tells which factor is held.

Source: Kim and Mnih 2018, "Disentangling by factorising", section 4.
"""

import numpy as np

from vae.errors import UserError
from vae.measures.disentanglement.levels import Codes, groups_of, parts_of
from vae.measures.probe import Accuracy, accuracy_of
from vae.measures.resampling import Halved
from vae.models.usage import used_dimensions

IMAGES = 64
"""Images of one level of one factor, whose codes make a vote."""
VOTES = 4000
"""Votes that the dimensions' factors are from, and as many that are judged."""


def factor_vae_score(fitted: Codes, judged: Codes, seed: int = 0, votes: int = VOTES) -> Accuracy:
    """Share of votes that name the factor that was held, from about 1 / factors by chance to 1.

    Which factor a dimension stands for is told by the codes of other images. Dimensions that are
    not in use are left out, and the others brought to variance 1.

    Raises
    ------
    UserError
        Where no factor varies, no images share a level, or no dimension is in use.
    """
    return accuracy_of(_right(fitted, [judged], seed, votes)[0])


def factor_vae_halves(fitted: Codes, judged: Codes, seed: int = 0, votes: int = VOTES) -> Halved:
    """Give the same score on halves of the images that are judged.

    Which images are in a half and which of them vote follows from their number, their factors and
    the seed alone, so that models are compared on the same votes. Without values where the images
    of a half share too little.
    """
    parts = parts_of(judged)
    if not parts:
        return Halved(np.zeros(0))
    return Halved(np.array([right.mean() for right in _right(fitted, parts, seed, votes)]))


def _right(fitted: Codes, parts: list[Codes], seed: int, votes: int) -> list[np.ndarray]:
    """Tell which votes of each part name the factor that was held, boolean (votes,) each."""
    rng, used = np.random.default_rng(seed), used_dimensions(fitted.loc)
    if not used.any():
        raise UserError("no dimension of the code is in use; train the model for longer")
    scale = fitted.loc[:, used].std(0, dtype=np.float64)
    (least, held), *others = (
        _votes(Codes(codes.loc[:, used] / scale, codes.factors), rng, votes)
        for codes in (fitted, *parts)
    )
    table = np.zeros((used.sum(), fitted.factors.shape[1]), np.int64)
    np.add.at(table, (least, held), 1)
    return [table.argmax(1)[said] == truth for said, truth in others]


def _votes(codes: Codes, rng: np.random.Generator, votes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the dimension that varies least, and the factor that was held, of each vote."""
    groups = groups_of(codes)
    factor = rng.choice(list(groups), votes)
    least = np.empty(votes, np.int64)
    for vote, k in enumerate(factor):
        members = groups[k].members(int(rng.choice(groups[k].usable)), IMAGES, rng)
        least[vote] = codes.loc[members].var(0).argmin()
    return least, factor
