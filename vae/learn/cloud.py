"""A point becomes a cloud: μ, σ and draws of one image, σ turned up and down."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from vae.learn.lesson import Facts, Lesson, Opened
from vae.learn.specimens import specimens
from vae.measures.standard_error import standard_error
from vae.models.divergence import divergence, kl_per_dim
from vae.models.posteriors.gaussian import GaussianPosterior
from vae.models.posteriors.posterior import Factorised
from vae.models.vae import VAE, noise_like

DRAWS = 200
"""Of each image's cloud, from a generator of seed 0."""
NARROW, WIDE = 0.1, 5.0


@dataclass(frozen=True)
class Cost:
    """What clouds cost, nats: one value per image, float64 (N,)."""

    distortion: np.ndarray
    """−E_q log p(x|z), over so many draws."""
    kl: np.ndarray


@torch.inference_mode()
def cost(model: VAE, images: np.ndarray, times: float, draws: int = DRAWS) -> Cost:
    """Compute what clouds cost whose σ is so many times that of the encoder.

    ``images`` are uint8, (N, C, H, W).
    """
    x = torch.from_numpy(images).float() / 255
    qz = model.encode(x)
    cloud = Factorised(qz.mean, qz.stddev * times)
    generator = torch.Generator().manual_seed(0)
    log_px = torch.zeros(len(x), dtype=torch.float64)
    for _ in range(draws):
        noise = noise_like(qz, generator)
        log_px += model.log_px(x, cloud.mean + cloud.stddev * noise)
    kl = divergence(cloud, model.pz(), qz.mean).kl
    return Cost((-log_px / draws).numpy(), kl.double().numpy())


def facts(models: Opened) -> Facts:
    """Compute what the lesson states of the shipped model."""
    vae = models["vae"]
    images = specimens().images
    own, narrow, wide = (cost(vae.model, images, times) for times in (1.0, NARROW, WIDE))
    atlas = vae.atlas
    assert atlas is not None, "shipped models carry their map"
    # differences image by image: the same images and the same noise at every width
    means = {
        "narrow_gain": own.distortion - narrow.distortion,
        "narrow_cost": narrow.kl - own.kl,
        "wide_loss": wide.distortion - own.distortion,
        "wide_gain": own.kl - wide.kl,
    }
    return {
        "images": len(images),
        "draws": DRAWS,
        "encoded": len(atlas.scale),
        "sigma": float(np.median(atlas.scale)),
        "spread": float(atlas.loc.std()),
        **{name: float(values.mean()) for name, values in means.items()},
        **{f"{name}_error": standard_error(values) for name, values in means.items()},
    }


def data(models: Opened) -> dict[str, Any]:
    """Give the exhibit its images."""
    return {"specimens": specimens().to_json()}


CLOUD = Lesson(
    name="cloud",
    order=3,
    models={"vae": "mnist-2d"},
    facts=facts,
    sources=(GaussianPosterior.forward, GaussianPosterior.draw, kl_per_dim),
    exhibit="cloud",
    data=data,
)
