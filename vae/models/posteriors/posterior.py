"""What every posterior's module does, and the distribution of those that factorise."""

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol

from torch import Tensor, nn
from torch.distributions import Distribution, Independent, MultivariateNormal, Normal

from vae.models.cost import Cost
from vae.options import Part

MOST_CORRELATED = 32
"""So many dimensions at most have their covariances kept and drawn: those of more fill a file."""
OUTLINES = (2, 24)
"""Outlines of a posterior that is not normal, at 1σ and at 2σ, and the corners of each."""


class Posterior(nn.Module):
    """Turns the encoder's output into q(z|x), and noise into draws from it."""

    outputs: int
    """How many numbers the encoder gives per image."""
    is_normal = False
    """Whether q(z|x) is a normal distribution, so that mean and covariance say all of it."""

    def forward(self, head: Tensor) -> Distribution:
        """Return q(z|x) of event shape (z_dim,), given the encoder's output (batch, outputs).

        Its ``mean`` and ``stddev``, the marginal standard deviations, are (batch, z_dim).
        """
        raise NotImplementedError

    def draw(self, qz: Distribution, noise: Tensor) -> Tensor:
        """Turn standard normal noise (…, batch, z_dim) into draws z of the same shape.

        Gradients reach what made ``qz``.
        """
        raise NotImplementedError

    def log_prob(self, qz: Distribution, noise: Tensor) -> Tensor:
        """log q(z|x) in nats of the draws that `draw` makes of the noise, shape (…, batch)."""
        return qz.log_prob(self.draw(qz, noise))

    def factor(self, qz: Distribution) -> Tensor | None:
        """Return the lower-triangular L of the covariance L Lᵀ, (batch, z_dim, z_dim).

        None where the standard deviations alone tell the covariance, or where it is not known.
        """
        return qz.scale_tril if isinstance(qz, MultivariateNormal) else None

    def outlines(self, qz: Distribution) -> Tensor | None:
        """Return closed lines about the mean of a posterior in two dimensions that is not normal.

        One line at 1σ and one at 2σ, (batch, *OUTLINES, 2), as differences from the mean. None
        where ellipses are the lines, or where z has another number of dimensions.
        """
        return None

    def readout(self) -> dict[str, Any] | None:
        """Say where in the encoder's output the browser finds the numbers of q(z|x).

        Spans are [start, end]: ``loc`` of the means; ``log_scale`` of log σ of a dimension, or, for
        a full covariance D (I + N), ``log_diagonal`` of log D and ``below`` of N row by row;
        ``context`` of what `networks` are told. What the browser cannot read is left out. None
        where not even the mean is there to read: the browser then encodes no image itself.
        """
        return None

    def cost(self) -> Cost:
        """Count what a draw and its density cost, beside what the encoder computes."""
        return Cost()

    def networks(self) -> list[nn.Sequential]:
        """Return the steps of a flow as the browser runs them, where ``readout`` has a context.

        Each maps noise and context, (batch, z_dim + context), to the numbers of its splines.
        """
        return []


class PosteriorOptions(Part, Protocol):
    """Options that build the module of a posterior, and what others may ask of it."""

    has_density: ClassVar[bool]
    factorises: ClassVar[bool]

    def module(self, z_dim: int) -> Posterior:
        """Build what reads the encoder's output."""


class Factorised(Independent[Normal]):
    """One normal per dimension: a `Normal` of shape (batch, z_dim) as one event of z_dim."""

    def __init__(self, loc: Tensor, scale: Tensor):
        super().__init__(Normal(loc, scale, validate_args=False), 1, validate_args=False)

    @property
    def loc(self) -> Tensor:
        """Means, (batch, z_dim)."""
        return self.base_dist.loc

    @property
    def scale(self) -> Tensor:
        """Standard deviations, (batch, z_dim)."""
        return self.base_dist.scale

    @property
    def stddev(self) -> Tensor:
        """Standard deviations, (batch, z_dim), without the rounding of a square and its root."""
        return self.base_dist.scale

    def expand(self, batch_shape: Iterable[int], _instance: Any = None) -> "Factorised":
        """As in torch: the same parameters over a larger batch."""
        shape = (*batch_shape, *self.event_shape)
        return Factorised(self.loc.expand(shape), self.scale.expand(shape))
