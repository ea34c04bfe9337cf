"""Models whose learned priors were moved away from where they began, as training would."""

import torch

from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.priors import Flow, Mixture, PriorOptions, Vamp
from vae.models.vae import VAE, build

LEARNED: dict[str, PriorOptions] = {
    "mixture": Mixture(components=4),
    "vamp": Vamp(pseudo_inputs=12),
    "spline flow": Flow(steps=3, hidden=8),
    "affine flow": Flow(steps=3, hidden=8, kind="affine"),
}


def moved(prior: PriorOptions, z_dim: int, by: float = 0.3) -> VAE:
    """Build a tiny model and add noise to all that its prior and its encoder would learn."""
    model = build(VAEConfig((1, 8, 8), z_dim, MLP(hidden=(16,)), prior=prior), seed=3)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in (*model.prior.parameters(), *model.encoder.parameters()):
            parameter += by * torch.randn(parameter.shape, generator=generator)
    return model.eval().requires_grad_(False)
