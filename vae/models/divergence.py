"""The one KL divergence: how far a posterior is from the prior, in nats per image.

It is exact where torch knows a formula for the two distributions, or where one is added here.
Elsewhere one draw of z tells it: log q(z|x) − log p(z), which is right in the mean and may be
below 0.
"""

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor
from torch.distributions import (
    Distribution,
    Independent,
    MultivariateNormal,
    kl_divergence,
    register_kl,
)

from vae.models.posteriors.posterior import Factorised


class Divergence(NamedTuple):
    """KL(q(z|x) ‖ p(z)) of a batch, in nats."""

    kl: Tensor
    """One value per image, shape (batch,)."""
    per_dim: Tensor | None
    """One value per image and dimension, (batch, z_dim); None unless q and p both factorise."""


def divergence(
    qz: Distribution,
    pz: Distribution,
    z: Tensor,
    log_qz: Callable[[], Tensor] | None = None,
) -> Divergence:
    """KL of a batch's posteriors to the prior.

    Parameters
    ----------
    z
        One draw from each posterior, (batch, z_dim); used where there is no formula.
    log_qz
        Gives log q(z|x) of these draws, (batch,), where a posterior knows it better than from z.
    """
    per_dim = kl_per_dim(qz, pz)
    if per_dim is not None:
        return Divergence(per_dim.sum(-1), per_dim)
    try:
        return Divergence(kl_divergence(qz, pz), None)
    except NotImplementedError:
        log_q = qz.log_prob(z) if log_qz is None else log_qz()
        return Divergence(log_q - pz.log_prob(z), None)


def kl_per_dim(qz: Distribution, pz: Distribution) -> Tensor | None:
    """KL of each dimension, (batch, z_dim); None unless both factorise and torch has a formula."""
    q, p = factors(qz), factors(pz)
    if q is None or p is None:
        return None
    try:
        return kl_divergence(q, p)
    except NotImplementedError:
        return None


def is_exact(qz: Distribution, pz: Distribution) -> bool:
    """Tell whether torch has a formula for the KL of this pair."""
    if kl_per_dim(qz, pz) is not None:
        return True
    try:
        kl_divergence(qz, pz)
    except NotImplementedError:
        return False
    return True


@register_kl(MultivariateNormal, Factorised)  # type: ignore[untyped-decorator]  # torch's
def _full_to_factorised(q: MultivariateNormal, p: Factorised) -> Tensor:
    """KL of a full covariance L Lᵀ to independent normals, (batch,).

    Σ log(s / Lᵢᵢ) + ½ Σ ((σ² + (μ − m)²) / s² − 1), where σ² is the diagonal of L Lᵀ and m and s
    are the other's: Rasmussen and Williams 2006, "Gaussian processes for machine learning", eq.
    A.23, without a matrix to invert.
    """
    log_det = q.scale_tril.diagonal(dim1=-2, dim2=-1).log()
    squared = (q.variance + (q.mean - p.loc) ** 2) / p.scale**2
    return (p.scale.log() - log_det + 0.5 * (squared - 1)).sum(-1)


def factors(distribution: Distribution) -> Distribution | None:
    """Return the factors of one that is a product of one per dimension; None of another."""
    if not isinstance(distribution, Independent) or distribution.reinterpreted_batch_ndims != 1:
        return None
    factors: Distribution = distribution.base_dist
    return None if factors.event_shape else factors
