"""Restricted Boltzmann machines, one on top of the other, each trained when those below are done.

Hinton, Osindero and Teh 2006, "A fast learning algorithm for deep belief nets". Each machine is
scikit-learn's `BernoulliRBM`: stochastic maximum likelihood with persistent chains (Tieleman 2008).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from vae.data.batch import Batch
from vae.models.boltzmann import Machine, machines
from vae.models.conditioning import Unconditional
from vae.models.likelihoods import Bernoulli
from vae.models.networks import BeliefNet
from vae.models.networks import Boltzmann as BoltzmannNetwork
from vae.models.posteriors import Point, PosteriorOptions
from vae.models.priors import Boltzmann as BoltzmannPrior
from vae.options import Part, option
from vae.training.objectives.autoencoder import Autoencoder, Reconstruction

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE

FIRST_SPREAD = 0.01
"""Standard deviation of the first weights (Hinton 2010, "A practical guide", section 8)."""
RAREST = 0.01
"""A pixel that is on less often than this begins with the log odds of this."""
MEAN_RATE = 0.1
"""Share of the way to a batch's mean that the biases of machines go before they learn."""
PRODUCTS = 5
"""A step of a machine multiplies its weights so often with a batch: two gradients, three ways."""
DOUBLE = 2
"""scikit-learn's steps run in float64, which takes about twice as long."""


MOST_MEAN = 100_000
"""The mean image is that of so many training images at most, evenly taken."""
MEAN_NUMBERS = MOST_MEAN * 28 * 28
"""And of fewer where they are large: so many pixels are float32 at once, 300 MB."""


class Stack(Reconstruction):
    """Trains a model's machines, from the pixels up, each for an equal share of the budget."""

    def __init__(self, options: Any, model: "VAEConfig"):
        super().__init__(options)
        self.widths = _widths(model)

    @torch.no_grad()
    def begin(
        self, model: "VAE", images: Tensor, batch_size: int, generator: torch.Generator
    ) -> None:
        stack = machines(model.encoder, model.decoder)
        for number, machine in enumerate(stack):
            shape = machine.up.weight.shape
            weight = FIRST_SPREAD * torch.randn(shape, generator=generator)
            machine.set(weight, torch.zeros(shape[0]), torch.zeros(shape[1]))
            # the persistent chains: as many as images of a batch, which scikit-learn reckons with
            self.register_buffer(f"chains{number}", torch.zeros(batch_size, shape[0]))
        # without hidden units a machine would then have the right mean image
        most = max(1, min(MOST_MEAN, MEAN_NUMBERS // images[0].numel()))
        few = images[:: -(-len(images) // most)]
        stack[0].down.bias.copy_(_log_odds((few.float().mean(0) / 255).flatten()))

    @torch.no_grad()
    def fit(self, model: "VAE", batch: Batch, share: float, generator: torch.Generator) -> None:
        number, within = self._place(share)
        stack, v = machines(model.encoder, model.decoder), batch.x.flatten(1)
        for machine in stack[:number]:
            v = machine.up(v).sigmoid()
        seed = int(torch.randint(2**32, (), generator=generator))
        self._step(stack[number], f"chains{number}", v, self._rate(within), seed)
        for below, above in zip(stack[number:], stack[number + 1 :], strict=False):
            # what does not learn yet gives back the mean of what it will learn from
            v = below.up(v).sigmoid()
            above.down.bias.lerp_(_log_odds(v.mean(0)), MEAN_RATE)

    def _step(self, machine: Machine, chains: str, v: Tensor, rate: float, seed: int) -> None:
        found = as_sklearn(machine)
        found.learning_rate, found.random_state_ = rate, np.random.RandomState(seed)
        found.h_samples_ = getattr(self, chains).double().numpy()
        found.partial_fit(v.double().numpy())
        hidden, visible = found.intercept_hidden_, found.intercept_visible_
        machine.set(*(torch.from_numpy(a) for a in (found.components_, hidden, visible)))
        getattr(self, chains).copy_(torch.from_numpy(found.h_samples_))

    def rate_at(self, share: float) -> float:
        return self._rate(self._place(share)[1])

    def ahead(self, share: float) -> float:
        number, within = self._place(share)
        costs = [_cost(self.widths, n) for n in range(len(self.widths) - 1)]
        left = (1 - within) * costs[number] + sum(costs[number + 1 :])
        return left / costs[number] / (1 - within + len(costs) - number - 1)

    def _rate(self, within: float) -> float:
        return float(self.options.rate * (1 - within))

    def _place(self, share: float) -> tuple[int, float]:
        """Return which machine learns, and which share of its time is over, below 1."""
        count = len(self.widths) - 1
        number = min(int(share * count), count - 1)
        return number, min(share * count - number, 1 - 1e-9)


def _log_odds(share: Tensor) -> Tensor:
    return share.clamp(RAREST, 1 - RAREST).logit()


def as_sklearn(machine: Machine) -> Any:
    """Give a machine as scikit-learn's `BernoulliRBM`, with copies of its numbers in float64."""
    # scikit-learn takes a second to import, and few trainings come here
    from sklearn.neural_network import BernoulliRBM

    found = BernoulliRBM(len(machine.up.weight))
    found.components_ = machine.up.weight.detach().double().numpy()
    found.intercept_hidden_ = machine.up.bias.detach().double().numpy()
    found.intercept_visible_ = machine.down.bias.detach().double().numpy()
    found.n_features_in_ = found.components_.shape[1]
    return found


def _widths(model: "VAEConfig") -> tuple[int, ...]:
    between = getattr(model.architecture, "hidden", ())
    return (math.prod(model.image_shape), *between, model.z_dim)


def _cost(widths: tuple[int, ...], number: int) -> float:
    """Multiply-adds per image of a step of one machine, those below it included."""
    pairs = [a * b for a, b in zip(widths, widths[1:], strict=False)]
    return sum(pairs[:number]) + DOUBLE * PRODUCTS * pairs[number]


@dataclass(frozen=True)
class RBM(Autoencoder):
    """A restricted Boltzmann machine: pixels and hidden units, all on or off (Smolensky 1986).

    Trained by stochastic maximum likelihood with persistent chains (Tieleman 2008). z is the log
    odds that each hidden unit is on.
    """

    name: ClassVar[str] = "rbm"
    title: ClassVar[str] = "RBM"
    posterior: ClassVar[PosteriorOptions] = Point()
    fits: ClassVar[bool] = True
    fixed: ClassVar[Mapping[str, Part | type[Part]]] = {
        "architecture": BoltzmannNetwork(),
        "likelihood": Bernoulli(),
        "prior": BoltzmannPrior,
        "conditioning": Unconditional(),
    }
    unused: ClassVar[frozenset[str]] = frozenset(
        ("learning_rate", "adam_beta2", "weight_decay", "mean_start", "rise", "rising_steps")
        + ("device", "precision", "compile")
    )
    rate: float = option(
        0.05,
        "step size of each machine at its start; it falls to 0 along a line",
        above=0.0,
        maximum=10.0,
        title="Step size of a machine",
        steer="step size",
    )

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "RBM"

    def multiply_adds(self, model: "VAEConfig", images: int) -> float:
        """Count the products of a step, in the mean over the machines."""
        widths = _widths(model)
        costs = [_cost(widths, number) for number in range(len(widths) - 1)]
        return images * sum(costs) / len(costs)

    def module(self, model: "VAEConfig") -> Stack:
        """Build what trains the machines."""
        return Stack(self, model)


@dataclass(frozen=True)
class DBN(RBM):
    """A deep belief network: Boltzmann machines on top of one another (Hinton et al. 2006).

    Each is trained on the units of the one below, for an equal share of the budget; the layers
    above the one that learns are not trained yet. z is the log odds of the topmost units.
    """

    name: ClassVar[str] = "dbn"
    title: ClassVar[str] = "DBN"
    in_turn: ClassVar[bool] = True
    fixed: ClassVar[Mapping[str, Part | type[Part]]] = {**RBM.fixed, "architecture": BeliefNet}

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "DBN"
