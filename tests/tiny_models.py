"""Untrained models of every shape that the pad must show, written in a second."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from vae import checkpoint
from vae.checkpoint.rates import RateAtlas
from vae.models.conditioning import CONDITIONINGS
from vae.models.config import VAEConfig
from vae.models.likelihoods import ContinuousBernoulli, Gaussian
from vae.models.networks import MLP, Conv
from vae.models.posteriors import POSTERIORS
from vae.models.vae import build

CLASSES = ("zero", "one", "two")
IMAGES = 300


CURVE = [
    {"beta": 0.01, "reconstruction": -50.0, "kl": 9.0, "active_units": 2, "kl_per_dim": [6.0, 3.0]},
    {"beta": 0.1, "reconstruction": -60.0, "kl": 8.0, "active_units": 2, "kl_per_dim": [5.5, 2.5]},
    {"beta": 1.0, "reconstruction": -75.0, "kl": 4.0, "active_units": 2, "kl_per_dim": [3.0, 1.0]},
    {"beta": 10.0, "reconstruction": -90.0, "kl": 1.0, "active_units": 1, "kl_per_dim": [1.0, 0.0]},
]
"""What a model that is told β reaches, of its own making."""


def shrinking(atlas: checkpoint.Atlas) -> RateAtlas:
    """Let the images of a map draw together as β rises."""
    betas = np.array([one["beta"] for one in CURVE], np.float32)
    sizes = np.array([2.0, 1.5, 1.0, 0.2], np.float32)[:, None, None]
    return RateAtlas(betas, sizes * atlas.loc, np.sqrt(betas)[:, None, None] * atlas.scale)


def write_models(folder: Path) -> Path:
    """Write one model a kind into a folder and return it."""
    small = MLP(hidden=(32, 16))
    configs = {
        "flat": VAEConfig(z_dim=2, architecture=small),
        "flat-ae": VAEConfig(z_dim=2, architecture=small, posterior=POSTERIORS["point"]()),
        "deep": VAEConfig(z_dim=7, architecture=small, likelihood=ContinuousBernoulli()),
        "line": VAEConfig(z_dim=1, architecture=small),
        "large": VAEConfig((3, 64, 64), 2, Conv((64, 64, 64, 64), 16), Gaussian()),
        "colour": VAEConfig((3, 16, 16), 3, Conv((8, 8), 16), Gaussian(scale=0.2)),
    }
    configs["rated"] = VAEConfig(z_dim=2, architecture=small, conditioning=CONDITIONINGS["beta"]())
    for name, config in configs.items():
        checkpoint.write(folder / f"{name}.safetensors", tiny_checkpoint(name, config))
    return folder


def tiny_checkpoint(name: str, config: VAEConfig) -> checkpoint.Checkpoint:
    """Make a checkpoint with random weights and an atlas of three clusters."""
    generator = np.random.default_rng(0)
    label = np.arange(IMAGES) % len(CLASSES)
    centre = np.array([[1.5, 1.0], [-1.5, 0.5], [0.0, -1.5]])[label]
    loc = np.zeros((IMAGES, config.z_dim), np.float32)
    loc[:, :2] = centre[:, : config.z_dim]
    loc += generator.normal(scale=0.2, size=loc.shape).astype(np.float32)
    # the last dimension of a deep model carries nothing, the second most
    kl = [1.0 + (i == 1) - 1.0 * (i == config.z_dim - 1 and i > 1) for i in range(config.z_dim)]
    loc[:, np.equal(kl, 0)] = 0
    point = not config.posterior.has_density
    atlas = checkpoint.Atlas(
        loc=loc,
        scale=np.full_like(loc, 0.0 if point else 0.1),
        label=label.astype(np.int64),
        index=np.arange(IMAGES),
    )
    if config.betas is not None:
        atlas = replace(atlas, rates=shrinking(atlas))
    return checkpoint.Checkpoint(
        name=name,
        model=checkpoint.round_to_half(build(config, seed=1)),
        training={"objective": {"name": "autoencoder" if point else "elbo"}},
        dataset={
            "name": "shapes",
            "split": "test",
            "sha256": "0" * 64,
            "class_names": list(CLASSES),
        },
        metrics={
            "kl_per_dim": None if point else kl,
            "reconstruction": -100.0,
            "split": "test",
            **({} if config.betas is None else {"rates": CURVE}),
        },
        created=checkpoint.now(),
        versions={},
        atlas=atlas,
    )
