"""A normalizing flow: a standard normal, moved by learned steps that can be undone."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.distributions import Distribution, constraints

from vae.models.cost import Cost, added, spline_step
from vae.models.priors.prior import Couplings, Encoding, Prior, Step, noise
from vae.options import option

BINS = 8
"""Pieces of a spline, which lies within 5 of 0; outside it changes nothing."""
BOUND = 5.0
"""As zuko has it."""


AFFINE_OPERATIONS = 5
"""A step by a scale and a shift takes as long as so many layers of a network."""


class Coupling(nn.Module):
    """Moves half of the dimensions by what the other half says, and leaves that one as it is.

    A dimension is moved by a monotonic rational-quadratic spline (Durkan et al. 2019, "Neural
    spline flows", section 3.1) or by a scale and a shift (Dinh et al. 2017, "Density estimation
    using Real NVP", eq. 4 and 5). Before learning it changes nothing.
    """

    def __init__(self, z_dim: int, first: int, hidden: int, spline: bool):
        super().__init__()
        self.spline = spline
        # the only dimension of a line hears of none and is moved by constants
        self.moved = list(range(first if z_dim > 1 else 0, z_dim, 2))
        self.kept = [i for i in range(z_dim) if i not in self.moved]
        numbers = 3 * BINS - 1 if spline else 2
        last = nn.Linear(hidden, numbers * len(self.moved))
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.network = nn.Sequential(
            nn.Linear(max(1, len(self.kept)), hidden),
            nn.SiLU(),
            nn.Linear(hidden, hidden),
            nn.SiLU(),
            last,
        )

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Move z (…, z_dim); return it with the log-determinant of the step, (…,)."""
        moved, change = self._step(z).call_and_ladj(z[..., self.moved])
        return self._joined(z, moved), change.sum(-1)

    def inverse(self, z: Tensor) -> Tensor:
        """Undo `forward`."""
        return self._joined(z, self._step(z).inv(z[..., self.moved]))

    def cost(self) -> Cost:
        """Count what moving one draw costs."""
        layers = [layer for layer in self.network if isinstance(layer, nn.Linear)]
        shapes = [(layer.in_features, layer.out_features) for layer in layers]
        if self.spline:
            return spline_step(shapes, shapes[-1][1])
        made = [2.0 * outputs for _, outputs in shapes]
        return Cost(sum(a * b for a, b in shapes), sum(made), AFFINE_OPERATIONS)

    def _joined(self, z: Tensor, moved: Tensor) -> Tensor:
        # put together without writing into z, of which gradients are wanted
        columns = [z[..., k] for k in range(z.shape[-1])]
        for place, k in enumerate(self.moved):
            columns[k] = moved[..., place]
        return torch.stack(columns, -1)

    def _step(self, z: Tensor) -> Any:
        # 0.9 s of import, which a page that opens a model does not wait for
        from zuko.transforms import MonotonicAffineTransform, MonotonicRQSTransform

        told = z[..., self.kept] if self.kept else torch.ones_like(z)
        numbers = self.network(told).unflatten(-1, (len(self.moved), -1))
        if self.spline:
            return MonotonicRQSTransform(*numbers.split([BINS, BINS, BINS - 1], -1))
        return MonotonicAffineTransform(*numbers.unbind(-1))


class FlowDistribution(Distribution):
    """What a standard normal becomes: log p(z) = log N(f(z); 0, I) + log |det f'(z)|."""

    arg_constraints: ClassVar[dict[str, Any]] = {}
    support = constraints.real_vector

    def __init__(self, prior: "FlowPrior"):
        super().__init__(event_shape=prior.loc.shape, validate_args=False)
        self._prior = prior

    def log_prob(self, value: Tensor) -> Tensor:
        """Return log p(z) in nats of latents (…, z_dim), shape (…); exact, in float32."""
        with torch.autocast(value.device.type, enabled=False):
            noise, change = self._prior.to_noise(value.float())
            log_base = -0.5 * (noise**2 + math.log(2 * math.pi)).sum(-1)
            return log_base + change


class FlowPrior(Prior):
    """A scale and a shift per dimension, then couplings in turn from z to noise."""

    def __init__(self, z_dim: int, steps: int, hidden: int, spline: bool):
        super().__init__()
        self.loc = nn.Parameter(torch.zeros(z_dim))
        self.log_scale = nn.Parameter(torch.zeros(z_dim))
        self.steps = nn.ModuleList(
            Coupling(z_dim, number % 2, hidden, spline) for number in range(steps)
        )

    def cost(self) -> Cost:
        return added(*(step.cost() for step in self.steps))  # type: ignore[operator]  # as below

    def to_noise(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Turn latents (…, z_dim) to noise f(z), and give log |det f'(z)|, (…,)."""
        noise, change = (z - self.loc) * (-self.log_scale).exp(), -self.log_scale.sum()
        for step in self.steps:
            noise, more = step(noise)
            change = change + more
        return noise, change

    def from_noise(self, noise: Tensor) -> Tensor:
        """Turn noise (…, z_dim) to latents: the inverse of `to_noise`."""
        for step in reversed(self.steps):
            noise = step.inverse(noise)  # type: ignore[operator]  # a list of any modules
        return noise * self.log_scale.exp() + self.loc

    def couplings(self) -> Couplings:
        steps = [
            Step(step.moved, step.kept, step.network, step.spline)
            for step in self.steps
            if isinstance(step, Coupling)
        ]
        # in float64, so that the browser need not start from a rounded scale
        return Couplings(self.loc, self.log_scale.double().exp(), steps, BINS, BOUND)

    def distribution(self, y: Tensor | None = None) -> FlowDistribution:
        return FlowDistribution(self)

    @torch.inference_mode()
    def sample(self, count: int, generator: torch.Generator, y: Tensor | None = None) -> Tensor:
        return self.from_noise(noise(count, len(self.loc), generator).to(self.loc))


@dataclass(frozen=True)
class Flow:
    """A normalizing flow: a standard normal, moved by learned steps that can be undone."""

    name: ClassVar[str] = "flow"
    title: ClassVar[str] = "normalizing flow"
    factorises: ClassVar[bool] = False
    rings: ClassVar[bool] = False
    learned: ClassVar[bool] = True
    steps: int = option(
        6,
        "number of steps; each moves half of the dimensions by what the other half says",
        minimum=1,
        maximum=32,
        title="Steps",
    )
    hidden: int = option(
        64, "units of the two hidden layers of each step", minimum=1, maximum=1024, title="Units"
    )
    kind: str = option(
        "spline",
        "how a step moves a number: along a monotonic spline, or by a scale and a shift",
        choices=("spline", "affine"),
        title="Step",
    )

    def module(self, z_dim: int, encoding: Encoding) -> FlowPrior:
        """Build the prior of so many dimensions."""
        return FlowPrior(z_dim, self.steps, self.hidden, self.kind == "spline")
