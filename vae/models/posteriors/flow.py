"""A posterior of any shape: the encoder's normal distribution, bent by an autoregressive flow.

Noise ε is bent in units of the normal distribution, ε' = T(ε; h), and z = μ + σ ε'. The encoder
gives μ, σ and the context h of each image. T is a chain of steps in which each dimension passes
through a monotone spline whose shape depends on h and on the dimensions before it, as they were
before the step: the inverse autoregressive flow of Kingma et al. 2016, "Improved variational
inference with inverse autoregressive flow" (eq. 10 to 12), with the rational-quadratic splines of
Durkan et al. 2019, "Neural spline flows" (eq. 4), in place of affine steps. A draw and its density
are one pass, and every step is known from its noise; the density of any other place takes z_dim
passes a step. Beyond `BOUND` standard deviations a spline is the identity, so that σ stays finite.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Distribution, constraints

from vae.models.cost import Cost, added
from vae.models.posteriors.conditioner import BOUND, Conditioner
from vae.models.posteriors.gaussian import LOG_SCALE_BOUND
from vae.models.posteriors.posterior import MOST_CORRELATED, OUTLINES, Factorised, Posterior
from vae.options import option

if TYPE_CHECKING:
    from zuko.transforms import AutoregressiveTransform

POINTS = 2 * MOST_CORRELATED
"""Draws that give the mean and the covariance: so many that no direction is left without one."""
BLOCK = 2**22
"""So many numbers of splines at once, while many draws are bent for the mean."""


class Flowed(Distribution):
    """The normal distribution ``base_dist`` over (z_dim,), bent by steps that are told a context.

    ``mean``, ``stddev`` and ``scale_tril`` come from the fixed draws of `fixed_noise`: they are the
    same at every call, exact where the steps change nothing, and estimates of 64 draws elsewhere.
    """

    arg_constraints: ClassVar[dict[str, Any]] = {}
    support = constraints.real_vector
    has_rsample = True

    def __init__(self, base: Factorised, context: Tensor, steps: Iterable[Conditioner]):
        super().__init__(base.batch_shape, base.event_shape, validate_args=False)
        self.base_dist, self.context, self.steps = base, context, tuple(steps)
        self._last: tuple[Tensor, Tensor, Tensor] | None = None

    def _chain(self) -> "list[AutoregressiveTransform]":
        from zuko.transforms import AutoregressiveTransform

        (z_dim,) = self.event_shape
        return [AutoregressiveTransform(partial(step, self.context), z_dim) for step in self.steps]

    def push(self, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Turn standard normal noise (…, batch, z_dim) into draws z and log q(z|x), (…, batch)."""
        if self._last is None or self._last[0] is not noise:
            # under autocast the networks of the steps would run in bfloat16
            with torch.autocast(noise.device.type, enabled=False):
                bent, grown = noise, noise.new_zeros(noise.shape[:-1])
                for step in self._chain():
                    bent, log_det = step.call_and_ladj(bent)
                    grown = grown + log_det
            z = self.base_dist.loc + self.base_dist.scale * bent
            self._last = noise, z, self._log_normal(noise) - grown
        return self._last[1:]

    def _log_normal(self, noise: Tensor) -> Tensor:
        each = -0.5 * noise**2 - self.base_dist.scale.log() - 0.5 * math.log(2 * math.pi)
        return each.sum(-1)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Draw from it, by the global generator."""
        loc = self.base_dist.loc
        return self.push(loc.new_empty(self._extended_shape(torch.Size(sample_shape))).normal_())[0]

    def log_prob(self, value: Tensor) -> Tensor:
        """log q(z|x) in nats of any place (…, batch, z_dim): the noise it comes from is found."""
        with torch.autocast(value.device.type, enabled=False):
            noise = (value - self.base_dist.loc) / self.base_dist.scale
            grown = noise.new_zeros(noise.shape[:-1])
            for step in reversed(self._chain()):
                bent, noise = noise, step.inv(noise)
                grown = grown + step.log_abs_det_jacobian(noise, bent)
        return self._log_normal(noise) - grown

    def expand(self, batch_shape: Iterable[int], _instance: Any = None) -> "Flowed":
        """As in torch: the same parameters over a larger batch."""
        shape = tuple(batch_shape)
        context = self.context.expand(*shape, self.context.shape[-1])
        return Flowed(self.base_dist.expand(shape), context, self.steps)

    @cached_property
    def _draws(self) -> Tensor:
        """The fixed draws, (POINTS, batch, z_dim)."""
        loc = self.base_dist.loc
        noise = torch.from_numpy(fixed_noise(loc.shape[-1])).to(loc)
        noise = noise.reshape(len(noise), *([1] * (loc.dim() - 1)), -1).expand(-1, *loc.shape)
        each = loc.numel() * (self.steps[0].numbers if self.steps else 1)
        return torch.cat([self._bent(part) for part in noise.split(max(1, BLOCK // max(1, each)))])

    def _bent(self, noise: Tensor) -> Tensor:
        z = self.push(noise)[0]
        self._last = None
        return z

    @property
    def mean(self) -> Tensor:
        """Mean of the fixed draws, (batch, z_dim)."""
        return self._draws.mean(0)

    @property
    def variance(self) -> Tensor:
        """Variance of the fixed draws, (batch, z_dim)."""
        return self._draws.var(0, correction=0)

    @cached_property
    def scale_tril(self) -> Tensor:
        """Cholesky factor of the fixed draws' covariance, (batch, z_dim, z_dim)."""
        centred = (self._draws - self.mean).movedim(0, -2) / math.sqrt(POINTS)
        # the triangle of a QR decomposition: no squares are taken, and a flat cloud is no error
        upper = torch.linalg.qr(centred, mode="r").R
        sign = torch.where(upper.diagonal(dim1=-2, dim2=-1) < 0, -1.0, 1.0)
        factor: Tensor = (sign[..., None] * upper).mT
        return factor


class FlowPosterior(Posterior):
    """Reads μ, log σ and the context h from the encoder's output, and holds the steps."""

    def __init__(self, options: "Flow", z_dim: int):
        super().__init__()
        self.z_dim, self.outputs = z_dim, 2 * z_dim + options.context
        self.bins = options.bins
        self.steps = nn.ModuleList(
            Conditioner(z_dim, options.context, options.units, options.bins, bool(k % 2))
            for k in range(options.steps)
        )

    def conditioners(self) -> list[Conditioner]:
        """List the networks of the steps."""
        return [step for step in self.steps if isinstance(step, Conditioner)]

    def forward(self, head: Tensor) -> Flowed:
        loc, log_scale, context = head.tensor_split([self.z_dim, 2 * self.z_dim], dim=-1)
        scale = log_scale.clamp(-LOG_SCALE_BOUND, LOG_SCALE_BOUND).exp()
        return Flowed(Factorised(loc, scale), context, self.conditioners())

    def draw(self, qz: Distribution, noise: Tensor) -> Tensor:
        assert isinstance(qz, Flowed), "it draws from what it made itself"
        return qz.push(noise)[0]

    def log_prob(self, qz: Distribution, noise: Tensor) -> Tensor:
        assert isinstance(qz, Flowed), "it knows the density of what it made itself"
        return qz.push(noise)[1]

    def readout(self) -> dict[str, Any]:
        z_dim = self.z_dim
        return {
            "loc": [0, z_dim],
            "log_scale": [z_dim, 2 * z_dim],
            "context": [2 * z_dim, self.outputs],
            "noise": fixed_noise(z_dim).tolist(),
            "bins": self.bins,
            "bound": BOUND,
        }

    def networks(self) -> list[nn.Sequential]:
        return [step.plain() for step in self.conditioners()]

    def cost(self) -> Cost:
        return added(*(step.cost() for step in self.conditioners()))

    def factor(self, qz: Distribution) -> Tensor | None:
        # in more dimensions there would be directions in which nothing was drawn
        assert isinstance(qz, Flowed), "it knows the shape of what it made itself"
        return qz.scale_tril if self.z_dim <= MOST_CORRELATED else None

    def outlines(self, qz: Distribution) -> Tensor | None:
        """As in `Posterior`: what the flow makes of the circles of noise of radius 1 and 2.

        They hold 39 % and 86 % of the posterior's mass, as the ellipses of a normal one do.
        """
        assert isinstance(qz, Flowed), "it knows the shape of what it made itself"
        if self.z_dim != 2:
            return None
        noise = torch.from_numpy(circles()).to(qz.base_dist.loc)
        z = qz.push(noise.flatten(0, 1)[:, None].expand(-1, *qz.batch_shape, -1))[0]
        lines: Tensor = (z - qz.mean).movedim(0, -2).unflatten(-2, noise.shape[:2])
        return lines


@lru_cache(maxsize=8)
def fixed_noise(z_dim: int) -> np.ndarray:
    """Return the noise of the fixed draws, float64 (POINTS, z_dim), of mean 0 and variance 1.

    Points of a scrambled Sobol sequence turned into normal ones, each with its mirror image. Up to
    MOST_CORRELATED dimensions they are uncorrelated too.
    """
    with torch.device("cpu"):
        engine = torch.quasirandom.SobolEngine(z_dim, scramble=True, seed=0)
        uniform = engine.draw(POINTS // 2, dtype=torch.float64)
        half = torch.special.ndtri(uniform.clamp(1e-6, 1 - 1e-6)).numpy()
    noise = np.concatenate([half, -half])
    if z_dim <= MOST_CORRELATED:
        factor = np.linalg.cholesky(noise.T @ noise / POINTS)
        noise = np.linalg.solve(factor, noise.T).T
    found: np.ndarray = noise / np.sqrt(np.square(noise).mean(0))
    return found


def circles() -> np.ndarray:
    """Return noise on the circles of radius 1 and 2, float64 (*OUTLINES, 2)."""
    radii, corners = OUTLINES
    turn = 2 * np.pi * np.arange(corners) / corners
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return np.stack([radius * circle for radius in range(1, radii + 1)])


@dataclass(frozen=True)
class Flow:
    """A normal distribution bent by a flow that depends on the image, so that it has any shape.

    It takes more time per step, and its KL is estimated from the draws that training makes anyway.
    """

    name: ClassVar[str] = "flow"
    title: ClassVar[str] = "flow"
    has_density: ClassVar[bool] = True
    factorises: ClassVar[bool] = False
    steps: int = option(
        2,
        "how many times the distribution is bent; the order of the dimensions turns round each "
        "time",
        minimum=1,
        maximum=8,
        title="Steps",
    )
    units: int = option(
        64,
        "width of the two hidden layers of the network of each step",
        minimum=1,
        maximum=256,
        title="Units",
    )
    bins: int = option(
        8,
        "pieces of each spline; more of them bend more sharply",
        minimum=2,
        maximum=16,
        title="Bins",
    )
    context: int = option(
        16,
        "numbers that the encoder tells the flow of each image, beside mean and width",
        minimum=1,
        maximum=64,
        title="Context",
    )

    def module(self, z_dim: int) -> FlowPosterior:
        """Build what reads the encoder's output, and the steps."""
        return FlowPosterior(self, z_dim)
