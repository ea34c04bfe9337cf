"""Models whose learned priors were moved away from where they began, as training would."""

import torch

from vae.models.conditioning import ConditioningOptions, Labels, Unconditional
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.priors import ClassNormal, Flow, Mixture, PriorOptions, Vamp, is_by_class
from vae.models.vae import VAE, build

LEARNED: dict[str, PriorOptions] = {
    "mixture": Mixture(components=4),
    "vamp": Vamp(pseudo_inputs=12),
    "spline flow": Flow(steps=3, hidden=8),
    "affine flow": Flow(steps=3, hidden=8, kind="affine"),
    "class normals": ClassNormal(),
}
CLASSES = 3
"""Of the models that are told one."""


def told_with(prior: PriorOptions, classes: int = CLASSES) -> ConditioningOptions:
    """Say what a model with this prior is told."""
    return Labels(classes=classes) if is_by_class(prior) else Unconditional()


def labels_for(model: VAE, count: int) -> torch.Tensor | None:
    """Return all classes in turn, for a model that is told them."""
    classes = model.conditioning.classes
    return torch.arange(count) % classes if classes else None


def moved(prior: PriorOptions, z_dim: int, by: float = 0.3) -> VAE:
    """Build a tiny model and add noise to all that its prior and its encoder would learn."""
    told = told_with(prior)
    config = VAEConfig((1, 8, 8), z_dim, MLP(hidden=(16,)), prior=prior, conditioning=told)
    model = build(config, seed=3)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in (*model.prior.parameters(), *model.encoder.parameters()):
            parameter += by * torch.randn(parameter.shape, generator=generator)
    return model.eval().requires_grad_(False)
