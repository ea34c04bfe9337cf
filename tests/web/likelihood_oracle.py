"""log p(x|z) of one image, as torch computes it, for every likelihood."""

import base64
from typing import Any

import torch

from tests.exported import LIKELIHOODS, checkpoint_of, lively_model
from vae.export.networks import decoder_payload
from vae.models.config import VAEConfig
from vae.models.networks import MLP


def oracle() -> list[dict[str, Any]]:
    """Return for each likelihood a decoder, a latent, an image and its log-likelihood."""
    return [_image(name) for name in LIKELIHOODS]


def _image(name: str) -> dict[str, Any]:
    model = lively_model(VAEConfig((1, 9, 8), 2, MLP(hidden=(8,)), LIKELIHOODS[name]))
    payload = base64.b64encode(decoder_payload(checkpoint_of(model))).decode()
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, 1, 9, 8, dtype=torch.float64, generator=generator)
    z = torch.tensor([[0.3, -1.2]], dtype=torch.float64)
    with torch.inference_mode():
        log_px = float(model.double().log_px(x, z))
    said = {"name": name, "payload": payload, "z": z[0].tolist(), "pixels": x.ravel().tolist()}
    return said | {"log_px": log_px}
