"""Why the latent space of an autoencoder has holes: draws and walks in one, and in a VAE."""

from itertools import combinations
from typing import Any

import numpy as np
import torch

from vae.checkpoint import Checkpoint
from vae.errors import UserError
from vae.latent.fitted import fitted_normal
from vae.latent.nearness import nearness, ratios
from vae.learn.lesson import Facts, Lesson, Opened
from vae.learn.specimens import specimens
from vae.training.objectives.autoencoder import Reconstruction
from vae.training.objectives.elbo import WeightedBound

DRAWS = 2000
"""From a generator of seed 0; the same noise for both models."""
STEPS = 51
"""Places of each walk, its ends among them."""
AGAIN = 0.25
"""A draw is another one where it is encoded so far from where it was: in standard deviations of
the codes, over all dimensions together."""


def places(model: Checkpoint, noise: np.ndarray) -> np.ndarray:
    """Make z of standard normal noise (N, z_dim): draws of the prior.

    An autoencoder has none: its draws are those of a normal fitted to its codes.
    """
    if model.model.config.posterior.has_density:
        return noise
    return fitted_normal(_codes(model)).place(noise)


def shares_far(model: Checkpoint, *places: np.ndarray) -> list[float]:
    """Tell which share of each set of places (N, z_dim) lies far from all codes of test images."""
    assert model.atlas is not None, "shipped models carry their map"
    rule = nearness(model.atlas)
    if rule is None:
        raise UserError("the map of this model holds too few images; use a shipped model")
    return [float((ratios(rule, model.atlas.loc, z) > rule.limit).mean()) for z in places]


@torch.inference_mode()
def share_not_again(model: Checkpoint, z: np.ndarray) -> float:
    """Tell which share of places is encoded elsewhere once it is decoded, by more than `AGAIN`."""
    network = model.model
    like = next(network.parameters())
    again = network.encode(network.decode_mean(torch.from_numpy(z).to(like))).mean
    away = np.linalg.norm(again.double().numpy() - z, axis=1)
    return float((away > AGAIN * np.sqrt(_codes(model).var(0).sum())).mean())


@torch.inference_mode()
def walks(model: Checkpoint, images: np.ndarray) -> np.ndarray:
    """Return the places on the straight lines between the codes of uint8 images, (N, z_dim)."""
    x = torch.from_numpy(images).float() / 255
    codes = model.model.encode(x).mean.double().numpy()
    share = np.linspace(0, 1, STEPS)[:, None]
    lines = [a + share * (b - a) for a, b in combinations(codes, 2)]
    return np.concatenate(lines)


def facts(models: Opened) -> Facts:
    """Compute what the lesson states of the two shipped models."""
    noise = np.random.default_rng(0).standard_normal((DRAWS, 2))
    images = specimens().images
    found: dict[str, float] = {
        "draws": DRAWS,
        "images": len(images),
        "walks": len(images) * (len(images) - 1) // 2,
    }
    for role, model in models.items():
        z = places(model, noise)
        share, walked = shares_far(model, z, walks(model, images))
        found |= {
            f"{role}_far": share,
            f"{role}_far_error": float(np.sqrt(share * (1 - share) / DRAWS)),
            f"{role}_again": share_not_again(model, z),
            f"{role}_walk": walked,
        }
    return found


def data(models: Opened) -> dict[str, Any]:
    """Give the exhibit its images."""
    return {"specimens": specimens().to_json()}


def _codes(model: Checkpoint) -> np.ndarray:
    assert model.atlas is not None, "shipped models carry their map"
    return model.atlas.loc.astype(np.float64)


HOLES = Lesson(
    name="holes",
    order=2,
    models={"ae": "mnist-ae-2d", "vae": "mnist-2d"},
    facts=facts,
    sources=(Reconstruction.terms, WeightedBound.terms),
    exhibit="holes",
    data=data,
)
