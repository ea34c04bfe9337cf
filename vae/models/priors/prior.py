"""What every prior's module does, and the form in which others draw from it and show it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Distribution

from vae.models.cost import Cost
from vae.options import Part


@dataclass(frozen=True, eq=False)
class Components:
    """A prior as a mixture of normals without covariances: all that a page needs to show it."""

    weight: np.ndarray
    """Share of each component, float64 (K,); they add up to 1."""
    loc: np.ndarray
    """Means, float64 (K, z_dim)."""
    scale: np.ndarray
    """Standard deviations, float64 (K, z_dim)."""

    @cached_property
    def is_standard(self) -> bool:
        """Whether it is the standard normal, whose levels are circles about the origin."""
        return len(self.weight) == 1 and bool((self.loc == 0).all() and (self.scale == 1).all())

    def over(self, dims: tuple[int, ...]) -> "Components":
        """The same prior over some of its dimensions, in this order."""
        return Components(self.weight, self.loc[:, list(dims)], self.scale[:, list(dims)])

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {key: getattr(self, key).tolist() for key in ("weight", "loc", "scale")}


class Step(NamedTuple):
    """A step of a flow, from z to noise: some dimensions move by what the others say."""

    moved: list[int]
    kept: list[int]
    """What the network hears of; it hears a 1 where this is empty."""
    network: nn.Sequential
    spline: bool
    """Whether a number moves along a spline, or by a shift and a scale."""


class Couplings(NamedTuple):
    """A flow from z to noise: first ``(z - loc) / scale``, then the steps in turn."""

    loc: Tensor
    scale: Tensor
    steps: list[Step]
    bins: int
    """Pieces of a spline, within ``bound`` of 0."""
    bound: float


class Encoding(NamedTuple):
    """What a prior may ask of the model that it belongs to."""

    encode: Callable[..., Distribution]
    """The model's own: images (N, C, H, W) in [0, 1] to their posteriors."""
    draw: Callable[[Distribution, Tensor], Tensor]
    """Turns standard normal noise (N, z_dim) into one draw of each posterior."""
    image_shape: tuple[int, int, int]
    classes: int = 0
    """How many classes there are, where the model is told the class of each image; else 0."""


def standard_components(z_dim: int) -> Components:
    """Return the standard normal of so many dimensions."""
    return Components(np.ones(1), np.zeros((1, z_dim)), np.ones((1, z_dim)))


def noise(count: int, z_dim: int, generator: torch.Generator) -> Tensor:
    """Standard normal noise (count, z_dim) in float32, so that a seed means the same everywhere."""
    device = generator.device
    return torch.randn(count, z_dim, generator=generator, device=device, dtype=torch.float32)


class Prior(nn.Module):
    """p(z), with the parameters it may have; calling it gives the distribution."""

    encodes = 0
    """How many images it has the encoder encode each time that its distribution is asked for."""
    classes = 0
    """How many classes it has a density of their own for; 0 where p(z) is the same for all. Asked
    without labels, it is then the mixture of these densities, with equal shares."""
    gibbs_steps: int | None = None
    """Steps of a Gibbs chain behind a draw, for a prior without a density that draws by one."""

    @property
    def drawn_by(self) -> str | None:
        """How a draw comes about, where it is none of a density."""
        steps = self.gibbs_steps
        return None if steps is None else f"{steps:,} steps of its own Gibbs chain"

    def forward(self, y: Tensor | None = None) -> Distribution:
        """As `distribution`."""
        return self.distribution(y)

    def distribution(self, y: Tensor | None = None) -> Distribution:
        """Return p(z), or p(z|y) for labels (batch,); its event shape is (z_dim,).

        Without labels a prior that has a density for each class returns their mixture.
        """
        raise NotImplementedError

    @torch.inference_mode()
    def sample(self, count: int, generator: torch.Generator, y: Tensor | None = None) -> Tensor:
        """Draw latents, (count, z_dim), that follow from the generator alone.

        ``y`` holds a label for each of them, where the prior depends on labels.
        """
        raise NotImplementedError

    def components(self) -> Components | None:
        """Return the prior as a mixture of normals; None where it is none.

        A prior with a normal for each class returns these in the order of the classes.
        Pages then show its density by `distribution`, or by the draws of `sample`.
        """
        return None

    def cost(self) -> Cost:
        """Count what the density of a draw costs, beside what ``encodes`` says."""
        return Cost()

    def couplings(self) -> "Couplings | None":
        """Return the steps from noise to z, for a prior that moves a standard normal by steps."""
        return None

    def begin(self, images: Tensor, generator: torch.Generator) -> None:
        """Take from the training images what learning begins from; called once, before training.

        Parameters
        ----------
        images
            All of them, uint8 (N, C, H, W).
        """

    def chain(self, count: int, moments: Sequence[int], generator: torch.Generator) -> Tensor:
        """Follow ``count`` chains: z after so many steps, in rising order, (moments, count, z_dim).

        For a prior that has ``gibbs_steps`` alone.
        """
        raise NotImplementedError

    def bind(self, encoder: nn.Module, decoder: nn.Module) -> None:
        """Hear of the model's networks, for a prior that draws through them."""


def has_density(prior: Part | type[Part]) -> bool:
    """Tell whether log p(z) can be computed, so that a posterior can be held to the prior.

    Where it cannot, the prior is a part of the model that draws by itself.
    """
    return bool(getattr(prior, "has_density", True))


def is_by_class(prior: Part | type[Part]) -> bool:
    """Tell whether each class has a density of its own, p(z|y), so that labels say more of z."""
    return bool(getattr(prior, "by_class", False))


class PriorOptions(Part, Protocol):
    """Options that build the module of a prior, and what others may ask of it."""

    factorises: ClassVar[bool]
    rings: ClassVar[bool]
    learned: ClassVar[bool]

    def module(self, z_dim: int, encoding: Encoding) -> Prior:
        """Build the prior of so many dimensions; it may ask the model's encoder."""
