"""What PyTorch says of the networks of PCA and of Boltzmann machines, both ways."""

import base64
from typing import Any

import torch

from tests.exported import checkpoint_of, lively_model
from vae.export.networks import decoder_payload, encoder_payload
from vae.models.config import VAEConfig
from vae.models.likelihoods import Gaussian
from vae.models.networks import BeliefNet, Boltzmann, Linear

CONFIGS = {
    "linear": VAEConfig((3, 9, 8), 4, Linear(), Gaussian(link="identity"), posterior="point"),
    "boltzmann": VAEConfig((1, 9, 8), 5, Boltzmann(), prior="boltzmann", posterior="point"),
    "belief-net": VAEConfig((1, 9, 8), 2, BeliefNet((12, 6)), prior="boltzmann", posterior="point"),
}


def oracle() -> list[dict[str, Any]]:
    """Return for each network both payloads, an image with its z, and a z with its image."""
    return [_both_ways(name, config) for name, config in CONFIGS.items()]


def _both_ways(name: str, config: VAEConfig) -> dict[str, Any]:
    model = lively_model(config)
    made = checkpoint_of(model)
    said = {"name": name}
    for kind, pack in {"decoder": decoder_payload, "encoder": encoder_payload}.items():
        said[kind] = base64.b64encode(pack(made)).decode()
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, *config.image_shape, dtype=torch.float64, generator=generator)
    z = 3 * torch.randn(1, config.z_dim, dtype=torch.float64, generator=generator)
    with torch.inference_mode():
        mean, loc = model.double().decode_mean(z), model.encode(x).mean
    values = {"x": x, "z": z, "mean": mean, "loc": loc}
    return said | {key: value.ravel().tolist() for key, value in values.items()}
