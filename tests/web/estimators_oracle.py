"""What torch says of the slope of a decoder, and of both gradient estimators at given noise."""

import base64
from dataclasses import replace
from typing import Any

import torch

from tests.exported import checkpoint_of, lively_model
from vae.export.networks import decoder_payload
from vae.measures.gradient_estimators import reparameterized, score_function
from vae.models.config import VAEConfig
from vae.models.likelihoods import Bernoulli, Gaussian
from vae.models.networks import MLP, Conv, ResNet

SHAPE = (1, 16, 16)
CONFIG = VAEConfig(SHAPE, 2, MLP(hidden=(8, 6)))
CONFIGS = {
    "mlp": CONFIG,
    "mlp, Gaussian": replace(CONFIG, likelihood=Gaussian(link="sigmoid")),
    "mlp, Gaussian, identity": replace(CONFIG, likelihood=Gaussian(link="identity")),
    "conv": replace(CONFIG, architecture=Conv(channels=(4, 6), width=8)),
    "resnet": replace(CONFIG, architecture=ResNet(channels=(4, 6), width=8)),
}


def oracle() -> list[dict[str, Any]]:
    """Return for each decoder its payload, an image, q, noise, and both estimates of each draw."""
    assert isinstance(CONFIG.likelihood, Bernoulli)
    return [_decoder(name, config) for name, config in CONFIGS.items()]


def _decoder(name: str, config: VAEConfig) -> dict[str, Any]:
    model = lively_model(config)
    payload = base64.b64encode(decoder_payload(checkpoint_of(model))).decode()
    model = model.double().requires_grad_(False)
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, *SHAPE, generator=generator).double()
    loc, scale = torch.tensor([0.4, -0.9]).double(), torch.tensor([0.3, 0.7]).double()
    noise = torch.randn(5, 2, generator=generator).double()

    def f(z: torch.Tensor) -> torch.Tensor:
        return -model.log_px(x.expand(len(z), *SHAPE), z)

    path, score = reparameterized(f, loc, scale, noise), score_function(f, loc, scale, noise)
    return {
        "name": name,
        "payload": payload,
        "x": x.ravel().tolist(),
        "loc": loc.tolist(),
        "scale": scale.tolist(),
        "noise": noise.tolist(),
        "f": f(loc + scale * noise).tolist(),
        "path": {"loc": path.loc.tolist(), "scale": path.scale.tolist()},
        "score": {"loc": score.loc.tolist(), "scale": score.scale.tolist()},
    }
