"""The ELBO: log p(x) of an image in parts, each computed on its own."""

from typing import Any

import numpy as np
import torch

from vae.checkpoint import Checkpoint
from vae.learn import of_codes, of_image
from vae.learn.lesson import Facts, Lesson, Opened
from vae.learn.specimens import specimens
from vae.measures.bound import log_weights
from vae.measures.quadrature.image import ImageIntegrals
from vae.models.likelihoods.bernoulli import BernoulliLikelihood

IMAGE = 0
"""The image that stands there first."""
SIGMA = 0.25
"""Of a pixel under a Gaussian likelihood, to begin with."""
FEW, MANY = 8, 64
"""Draws of a tighter bound."""


def facts(models: Opened) -> Facts:
    """Compute what the lesson states of the shipped models."""
    model, image = models["vae"].model, specimens().images[IMAGE]
    whole = of_image.identity(model, image)
    prior = of_image.over_prior(model, image)
    losses = of_image.losses(model, image, SIGMA)
    return {
        "label": int(specimens().labels[IMAGE]),
        "log_px": whole.log_px,
        "elbo": whole.elbo,
        "kl": whole.kl,
        "cells": whole.cells,
        "pixels": image.size,
        "prior_draws": prior.draws,
        "prior_needed": prior.needed,
        "prior_log_px": prior.log_px,
        "few": FEW,
        "many": MANY,
        "few_gap": whole.log_px - of_image.tightened(model, image, FEW),
        "many_gap": whole.log_px - of_image.tightened(model, image, MANY),
        "sigma": SIGMA,
        "error": losses.squared_error,
        "cross_entropy": losses.cross_entropy,
        "log_bernoulli": losses.log_bernoulli,
        "log_gaussian": losses.log_gaussian,
        "gaussian_error": -losses.squared_error / (2 * SIGMA**2),
        "gaussian_minus": losses.constant,
        **_of_priors(models),
    }


def _of_priors(models: Opened) -> dict[str, float | int]:
    """What a better prior buys: of one plane's codes, and between two models that ship."""
    normal, vamp = models["vae"], models["vamp"]
    apart = of_codes.aggregate_kl(_atlas(normal))
    learned = of_codes.aggregate_kl(_atlas(vamp), lambda z: _log_prior(vamp, z))
    plain, flow = (models[role].metrics["elbo"] for role in ("plain", "flow"))
    return {
        "encoded": len(_atlas(normal).loc),
        "rate": normal.metrics["kl"],
        "apart": apart.nats,
        "apart_stderr": apart.stderr,
        "informs": normal.metrics["kl"] - apart.nats,
        "vamp_apart": learned.nats,
        "vamp_apart_stderr": learned.stderr,
        "plain_loss": -plain,
        "flow_loss": -flow,
        "flow_saves": flow - plain,
        "plain_epochs": models["plain"].training["epochs"],
        "flow_epochs": models["flow"].training["epochs"],
        "tested": models["flow"].metrics["n_images"],
    }


def _atlas(checkpoint: Checkpoint) -> Any:
    assert checkpoint.atlas is not None, "shipped models carry their map"
    return checkpoint.atlas


@torch.inference_mode()
def _log_prior(checkpoint: Checkpoint, z: np.ndarray) -> np.ndarray:
    places = torch.from_numpy(z).float()
    found: np.ndarray = checkpoint.model.pz().log_prob(places).double().numpy()
    return found


def data(models: Opened) -> dict[str, Any]:
    """Give the exhibit its images."""
    return {"specimens": specimens().to_json(), "image": IMAGE, "sigma": SIGMA}


ELBO = Lesson(
    name="elbo",
    order=6,
    models={
        "vae": "mnist-2d",
        "vamp": "mnist-vamp-2d",
        "plain": "mnist-20d",
        "flow": "mnist-flow-20d",
    },
    facts=facts,
    sources=(
        ImageIntegrals.integrate,
        ImageIntegrals.elbo,
        BernoulliLikelihood.log_prob,
        log_weights,
    ),
    exhibit="elbo",
    data=data,
)
