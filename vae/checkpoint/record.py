"""A trained model with all that is known about it, and the images encoded by it."""

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import torch

from vae.checkpoint.header import FORMAT_VERSION
from vae.checkpoint.rates import RateAtlas
from vae.models.vae import VAE


@dataclass(frozen=True)
class Atlas:
    """Encoded held-out images: posterior means and standard deviations with their labels."""

    loc: np.ndarray
    """Posterior means, float32 (N, z_dim)."""
    scale: np.ndarray
    """Marginal standard deviations, float32 (N, z_dim); 0 for an autoencoder."""
    label: np.ndarray
    """Class of each image, int64 (N,); −1 for none."""
    index: np.ndarray
    """Row of each image in its split, int64 (N,)."""
    tril: np.ndarray | None = None
    """Lower triangle of the Cholesky factor of each posterior's covariance, row by row, float32
    (N, z_dim (z_dim + 1) / 2); None where `scale` tells the covariance, or where it is not known.
    """
    outline: np.ndarray | None = None
    """Outlines of posteriors in two dimensions that are not normal, as differences from `loc`,
    float32 (N, 2, corners, 2): at 1σ and at 2σ; None where ellipses are the outlines."""
    rates: RateAtlas | None = None
    """Where they lie at other β, for a model that is told β."""

    def take(self, rows: np.ndarray | slice) -> "Atlas":
        """Return some of the images, in this order."""
        columns = ((one.name, getattr(self, one.name)) for one in fields(self))
        return replace(self, **{name: v[rows] for name, v in columns if v is not None})


@dataclass(frozen=True)
class Checkpoint:
    """A model with all that is known about it."""

    name: str
    model: VAE
    training: dict[str, Any]
    dataset: dict[str, Any]
    metrics: dict[str, Any]
    created: str
    versions: dict[str, str]
    atlas: Atlas | None = None
    format_version: int = FORMAT_VERSION
    start_from: dict[str, str] = field(default_factory=dict)
    """Name and sha256 of the model whose weights the training began with; empty for random ones."""

    def at(self, beta: float) -> "Checkpoint":
        """Return what a model that is told β is at one β; what was measured at another is left out.

        Its encoded images lie where the atlas has them at the β around. Raises `UserError` as
        `VAE.at`.
        """
        model, atlas = self.model.at(beta), self.atlas
        if atlas is not None and beta != 1:
            found = atlas.rates and atlas.rates.at(beta)
            atlas = Atlas(*found, atlas.label, atlas.index) if found else None
        return replace(self, model=model, atlas=atlas, metrics={})


def now() -> str:
    """Return the time of day in UTC as ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def round_to_half(model: VAE) -> VAE:
    """Round every weight to the nearest float16, in place, and return the model."""
    with torch.no_grad():
        for tensor in model.state_dict().values():
            tensor.copy_(tensor.half())
    return model
