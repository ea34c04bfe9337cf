"""Which encoded images cover a place z: those whose posteriors have density there.

At z the best Bernoulli decoder gives the mean of all images, weighted by q(z|x): an image that
many posteriors share is their blur (the derivative of Σ q(z|x) log p(x|z) is zero there).
"""

from typing import TYPE_CHECKING

import numpy as np

from vae.latent.ellipses import factors
from vae.latent.encoded import LEAST_SCALE, is_point

if TYPE_CHECKING:
    from vae.checkpoint import Atlas


def weights(atlas: "Atlas", z: np.ndarray, label: np.ndarray | None = None) -> np.ndarray:
    """q(z|x) of each image over their sum, at places z (M, z_dim): float64 (M, N).

    With ``label``, a class for each place (M,), other classes' images weigh nothing: they are
    decoded by themselves in a model that is told classes.
    Posteriors are taken for normal distributions. Points without width have no such weights: an
    autoencoder's are all 0 but that of the nearest image.
    """
    places = np.atleast_2d(np.asarray(z, np.float64))
    log_q = np.stack([_log_q(atlas, place) for place in places])
    if label is not None:
        log_q[np.asarray(label)[:, None] != atlas.label] = -np.inf
    shares = np.exp(log_q - log_q.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def effective(shares: np.ndarray) -> np.ndarray:
    """How many images weights (M, N) amount to, (M,): the exponential of their entropy."""
    logs = np.log(np.maximum(shares, np.finfo(np.float64).tiny))
    return np.exp(-(shares * logs).sum(axis=1))


def sharing(atlas: "Atlas", within: bool = False, places: int = 400, seed: int = 0) -> float | None:
    """Median, over draws from the images' own posteriors, of how many images cover z.

    ``within`` counts those of the own class alone. None for an autoencoder.
    """
    if is_point(atlas):
        return None
    generator = np.random.default_rng(seed)
    rows = generator.integers(len(atlas.loc), size=places)
    noise = generator.standard_normal((places, atlas.loc.shape[1]))
    if atlas.tril is None:
        z = atlas.loc[rows] + atlas.scale[rows] * noise
    else:
        own = factors(atlas.tril[rows], atlas.loc.shape[1])
        z = atlas.loc[rows] + (own @ noise[..., None])[..., 0]
    label = atlas.label[rows] if within else None
    return float(np.median(effective(weights(atlas, z, label))))


def _log_q(atlas: "Atlas", place: np.ndarray) -> np.ndarray:
    away = place - atlas.loc.astype(np.float64)
    if atlas.tril is None:
        scale = np.maximum(atlas.scale.astype(np.float64), LEAST_SCALE)
        return np.asarray(-0.5 * np.square(away / scale).sum(axis=1) - np.log(scale).sum(axis=1))
    own = factors(atlas.tril, atlas.loc.shape[1])
    at = np.arange(atlas.loc.shape[1])
    own[:, at, at] = np.maximum(own[:, at, at], LEAST_SCALE)
    units = np.linalg.solve(own, away[..., None])[..., 0]
    return np.asarray(-0.5 * np.square(units).sum(axis=1) - np.log(own[:, at, at]).sum(axis=1))
