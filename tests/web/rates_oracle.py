"""A map at several β as Python packs it, and where NumPy says that the images lie between."""

import base64
from typing import Any

import numpy as np

from tests.exported import checkpoint_of
from vae.checkpoint import Atlas
from vae.checkpoint.rates import RateAtlas
from vae.export.rates import rates_payload
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.usage import used_dimensions, variances
from vae.models.vae import build

BETAS = (0.01, 0.1, 1.0, 4.0)
ASKED = (0.01, 0.02, 0.5, 1.0, 3.0, 4.0)


def oracle() -> dict[str, Any]:
    """Return a payload, and means and spreads of its images at some β."""
    rng = np.random.default_rng(0)
    loc = rng.normal(size=(4, 7, 3)).astype(np.float16).astype(np.float32)
    loc[..., 2] *= 0.01
    scale = rng.random((4, 7, 3)).astype(np.float16).astype(np.float32)
    rates = RateAtlas(np.array(BETAS, np.float32), loc, scale)
    label = np.zeros(7, np.int64)
    atlas = Atlas(loc[2], scale[2], label, np.arange(7), rates=rates)
    config = VAEConfig((1, 8, 8), 3, MLP(hidden=(4,)), conditioning="beta")
    payload = rates_payload(checkpoint_of(build(config), atlas))
    found = []
    for beta in ASKED:
        at = rates.at(beta)
        found.append({"beta": beta, "loc": at[0].ravel().tolist(), "scale": at[1].ravel().tolist()})
    statistics = {
        "loc_mean": loc[2].mean(0).tolist(),
        "loc_std": np.sqrt(variances(loc[2])).tolist(),
        "scale_mean": scale[2].mean(0).tolist(),
        "used": used_dimensions(loc[2]).tolist(),
    }
    text = base64.b64encode(payload).decode()
    return {"payload": text, "betas": list(BETAS), "found": found, "statistics": statistics}
