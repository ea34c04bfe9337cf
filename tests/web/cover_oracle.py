"""Which images cover a place, as NumPy computes it, for both kinds of posterior."""

import base64
from typing import Any

import numpy as np

from vae.checkpoint import Atlas
from vae.export.points import points_payload_from_atlas
from vae.latent import cover

IMAGES = 40


def oracle() -> list[dict[str, Any]]:
    """Return encoded images, a place, and the share of each image there."""
    return [_case("independent dimensions", False), _case("covariances", True)]


def _case(name: str, tril: bool) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    loc = rng.normal(size=(IMAGES, 3)).astype(np.float16).astype(np.float32)
    scale = rng.uniform(0.2, 0.6, loc.shape).astype(np.float16).astype(np.float32)
    rows = None
    if tril:
        square = rng.normal(size=(IMAGES, 3, 3)) * 0.3 + np.eye(3)
        factors = np.linalg.cholesky(square @ np.swapaxes(square, 1, 2))
        # what the payload keeps of them
        rows = factors[:, *np.tril_indices(3)].astype(np.float16).astype(np.float32)
    label = np.arange(IMAGES) % 2
    atlas = Atlas(loc, scale, label, np.arange(IMAGES), tril=rows)
    z = np.array([0.2, -0.3, 0.1])
    shares = cover.weights(atlas, z)
    own = cover.weights(atlas, z, np.array([1]))
    return {
        "name": name,
        "points": base64.b64encode(points_payload_from_atlas(atlas)).decode(),
        "z": z.tolist(),
        "shares": shares[0].tolist(),
        "own": own[0].tolist(),
        "effective": float(cover.effective(shares)[0]),
    }
