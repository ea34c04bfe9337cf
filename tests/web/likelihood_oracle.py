"""Mean and log p(x|z) of one image, as torch computes them, for every likelihood."""

import base64
from typing import Any

import torch

from tests.exported import LIKELIHOODS, checkpoint_of, lively_model
from vae.export.networks import decoder_payload
from vae.models.config import VAEConfig
from vae.models.networks import MLP


def oracle() -> list[dict[str, Any]]:
    """Return for each likelihood a decoder, a latent, an image, its mean and its likelihood."""
    return [_image(name, channels) for name in LIKELIHOODS for channels in (1, 3)]


def _image(name: str, channels: int) -> dict[str, Any]:
    model = lively_model(VAEConfig((channels, 9, 8), 2, MLP(hidden=(8,)), LIKELIHOODS[name]))
    payload = base64.b64encode(decoder_payload(checkpoint_of(model))).decode()
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, channels, 9, 8, dtype=torch.float64, generator=generator)
    z = torch.tensor([[0.3, -1.2]], dtype=torch.float64)
    with torch.inference_mode():
        log_px = float(model.double().log_px(x, z))
        mean = model.decode_mean(z).ravel().tolist()
    said = {"name": f"{name}, {channels} channels", "payload": payload, "z": z[0].tolist()}
    return said | {"pixels": x.ravel().tolist(), "log_px": log_px, "mean": mean}
