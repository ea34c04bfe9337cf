"""What a score may need of a model, and what to say where that is missing."""

from collections.abc import Callable
from typing import NamedTuple

import torch

from vae.models.priors import has_density
from vae.models.vae import VAE


class Need(NamedTuple):
    """Something that must hold of a model for a score to have a meaning."""

    holds: Callable[[VAE], bool]
    otherwise: str
    """Why it has none where this does not hold: a clause without capital and full stop."""


UNTOLD = Need(
    lambda model: not model.conditioning.needs_labels or model.conditioning.infers,
    "the model is told each image's class, which nobody knows of a strange image; choose a model "
    "that is told none",
)
DENSITY = Need(
    lambda model: model.config.posterior.has_density,
    "the model gives each image one point, without a posterior density; choose a variational model",
)
PRIOR_DENSITY = Need(
    lambda model: has_density(model.config.prior),
    "the prior of the model draws by a chain and has no density; choose a model with another prior",
)
DENSITIES = (UNTOLD, DENSITY, PRIOR_DENSITY)
"""What a bound, or a density of codes under the prior, needs."""
ONE_ENCODER = Need(
    lambda model: not model.conditioning.infers,
    "the model infers a class beside z, and its best q is looked for class by class; choose a "
    "model that is told no class",
)
BEST_KNOWN = Need(
    lambda model: model.likelihood.raw_of(torch.full((1, 1, 1), 0.5)) is not None,
    "the likelihood does not say what explains an image best; choose a model with another one",
)
