"""p(x|z): what the decoder's raw output means for an image.

Each entry of `LIKELIHOODS` is a frozen dataclass of options whose ``module()`` is a `Likelihood`.
It turns the decoder's raw numbers into an `Independent` distribution over whole images.
"""

from vae.models.likelihoods.bernoulli import Bernoulli as Bernoulli
from vae.models.likelihoods.continuous_bernoulli import ContinuousBernoulli as ContinuousBernoulli
from vae.models.likelihoods.gaussian import SMALLEST_SCALE as SMALLEST_SCALE
from vae.models.likelihoods.gaussian import Gaussian as Gaussian
from vae.models.likelihoods.gaussian_per_pixel import GaussianPerPixel as GaussianPerPixel
from vae.models.likelihoods.likelihood import Likelihood as Likelihood
from vae.models.likelihoods.likelihood import LikelihoodOptions as LikelihoodOptions
from vae.models.likelihoods.logistic_mixture import LogisticMixture as LogisticMixture

LIKELIHOODS: dict[str, type[LikelihoodOptions]] = {
    cls.name: cls
    for cls in (Bernoulli, Gaussian, GaussianPerPixel, ContinuousBernoulli, LogisticMixture)
}
