"""The restricted Boltzmann machine at the top of a stack, as the prior of its units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.distributions import Distribution

from vae.errors import UserError
from vae.models.boltzmann import Machine, machines
from vae.models.priors.prior import Encoding, Prior
from vae.options import option


class BoltzmannPrior(Prior):
    """Draws by Gibbs sampling; its density has a normaliser that nobody can add up."""

    gibbs_steps: int

    def __init__(self, steps: int):
        super().__init__()
        self.gibbs_steps = steps
        # a tuple, so that the networks do not become parts of the prior
        self._networks: tuple[nn.Module, ...] = ()

    def bind(self, encoder: nn.Module, decoder: nn.Module) -> None:
        self._networks = (encoder, decoder)

    @property
    def machine(self) -> Machine:
        """The machine at the top; `UserError` where the networks are no stack of machines."""
        found = machines(*self._networks)
        if not found:
            raise UserError(
                "this prior is the Boltzmann machine at the top of the network, and this network "
                "has none; choose the architecture boltzmann or belief-net"
            )
        return found[-1]

    def distribution(self, y: Tensor | None = None) -> Distribution:
        raise UserError(
            "the density of a Boltzmann machine has a normaliser that is not known, so that there "
            "is no KL to it; choose another prior"
        )

    @torch.inference_mode()
    def sample(self, count: int, generator: torch.Generator, y: Tensor | None = None) -> Tensor:
        return self.chain(count, (self.gibbs_steps,), generator)[0]

    @torch.inference_mode()
    def chain(self, count: int, moments: Sequence[int], generator: torch.Generator) -> Tensor:
        machine, found, done = self.machine, [], 0
        v = machine.start(count, generator)
        for moment in moments:
            v = machine.gibbs(v, moment - done, generator)
            done = moment
            found.append(machine.up(v))
        return torch.stack(found)


@dataclass(frozen=True)
class Boltzmann:
    """The Boltzmann machine at the top of the network itself; draws are steps of its Gibbs chain.

    z is the log odds of its hidden units, given the visible ones that a chain has come to.
    """

    name: ClassVar[str] = "boltzmann"
    title: ClassVar[str] = "Boltzmann machine"
    factorises: ClassVar[bool] = False
    rings: ClassVar[bool] = False
    learned: ClassVar[bool] = False
    has_density: ClassVar[bool] = False
    steps: int = option(
        200,
        "steps of Gibbs sampling before a draw is taken",
        minimum=1,
        maximum=100_000,
        unit="steps",
        title="Gibbs steps",
    )

    def module(self, z_dim: int, encoding: Encoding) -> BoltzmannPrior:
        """Build the prior; it learns of the networks by `Prior.bind`."""
        return BoltzmannPrior(self.steps)
