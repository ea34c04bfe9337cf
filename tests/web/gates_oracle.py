"""What torch decodes and encodes at several β, by the model whose gates are folded at each."""

import base64
from typing import Any

import torch

from tests.exported import checkpoint_of, lively_model
from vae.export.networks import decoder_payload, encoder_payload
from vae.models.config import VAEConfig
from vae.models.networks import MLP, Conv, ResNet

ARCHITECTURES = {
    "mlp": MLP(hidden=(8, 6)),
    "mlp without norms": MLP(hidden=(8, 6), norm="none"),
    "conv": Conv(channels=(4, 6), width=8),
    "resnet": ResNet(channels=(4, 6), width=8),
}


def oracle() -> list[dict[str, Any]]:
    """Return for each architecture both networks, a latent, an image, and what comes at each β."""
    return [_network(name) for name in ARCHITECTURES]


def _network(name: str) -> dict[str, Any]:
    model = lively_model(VAEConfig((1, 16, 16), 2, ARCHITECTURES[name], conditioning="beta"))
    made = checkpoint_of(model)
    payloads = {"decoder": decoder_payload(made), "encoder": encoder_payload(made)}
    x = torch.rand(1, 1, 16, 16, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    z = torch.tensor([[0.3, -1.2]], dtype=torch.float64)
    model, found = model.double(), []
    for beta in (0.01, 0.2, 1.0, 10.0):
        with torch.inference_mode():
            one = model.at(beta)
            qz, image = one.encode(x), one.decode_mean(z)
        codes = {"loc": qz.mean[0].tolist(), "scale": qz.stddev[0].tolist()}
        found.append({"beta": beta, "image": image.ravel().tolist(), **codes})
    texts = {kind: base64.b64encode(block).decode() for kind, block in payloads.items()}
    return {"name": name, **texts, "z": z[0].tolist(), "pixels": x.ravel().tolist(), "found": found}
