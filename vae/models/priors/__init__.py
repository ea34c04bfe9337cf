"""p(z): where a model expects its latents to lie.

Each entry of `PRIORS` is a frozen dataclass of options whose ``module(z_dim, encode)`` is a
`Prior`; ``encode`` is the model's own, for a prior that is made of encoded images. Its class says
whether it ``factorises``, whether p(z) is a product of one factor a dimension, and whether circles
about the origin are its levels, so that pages draw ``rings``.
"""

from vae.models.priors.prior import Components as Components
from vae.models.priors.prior import Prior as Prior
from vae.models.priors.prior import PriorOptions as PriorOptions
from vae.models.priors.standard_normal import StandardNormal as StandardNormal

PRIORS: dict[str, type[PriorOptions]] = {cls.name: cls for cls in (StandardNormal,)}
