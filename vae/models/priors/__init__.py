"""p(z): where a model expects its latents to lie.

Each entry of `PRIORS` is a frozen dataclass of options whose ``module(z_dim, encoding)`` is a
`Prior`; through ``encoding`` a prior that is made of encoded images asks the model's own encoder.
Its class says whether it ``factorises``, whether p(z) is a product of one factor per dimension,
whether circles about the origin are its levels, so that pages draw ``rings``, and whether anything
of it is ``learned``. One that is ``by_class`` has a density p(z|y) for each class, and what is said
of it above is said of these.
"""

from vae.models.priors.boltzmann import Boltzmann as Boltzmann
from vae.models.priors.class_normal import ClassNormal as ClassNormal
from vae.models.priors.flow import Flow as Flow
from vae.models.priors.mixture import Mixture as Mixture
from vae.models.priors.prior import Components as Components
from vae.models.priors.prior import Encoding as Encoding
from vae.models.priors.prior import Prior as Prior
from vae.models.priors.prior import PriorOptions as PriorOptions
from vae.models.priors.prior import has_density as has_density
from vae.models.priors.prior import is_by_class as is_by_class
from vae.models.priors.standard_normal import StandardNormal as StandardNormal
from vae.models.priors.vamp import Vamp as Vamp

PRIORS: dict[str, type[PriorOptions]] = {
    cls.name: cls for cls in (StandardNormal, Mixture, Vamp, Flow, ClassNormal, Boltzmann)
}
