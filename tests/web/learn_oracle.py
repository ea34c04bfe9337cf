"""What the lessons' scripts compare with: costs of a cloud, a normal."""

from typing import Any

import numpy as np
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from vae.latent.fitted import fitted_normal


def oracle() -> dict[str, Any]:
    """Compute all of it on small, seeded numbers."""
    rng = np.random.default_rng(0)
    loc, scale = torch.tensor([0.7, -1.2]).double(), torch.tensor([0.05, 0.4]).double()
    cloud = Normal(loc, 2 * scale)
    raw, pixels = torch.from_numpy(rng.normal(0, 9, 40)), torch.from_numpy(rng.random(40))
    log_prob = Bernoulli(logits=raw, validate_args=False).log_prob(pixels).sum()
    codes = rng.normal(size=(50, 2)) @ np.array([[2.0, 0.7], [0.0, 0.5]]) + 3
    normal = fitted_normal(codes)
    noise = rng.normal(size=(5, 2))
    return {
        "cloud": {"loc": loc.tolist(), "scale": scale.tolist()},
        "kl": float(kl_divergence(cloud, Normal(0.0, 1.0)).sum()),
        "raw": raw.tolist(),
        "pixels": pixels.tolist(),
        "log_prob": float(log_prob),
        "fitted": {"loc": normal.loc.tolist(), "tril": normal.tril[np.tril_indices(2)].tolist()},
        "noise": noise.tolist(),
        "places": normal.place(noise).tolist(),
    }
