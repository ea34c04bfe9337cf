"""Two ways to estimate how E_q f(z) changes with μ and σ, for z = μ + σ ε from draws of ε.

*Reparameterized* (Kingma and Welling 2014; Rezende et al. 2014): a draw is a function of μ and σ,
and the gradient runs through z and through f. *Score function* (Williams 1992): the draw is left
alone, and f(z) weighs how its probability changes; f need not have a gradient. Both are right in
the mean. They differ in how much one draw scatters about it.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

Function = Callable[[Tensor], Tensor]
"""From z, (draws, z_dim), to one value per draw, (draws,)."""


class Gradients(NamedTuple):
    """One estimate of the gradient for each draw."""

    loc: Tensor
    """With respect to μ, (draws, z_dim)."""
    scale: Tensor
    """With respect to σ, (draws, z_dim)."""


def reparameterized(f: Function, loc: Tensor, scale: Tensor, noise: Tensor) -> Gradients:
    """Estimate by the path through the draw: ∇f(μ + σ ε), and the same times ε.

    ``loc`` and ``scale`` are (z_dim,), ``noise`` (draws, z_dim).
    """
    z = (loc + scale * noise).requires_grad_()
    (slope,) = torch.autograd.grad(f(z).sum(), z)
    return Gradients(slope, slope * noise)


@torch.no_grad()
def score_function(
    f: Function, loc: Tensor, scale: Tensor, noise: Tensor, baseline: bool = False
) -> Gradients:
    """Estimate by f(z) ∇ log q(z): f(z) ε / σ, and f(z) (ε² − 1) / σ.

    With a ``baseline`` each f(z) is told from the mean of all other draws, which leaves the mean of
    the estimate as it is.
    """
    value = f(loc + scale * noise)
    if baseline:
        count = len(value)
        value = (value - value.mean()) * count / (count - 1)
    weight = value[:, None] / scale
    return Gradients(weight * noise, weight * (noise**2 - 1))


def scatter(estimates: Tensor) -> float:
    """Return the variance of one draw, summed over dimensions: trace of the covariance.

    ``estimates`` are (draws, z_dim).
    """
    return float(estimates.var(0).sum())
