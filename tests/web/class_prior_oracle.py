"""A model in which each class has a prior of its own, as PyTorch computes it in float64."""

import base64
import math
from typing import Any

import torch
from torch import Tensor

from tests.exported import checkpoint_of, lively_model
from vae.export.networks import decoder_payload, encoder_payload
from vae.measures.recognition import most_likely_class
from vae.models.conditioning import Labels
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.priors import ClassNormal
from vae.models.vae import VAE

CLASSES = 3
GRID = 601
REACH = 12.0
TEMPERATURE = 0.6


def oracle() -> dict[str, Any]:
    """Return what is compared, of the same kind of model in two and in three dimensions."""
    return {"models": [_model(z_dim) for z_dim in (2, 3)]}


def _model(z_dim: int) -> dict[str, Any]:
    told = Labels(classes=CLASSES)
    network = MLP(hidden=(16,))
    config = VAEConfig((1, 8, 8), z_dim, network, prior=ClassNormal(), conditioning=told)
    model = lively_model(config)
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter, by in ((model.prior.loc, 0.8), (model.prior.log_scale, 0.4)):
            parameter += by * torch.randn(parameter.shape, generator=generator)
    packed = checkpoint_of(model)
    payloads = {
        kind: base64.b64encode(pack(packed)).decode()
        for kind, pack in (("decoder", decoder_payload), ("encoder", encoder_payload))
    }
    model, pictures = model.double(), torch.rand(6, 1, 8, 8, generator=generator).double()
    with torch.inference_mode():
        classes = [_class(model, label, pictures[0]) for label in range(CLASSES)]
        return {
            "name": f"{z_dim} dimensions",
            **payloads,
            "temperature": TEMPERATURE,
            "classes": classes,
            "pixels": pictures[0].ravel().tolist(),
            "pictures": pictures.flatten(1).tolist(),
            "likely": [most_likely_class(model, x[None]) for x in pictures],
        }


def _class(model: VAE, label: int, x: Tensor) -> dict[str, Any]:
    draws, y = 4000, torch.full((4000,), label)
    z = model.prior.sample(draws, torch.Generator().manual_seed(label), y)
    own = model.pz(torch.tensor([label]))
    noise = torch.randn(model.config.z_dim, generator=torch.Generator().manual_seed(9)).double()
    density = own.log_prob(z)
    return {
        "draws": z.tolist(),
        "log_density": density.tolist(),
        "typical": [density.mean().item(), density.std().item()],
        "noise": noise.tolist(),
        "placed": (own.mean[0] + TEMPERATURE * own.stddev[0] * noise).tolist(),
        "log_px": _log_px(model, label, x) if model.config.z_dim == 2 else None,
    }


def _log_px(model: VAE, label: int, x: Tensor) -> float:
    """log ∫ p(x|z, y) p(z|y) dz over a grid whose steps are far below every width."""
    side = torch.linspace(-REACH, REACH, GRID, dtype=torch.float64)
    places = torch.cartesian_prod(side, side)
    y = torch.full((len(places),), label)
    joint = model.log_px(x[None].expand(len(places), -1, -1, -1), places, y)
    joint = joint + model.pz(y).log_prob(places)
    return float(torch.logsumexp(joint, 0)) + 2 * math.log(side[1] - side[0])
