"""Learned priors as the browser gets them, beside their exact densities."""

from typing import Any

import numpy as np
import torch

from tests.learned_priors import LEARNED, moved
from vae.export.priors import prior_header
from vae.latent.shown_prior import plane_field, shown_prior

TURN = 0.6
PLANES = {
    1: ([1.0], [0.0]),
    2: ([np.cos(TURN), np.sin(TURN)], [-np.sin(TURN), np.cos(TURN)]),
    3: ([0.6, 0.0, 0.8], [0.0, 1.0, 0.0]),
}


def oracle() -> dict[str, Any]:
    """Return every prior in one, two and three dimensions."""
    return {
        "priors": [
            _prior(f"{name}, {z_dim}", LEARNED[name], z_dim) for name in LEARNED for z_dim in PLANES
        ]
    }


def _prior(name: str, prior: Any, z_dim: int) -> dict[str, Any]:
    model = moved(prior, z_dim)
    header = {"z_dim": z_dim, "has_density": True, "latent": prior_header(model, None)}
    places = model.prior.sample(40, torch.Generator().manual_seed(9))
    u, v = PLANES[z_dim]
    told = {
        "name": name,
        "header": header,
        "u": list(u),
        "v": list(v),
        "places": places.tolist(),
        "log_density": model.pz().log_prob(places).tolist(),
        "draws": model.prior.sample(4000, torch.Generator().manual_seed(7)).tolist(),
    }
    if z_dim > 1:
        x, y, p = plane_field(shown_prior(model.prior), np.array([u, v]), np.zeros(z_dim))
        told["field"] = {"x": x.tolist(), "y": y.tolist(), "p": p.ravel().tolist()}
    return told
