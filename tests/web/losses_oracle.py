"""log p(x|z) of an image under both likelihoods, from torch.distributions in float64."""

from typing import Any

import torch
from torch.distributions import Bernoulli, Normal

SIZE = 49
SIGMAS = (0.05, 0.3, 1.0)


def oracle() -> dict[str, Any]:
    """Return an image, what a decoder might say of it, and the log of each likelihood."""
    generator = torch.Generator().manual_seed(0)
    pixels = torch.rand(SIZE, dtype=torch.float64, generator=generator)
    # some that are quite black or quite white
    pixels[:6], pixels[6:12] = 0.0, 1.0
    odds = 6 * torch.randn(SIZE, dtype=torch.float64, generator=generator)
    mean = odds.sigmoid()
    log_bernoulli = Bernoulli(logits=odds, validate_args=False).log_prob(pixels).sum()
    return {
        "pixels": pixels.tolist(),
        "mean": mean.tolist(),
        "odds": odds.tolist(),
        "gaussian": [
            {"sigma": sigma, "log": float(Normal(mean, sigma).log_prob(pixels).sum())}
            for sigma in SIGMAS
        ],
        "bernoulli": float(log_bernoulli),
    }
