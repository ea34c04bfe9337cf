"""What a model that is told β reaches over its range: the curve of rate against distortion."""

from collections.abc import Callable
from typing import Any

import numpy as np

from vae.checkpoint.rates import RateAtlas, places_of
from vae.data import Split
from vae.measures.evaluation import Evaluation, encode_split, evaluate
from vae.models.vae import VAE

KEY = "rates"
"""Where the curve stands among a model's metrics."""
PASSES = 3
"""How often an image goes through one of the networks for each β."""


def measure(
    model: VAE, split: Split, count: int, progress: Callable[[int, int], None] | None = None
) -> tuple[list[dict[str, Any]], RateAtlas]:
    """Evaluate a model at several β of its range, and encode the first ``count`` images at each.

    The list has one entry for each β, as `entry` makes it; one sample of z per image, seed 0.
    Raises `UserError` as `VAE.at`.
    """
    betas = places_of(model.range_of_beta())
    first = split.take(np.arange(min(count, len(split))))
    curve, loc, scale = [], [], []
    for done, beta in enumerate(betas):
        one = model.at(float(beta))
        curve.append(entry(float(beta), evaluate(one, split)))
        codes = encode_split(one, first)
        loc.append(codes.loc)
        scale.append(codes.scale)
        if progress:
            # each image went through both networks, and those of the map once more
            progress(done + 1, len(betas))
    return curve, RateAtlas(betas, np.stack(loc), np.stack(scale))


def entry(beta: float, found: Evaluation) -> dict[str, Any]:
    """Tell of one β: distortion and rate in nats per image, and which dimensions carry it."""
    return {
        "beta": beta,
        "reconstruction": found.reconstruction,
        "kl": found.kl,
        "kl_per_dim": None if found.kl_per_dim is None else list(found.kl_per_dim),
        "active_units": found.active_units,
    }
