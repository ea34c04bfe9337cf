"""The model is told β, the weight of the KL term: one model for every rate of a range."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from vae.errors import UserError
from vae.models.conditioning.conditioning import Conditioning, ConditioningOptions
from vae.models.gates import Told, gated, gates
from vae.options import option


class Rates(Conditioning):
    """Tells β to gates before the activations of both networks; β = 1 where nothing is said."""

    betas: tuple[float, float]

    def __init__(self, lowest: float, highest: float):
        super().__init__()
        self.betas = (lowest, highest)
        self.told = Told()

    def network(self, stack: nn.Sequential) -> nn.Sequential:
        """Put gates into a network."""
        with_gates = gated(stack, self.told)
        if not any(gates(with_gates)):
            raise UserError(
                "this architecture has no activation after a layer with weights, so that nothing "
                "in it can follow β; choose another, such as mlp"
            )
        return with_gates

    @contextmanager
    def saying(self, log_beta: Tensor) -> Iterator[None]:
        """Tell the gates log β, one for each image (batch,), while something is computed."""
        before, self.told.log_beta = self.told.log_beta, log_beta
        try:
            yield
        finally:
            self.told.log_beta = before


@dataclass(frozen=True)
class MultiRate(ConditioningOptions):
    """The model is told β and no class, and holds for every β of a range (Bae et al. 2023).

    A model has one conditioning. At one β, which pages, measures and files ask for, it is a model
    that is told nothing; with a class it would have to be one that is told labels.
    """

    name: ClassVar[str] = "beta"
    title: ClassVar[str] = "β"
    told_beta: ClassVar[bool] = True
    lowest: float = option(
        0.01, "least β that the model is trained for", minimum=1e-4, maximum=1.0, title="Least β"
    )
    highest: float = option(
        10.0, "largest β that the model is trained for", minimum=1.0, maximum=1e4, title="Largest β"
    )

    def fits(self, other: ConditioningOptions) -> bool:
        """Tell whether ``other`` tells β too: the range may be another, no weight hangs on it."""
        return isinstance(other, MultiRate)

    def module(self, z_dim: int, image_shape: tuple[int, int, int]) -> Rates:
        """Build what tells β."""
        return Rates(self.lowest, self.highest)


def log_betas(betas: tuple[float, float], count: int) -> list[float]:
    """Give log β at places spread evenly over a range, both ends among them."""
    low, high = map(math.log, betas)
    return [low + (high - low) * i / (count - 1) for i in range(count)]
