"""A toy that is trained in the page: a VAE of a few thousand weights on digits of 8×8 pixels.

The browser trains it by itself. What the words state comes from the same network, trained here from
another random start.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from vae import data
from vae.data.batch import Batch
from vae.data.splits import Split
from vae.learn.lesson import Facts, Lesson, Opened
from vae.learn.specimens import Specimens
from vae.models.config import VAEConfig
from vae.models.divergence import kl_per_dim
from vae.models.networks import MLP
from vae.models.posteriors.gaussian import GaussianPosterior
from vae.models.vae import VAE, build
from vae.training.objectives.elbo import Elbo, WeightedBound

TRAIN, HELD_OUT = 512, 120
"""Images of the training split that are trained on, and of validation that are looked at."""
NETWORK = MLP(hidden=(24,), norm="none", activation="tanh", fourier=0)
CONFIG = VAEConfig((1, 8, 8), 2, NETWORK)
BATCH, RATE, STEPS = 32, 0.01, 200


class Losses(NamedTuple):
    """Means over held-out images, nats per image."""

    reconstruction: float
    """−E_q log p(x|z), one draw for each image."""
    kl: float


def images() -> tuple[Split, Split]:
    """Return the images that the toy is trained on, and those that it is not."""
    digits = data.load("digits")
    return digits.train.take(np.arange(TRAIN)), digits.validation.take(np.arange(HELD_OUT))


class Adam:
    """Adam (Kingma and Ba 2015): making torch's own takes a second, which a visitor would wait."""

    def __init__(self, parameters: Iterable[Tensor], rate: float):
        self.parameters, self.rate, self.steps = list(parameters), rate, 0
        self.means = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.squares = [torch.zeros_like(parameter) for parameter in self.parameters]

    @torch.no_grad()
    def step(self) -> None:
        """Move all parameters against their gradients, which are then forgotten."""
        self.steps += 1
        fresh, fresh_square = 1 - 0.9**self.steps, 1 - 0.999**self.steps
        for parameter, mean, square in zip(self.parameters, self.means, self.squares, strict=True):
            assert parameter.grad is not None, "every weight has a part in the loss"
            mean.lerp_(parameter.grad, 0.1)
            square.lerp_(parameter.grad**2, 0.001)
            parameter -= self.rate / fresh * mean / ((square / fresh_square).sqrt() + 1e-8)
            parameter.grad = None


@cache
def course() -> tuple[Losses, Losses]:
    """Train the toy; return its losses before the first step and after the last one."""
    train, held_out = (_batch(split) for split in images())
    model, objective = build(CONFIG, seed=0), Elbo().module(CONFIG)
    adam = Adam(model.parameters(), RATE)
    generator = torch.Generator().manual_seed(0)
    first = losses(model, objective, held_out)
    for _ in range(STEPS):
        rows = torch.randint(len(train.x), (BATCH,), generator=generator)
        part = Batch(train.x[rows], None, train.index[rows])
        objective.terms(model, part, 1.0, TRAIN, generator).loss.backward()
        adam.step()
    return first, losses(model, objective, held_out)


@torch.no_grad()
def losses(model: VAE, objective: WeightedBound, batch: Batch) -> Losses:
    """Compute both losses over a batch, from noise of seed 0."""
    generator = torch.Generator().manual_seed(0)
    terms = objective.terms(model, batch, 1.0, TRAIN, generator)
    assert terms.kl is not None, "an ELBO has a KL"
    return Losses(-float(terms.log_px.mean()), float(terms.kl.mean()))


def facts(models: Opened) -> Facts:
    """Compute what the lesson states."""
    first, last = course()
    return {
        "train": TRAIN,
        "held": HELD_OUT,
        "batch": BATCH,
        "steps": STEPS,
        "weights": sum(parameter.numel() for parameter in build(CONFIG).parameters()),
        "saved": first.reconstruction - last.reconstruction,
        "reconstruction_first": first.reconstruction,
        "reconstruction_last": last.reconstruction,
        "kl_first": first.kl,
        "kl_last": last.kl,
    }


def told(models: Opened) -> dict[str, Any]:
    """Give the exhibit the digits: they come with scikit-learn, and none are kept here."""
    train, held_out = (_specimens(split) for split in images())
    return {"train": train.to_json(), "held": held_out.to_json()}


def _specimens(split: Split) -> Specimens:
    assert split.labels is not None, "digits have labels"
    return Specimens(split.images, split.labels)


def _batch(split: Split) -> Batch:
    x = torch.from_numpy(split.images).float() / 255
    return Batch(x, None, torch.arange(len(x)))


TOY = Lesson(
    name="toy",
    order=0,
    facts=facts,
    sources=(WeightedBound.terms, GaussianPosterior.draw, kl_per_dim),
    exhibit="toy",
    data=told,
)
