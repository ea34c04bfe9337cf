"""What a measure may need: a question to the subject, and what to say where the answer is no."""

from collections.abc import Callable
from typing import NamedTuple

from vae.measures.notes import has_probability
from vae.measures.registry.subject import Subject
from vae.models.priors import has_density

MOST_ON_A_GRID = 2
"""So many latent dimensions at most can be covered by a grid."""


class Need(NamedTuple):
    """Something that must hold of a subject for a measure to have a meaning."""

    holds: Callable[[Subject], bool]
    otherwise: str
    """Why it has none where this does not hold: a clause without capital and full stop."""


DENSITY = Need(
    lambda subject: subject.model.config.posterior.has_density,
    "the model gives each image one point, without a posterior density",
)
PRIOR_DENSITY = Need(
    lambda subject: has_density(subject.model.config.prior),
    "the prior of the model draws by a chain and has no density",
)
PROBABILITY = Need(
    lambda subject: has_probability(subject.model, subject.split.images, subject.dequantize),
    "these pixels have no probability under the likelihood: draw grey ones as black or white "
    "(--binarize stochastic), or spread 8-bit values under a density (--dequantize)",
)
PLANE = Need(
    lambda subject: subject.model.config.z_dim <= MOST_ON_A_GRID,
    f"a grid covers no more than {MOST_ON_A_GRID} latent dimensions",
)
LABELS = Need(lambda subject: subject.split.labels is not None, "the images have no classes")
FACTORS = Need(
    lambda subject: subject.split.factors is not None,
    "nobody knows from which factors the images were drawn",
)
TRAINING = Need(
    lambda subject: subject.train is not None,
    "it is fitted on training images, and no other ones are measured",
)
SEVERAL = Need(
    lambda subject: subject.model.config.z_dim > 1, "it compares dimensions, and there is only one"
)
