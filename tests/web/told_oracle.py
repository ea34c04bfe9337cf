"""Images and codes of a model that is told classes, each class as PyTorch computes it."""

import base64
from typing import Any

import torch

from tests.exported import checkpoint_of, lively_model
from tests.toys.planes import Planes
from vae.export.networks import decoder_payload, encoder_payload
from vae.measures.recognition import most_likely_class
from vae.models.conditioning import InferredLabels, Labels
from vae.models.config import VAEConfig
from vae.models.networks import MLP, Conv, ResNet

CLASSES = 4
SHAPE = (1, 10, 9)
NETWORKS = {
    "mlp": MLP(hidden=(16, 8)),
    "conv": Conv((4, 6), 8),
    "resnet": ResNet((4, 6), 8),
}


def oracle() -> list[dict[str, Any]]:
    """Return, for each network and way of telling it, what it makes of one z and one image."""
    told = {
        "labels": Labels(CLASSES),
        "planes": Planes(CLASSES),
        "a classifier": InferredLabels(CLASSES, (12,)),
    }
    return [
        _said(f"{network} told by {name}", VAEConfig((1, 10, 9), 3, made, conditioning=part))
        for network, made in NETWORKS.items()
        for name, part in told.items()
    ]


def _said(name: str, config: VAEConfig) -> dict[str, Any]:
    model = lively_model(config)
    packed = checkpoint_of(model)
    payloads = {
        kind: base64.b64encode(pack(packed)).decode()
        for kind, pack in (("decoder", decoder_payload), ("encoder", encoder_payload))
    }
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, *config.image_shape, dtype=torch.float64, generator=generator)
    z = torch.tensor([[0.3, -1.2, 0.7]], dtype=torch.float64)
    model, y = model.double(), torch.arange(CLASSES)
    with torch.inference_mode():
        images = model.decode_mean(z.expand(CLASSES, -1), y)
        qz = model.encode(x.expand(CLASSES, -1, -1, -1), y)
        return {
            "name": name,
            **payloads,
            "z": z[0].tolist(),
            "pixels": x.ravel().tolist(),
            "images": images.flatten(1).tolist(),
            "loc": qz.mean.tolist(),
            "scale": qz.stddev.tolist(),
            "likely": most_likely_class(model, x),
            "qy": model.conditioning.log_qy(x).exp()[0].tolist()
            if model.conditioning.infers
            else None,
        }
