"""p(x|z): what the decoder's raw output means for an image.

Each entry of `LIKELIHOODS` is a frozen dataclass of options whose ``module()`` is a `Likelihood`.
It turns the decoder's raw numbers into an `Independent` distribution over whole images.
"""

from typing import Any

from vae.errors import UserError
from vae.models.likelihoods.bernoulli import Bernoulli as Bernoulli
from vae.models.likelihoods.continuous_bernoulli import ContinuousBernoulli as ContinuousBernoulli
from vae.models.likelihoods.gaussian import SMALLEST_SCALE as SMALLEST_SCALE
from vae.models.likelihoods.gaussian import Gaussian as Gaussian
from vae.models.likelihoods.gaussian_per_pixel import GaussianPerPixel as GaussianPerPixel
from vae.models.likelihoods.likelihood import Likelihood as Likelihood
from vae.models.likelihoods.likelihood import LikelihoodOptions as LikelihoodOptions
from vae.models.likelihoods.logistic_mixture import LogisticMixture as LogisticMixture
from vae.options import from_json

LIKELIHOODS: dict[str, type[LikelihoodOptions]] = {
    cls.name: cls
    for cls in (Bernoulli, Gaussian, GaussianPerPixel, ContinuousBernoulli, LogisticMixture)
}


def likelihood_in(model: dict[str, Any]) -> Likelihood | None:
    """Build the likelihood that a config's plain JSON names, to be asked what it can.

    None where it is unknown. It is one of small images, since what it can is the same for all.
    """
    try:
        found = from_json(LIKELIHOODS, model.get("likelihood"), "likelihood")
        return found.module((1, 8, 8))
    except UserError:
        return None
