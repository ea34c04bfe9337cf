"""The toy of lesson 0 as a model of `vae`: its loss and gradients in float64, and its images."""

from typing import Any

import torch

from tests.web.backward_oracle import Recorded
from vae.data.batch import Batch
from vae.export.layers import export_stack
from vae.learn.toy import BATCH, CONFIG, images
from vae.models.vae import build, noise_like
from vae.training.objectives.elbo import Elbo

BETA = 0.5


def oracle() -> dict[str, Any]:
    """Return the loss and its gradients at a batch, and what the toy is trained on."""
    model = build(CONFIG, seed=3).double()
    train, held_out = images()
    x = torch.from_numpy(train.images[:BATCH]).double() / 255
    batch = Batch(x, None, torch.arange(BATCH))
    objective = Elbo(beta=BETA).module(CONFIG)
    noise = noise_like(model.encode(x), torch.Generator().manual_seed(5))
    terms = objective.terms(model, batch, 1.0, BATCH, torch.Generator().manual_seed(5))
    terms.loss.backward()
    weights = Recorded()
    export_stack(model.encoder, CONFIG.image_shape, weights)
    export_stack(model.decoder, (CONFIG.z_dim,), weights)
    return {
        "beta": BETA,
        "values": weights.flat(),
        "grads": weights.gradients(),
        "x": x.flatten(1).tolist(),
        "noise": noise.tolist(),
        "reconstruction": (-terms.log_px).tolist(),
        "kl": terms.kl.tolist(),
        "train": (train.images.reshape(len(train), -1) / 255).tolist(),
        "held": (held_out.images.reshape(len(held_out), -1) / 255).tolist(),
    }
