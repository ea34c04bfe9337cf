"""q(z|x): what the encoder's numbers say of an image's latent.

Each entry of `POSTERIORS` is a frozen dataclass of options whose ``module(z_dim)`` is a
`Posterior`. What others may ask of one is a capability, told by the class:

has_density
    Whether q(z|x) has a density, so that there is a KL to the prior, a bound and a σ.
factorises
    Whether it is a product of one factor a dimension, so that its mean and its marginal standard
    deviations say all there is to say.
"""

from typing import Any

from vae.errors import UserError
from vae.models.posteriors.flow import Flow as Flow
from vae.models.posteriors.full import Full as Full
from vae.models.posteriors.gaussian import Gaussian as Gaussian
from vae.models.posteriors.point import Point as Point
from vae.models.posteriors.posterior import Posterior as Posterior
from vae.models.posteriors.posterior import PosteriorOptions as PosteriorOptions
from vae.options import from_json

POSTERIORS: dict[str, type[PosteriorOptions]] = {
    cls.name: cls for cls in (Gaussian, Full, Flow, Point)
}


def capabilities(posterior: PosteriorOptions | type[PosteriorOptions]) -> dict[str, bool]:
    """Say what a posterior can, as it stands in the header of a file."""
    return {"has_density": posterior.has_density, "factorises": posterior.factorises}


def capabilities_in(model: dict[str, Any]) -> dict[str, bool]:
    """Say what the posterior of a config's plain JSON can; where unknown, what most can."""
    try:
        return capabilities(from_json(POSTERIORS, model.get("posterior"), "posterior"))
    except UserError:
        return capabilities(Gaussian)
