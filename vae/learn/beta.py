"""Two losses and β: reconstruction against rate, under one slider."""

from typing import Any

import torch

from vae.learn import of_codes
from vae.learn.lesson import Facts, Lesson, Opened
from vae.learn.specimens import specimens
from vae.models.divergence import kl_per_dim
from vae.models.gates import Gate
from vae.models.vae import VAE
from vae.training.objectives.multi_rate import BoundAtEveryRate


def facts(models: Opened) -> Facts:
    """Compute what the lesson states of the shipped model, at both ends of its range and at 1."""
    low, one, high = of_codes.ends_of(models["vae"])
    metrics = models["vae"].metrics
    values = {
        f"{end}_{name}": getattr(rate, name)
        for end, rate in {"low": low, "one": one, "high": high}.items()
        for name in ("beta", "rate", "distortion", "sharing")
    }
    plain = models["collapsed"]
    return {
        **values,
        "low_apart": 100 * apart(models["vae"].model.at(low.beta)),
        "high_apart": 100 * apart(models["vae"].model.at(high.beta)),
        "low_holes": 100 * low.holes,
        "high_holes": 100 * high.holes,
        "one_loss": one.distortion + one.rate,
        "twice_loss": one.distortion + 2 * one.rate,
        "high_loss": high.distortion + high.beta * high.rate,
        "one_loss_high": one.distortion + high.beta * one.rate,
        "tested": metrics["n_images"],
        "used": plain.metrics["active_units"],
        "dimensions": plain.model.config.z_dim,
        "unused": plain.model.config.z_dim - plain.metrics["active_units"],
    }


@torch.inference_mode()
def apart(model: VAE) -> float:
    """Return by how much the lesson's images come back apart, at the pixel where it is most."""
    x = torch.from_numpy(specimens().images).float() / 255
    again = model.decode_mean(model.encode(x).mean)
    return float((again.amax(dim=0) - again.amin(dim=0)).max())


def data(models: Opened) -> dict[str, Any]:
    """Give the exhibit its images."""
    return {"specimens": specimens().to_json()}


BETA = Lesson(
    name="beta",
    order=5,
    models={"vae": "mnist-multirate-wide-2d", "collapsed": "mnist-20d"},
    facts=facts,
    sources=(BoundAtEveryRate.terms_at, kl_per_dim, Gate.at),
    exhibit="beta",
    data=data,
)
