"""The nearest images and what is far, as `vae.latent` judges them."""

import base64
from typing import Any

import numpy as np

from tests.browser.map_page import cloud
from tests.exported import checkpoint_of
from vae.checkpoint import Atlas
from vae.export.near import near_payload
from vae.latent.encoded import nearest
from vae.latent.nearness import nearness, ratios
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build


def oracle() -> dict[str, Any]:
    """Return atlases with the nearest images of a place, and the judgement of many places."""
    sizes = [(1, 2), (9, 1), (500, 2), (500, 20)]
    return {
        "near": [_nearest(count, z_dim, np.linspace(-0.5, 0.7, z_dim)) for count, z_dim in sizes],
        "thinned": _nearest(500, 2, np.zeros(2), count=5, stride=7),
        "far": [_far(z_dim) for z_dim in (1, 2, 20)],
        "alone": _payload(cloud(1, 2)),
    }


def _nearest(
    images: int, z_dim: int, z: np.ndarray, count: int = 15, stride: int = 1
) -> dict[str, Any]:
    loc = cloud(images, z_dim).loc
    rows, distances = nearest(loc[::stride], z, count)
    found = {"rows": (stride * rows).tolist(), "distances": distances.tolist()}
    points = {"count": images, "zDim": z_dim, "loc": loc.ravel().tolist(), "near": None}
    return found | {"points": points, "z": z.tolist(), "count": count, "stride": stride}


def _payload(atlas: Atlas) -> str:
    model = build(VAEConfig((1, 8, 8), atlas.loc.shape[1], MLP(hidden=(4,))))
    return base64.b64encode(near_payload(checkpoint_of(model, atlas))).decode()


def _far(z_dim: int) -> dict[str, Any]:
    atlas = cloud(600, z_dim)
    near = nearness(atlas)
    places = np.random.default_rng(3).normal(0, 2.5, (40, z_dim))
    points = {"count": len(atlas.loc), "zDim": z_dim, "loc": atlas.loc.ravel().tolist()}
    return {
        "points": points,
        "near": _payload(atlas),
        "places": places.tolist(),
        "ratios": ratios(near, atlas.loc, places).tolist(),
    }
