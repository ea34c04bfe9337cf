"""What a VAE is for: draws, draws of a class, few labels, anomalies, and what was before it."""

from typing import Any

import numpy as np

from vae.checkpoint import Checkpoint
from vae.learn.changed import CHANGES, strangeness
from vae.learn.lesson import Facts, Lesson, Opened
from vae.learn.of_chain import START, alike_after
from vae.learn.specimens import specimens
from vae.models.boltzmann import Machine
from vae.models.vae import VAE
from vae.training.objectives.m2 import SemiSupervised

RATES = {"1": 0, "5": 1}
"""Alarms in a hundred normal images, and which of the quantiles in a model's file that is."""
SHORT, LONG = 10, 100
"""Steps of a chain."""


def facts(models: Opened) -> Facts:
    """Compute what the lesson states of the shipped models."""
    infers, belief = models["labels"], models["belief"]
    limit = limits(models["vae"])["1"]
    scored = scores(models["vae"])
    return {
        "labels": infers.training["objective"]["labels"],
        "accuracy": 100 * infers.metrics["accuracy"],
        "tested": infers.metrics["n_images"],
        "limit": limit,
        "negative": int((scored["negative"] > limit).sum()),
        "same": int((scored["same"] > limit).sum()),
        "empty_nats": float(scored["empty"][0]),
        "specimens": len(specimens().images),
        "short": SHORT,
        "long": LONG,
        "chain_start": START,
        "short_alike": alike_after(belief, SHORT),
        "long_alike": alike_after(belief, LONG),
        "top_units": belief.model.config.z_dim,
    }


def limits(checkpoint: Checkpoint) -> dict[str, float]:
    """Say above which −log p(x|z) in nats so many of a hundred held-out images lie."""
    quantiles = checkpoint.metrics["log_px_quantiles"]
    return {rate: float(-quantiles[place]) for rate, place in RATES.items()}


def scores(checkpoint: Checkpoint) -> dict[str, np.ndarray]:
    """−log p(x|z) of the lesson's images, and of what each change makes of them; nats."""
    images = specimens().images
    others = np.roll(images, -1, axis=0)
    return {
        name: strangeness(
            checkpoint.model, np.stack([change(*pair) for pair in zip(images, others, strict=True)])
        )
        for name, change in CHANGES.items()
    }


def data(models: Opened) -> dict[str, Any]:
    """Give the exhibit its images and limits."""
    return {"specimens": specimens().to_json(), "limits": limits(models["vae"])}


USES = Lesson(
    name="uses",
    order=7,
    models={
        "draws": "mnist-20d",
        "classes": "mnist-cvae-2d",
        "labels": "mnist-m2",
        "vae": "mnist-2d",
        "belief": "mnist-dbn",
    },
    facts=facts,
    sources=(VAE.decode, SemiSupervised.terms, strangeness, Machine.gibbs),
    exhibit="uses",
    data=data,
)
