"""A tiny model, a batch of noise for it, and how an objective scores the two."""

import dataclasses

import torch
from torch import Tensor

from vae.data.batch import Batch
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import VAE, build, seeded
from vae.training.objectives import Objective, ObjectiveOptions, Terms

TINY = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(16,)))


def model_for(objective: ObjectiveOptions, **changes) -> VAE:
    return build(dataclasses.replace(TINY, posterior=objective.posterior, **changes))


def module_of(objective: ObjectiveOptions, model: VAE) -> Objective:
    with seeded(0):
        return objective.module(model.config)


def images(count: int, seed: int = 0) -> Batch:
    """Images of grey noise, all different."""
    x = torch.rand(count, 1, 8, 8, generator=torch.Generator().manual_seed(seed))
    return Batch(x, None, torch.arange(count))


def copies(count: int) -> Batch:
    """The same image many times, whose terms are then draws of the same numbers."""
    x = images(1).x.expand(count, -1, -1, -1)
    return Batch(x, None, torch.zeros(count, dtype=torch.int64))


def score(objective: ObjectiveOptions, batch: Batch, model: VAE | None = None, seed=0) -> Terms:
    """Score a batch that is the whole data set."""
    model = model or model_for(objective)
    generator = torch.Generator().manual_seed(seed)
    return module_of(objective, model).terms(model, batch, 1.0, len(batch.x), generator)


def head_gradient(objective: ObjectiveOptions, batch: Batch, model: VAE, seed=0) -> Tensor:
    """Gradient of each image's own loss by the encoder's output, (batch, outputs)."""
    heads = []

    def note(encoder, inputs, head):
        head.retain_grad()
        heads.append(head)

    with model.encoder.register_forward_hook(note):
        score(objective, batch, model, seed).loss.backward()
    # the loss is the mean over the batch
    return heads[0].grad * len(batch.x)


def standard_error(values: Tensor) -> Tensor:
    """Standard error of the mean over the first dimension."""
    return values.std(0) / len(values) ** 0.5
