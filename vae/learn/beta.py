"""Two losses and β: reconstruction against rate, under one slider."""

from typing import Any

from vae.learn import of_codes
from vae.learn.lesson import Facts, Lesson, Opened
from vae.learn.specimens import specimens
from vae.models.divergence import kl_per_dim
from vae.models.gates import Gate
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
        "low_holes": 100 * low.holes,
        "high_holes": 100 * high.holes,
        "one_loss": one.distortion + one.rate,
        "twice_loss": one.distortion + 2 * one.rate,
        "rate_saved": low.rate - high.rate,
        "distortion_cost": high.distortion - low.distortion,
        "cell": high.cell,
        "tested": metrics["n_images"],
        "used": plain.metrics["active_units"],
        "dimensions": plain.model.config.z_dim,
        "unused": plain.model.config.z_dim - plain.metrics["active_units"],
    }


def data(models: Opened) -> dict[str, Any]:
    """Give the exhibit its images."""
    return {"specimens": specimens().to_json()}


BETA = Lesson(
    name="beta",
    order=5,
    models={"vae": "mnist-multirate-2d", "collapsed": "mnist-20d"},
    facts=facts,
    sources=(BoundAtEveryRate.terms_at, kl_per_dim, Gate.at),
    exhibit="beta",
    data=data,
)
