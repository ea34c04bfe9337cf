"""The reparameterization trick: z = μ + σ ε lets the gradient past the dice."""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from vae.learn.lesson import Facts, Lesson, Opened
from vae.learn.specimens import specimens
from vae.measures.gradient_estimators import (
    Function,
    Gradients,
    reparameterized,
    scatter,
    score_function,
)
from vae.models.posteriors.gaussian import GaussianPosterior
from vae.models.vae import VAE

DRAWS = 200
"""For each image, from one generator of seed 0."""


class Scatters(NamedTuple):
    """Variance of one draw's gradient, summed over dimensions, by estimator; nats²."""

    path: float
    score: float
    baseline: float
    """The score function's, with a baseline."""


def reconstruction(model: VAE, x: Tensor) -> Function:
    """Return −log p(x|z) of one image as a function of z, nats."""
    return lambda z: -model.log_px(x.expand(len(z), *x.shape[1:]), z)


def compared(model: VAE, x: Tensor, draws: int, generator: torch.Generator) -> list[Gradients]:
    """Estimate the gradient of the reconstruction term of one image (1, C, H, W) in three ways.

    The draws of ε are the same for all.
    """
    with torch.no_grad():
        qz = model.encode(x)
    loc, scale = qz.mean[0].clone(), qz.stddev[0].clone()
    noise = torch.randn(draws, len(loc), generator=generator, dtype=loc.dtype)
    f = reconstruction(model, x)
    return [
        reparameterized(f, loc, scale, noise),
        score_function(f, loc, scale, noise),
        score_function(f, loc, scale, noise, baseline=True),
    ]


def scatters(model: VAE, of: Callable[[Gradients], Tensor]) -> Scatters:
    """Return the means over the lesson's images; ``of`` chooses μ's gradient or σ's."""
    generator = torch.Generator().manual_seed(0)
    images = torch.from_numpy(specimens().images).float() / 255
    found = [
        [scatter(of(gradients)) for gradients in compared(model, x[None], DRAWS, generator)]
        for x in images
    ]
    return Scatters(*torch.tensor(found).mean(0).tolist())


def facts(models: Opened) -> Facts:
    """Compute what the lesson states of the shipped models."""
    loc, wide = (scatters(models[role].model, lambda one: one.loc) for role in ("vae", "wide"))
    return {
        "images": len(specimens().images),
        "draws": DRAWS,
        "path": loc.path**0.5,
        "score": loc.score**0.5,
        "times": loc.score / loc.path,
        "baseline_times": loc.baseline / loc.path,
        "wide_times": wide.baseline / wide.path,
        "wide_dims": models["wide"].model.config.z_dim,
    }


def data(models: Opened) -> dict[str, Any]:
    """Give the exhibit its images."""
    return {"specimens": specimens().to_json()}


REPARAMETERIZATION = Lesson(
    name="reparameterization",
    order=4,
    models={"vae": "mnist-2d", "wide": "mnist-20d"},
    facts=facts,
    sources=(GaussianPosterior.draw, reparameterized, score_function),
    exhibit="reparameterization",
    data=data,
)
