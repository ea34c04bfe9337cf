"""What PyTorch says of a posterior, for every kind that the browser reads."""

import base64
from typing import Any

import torch

from tests.exported import checkpoint_of, lively_model
from vae.checkpoint import Atlas
from vae.data import Split
from vae.export.networks import encoder_payload
from vae.export.points import points_payload_from_atlas
from vae.measures.evaluation import encode_split
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors import POSTERIORS, Flow
from vae.models.vae import VAE

IMAGES = 3
CASES = [(name, z_dim) for name in ("gaussian", "full", "flow", "point") for z_dim in (1, 2, 5)]


def oracle() -> list[dict[str, Any]]:
    """Return an encoder, images, and what is to be read of them, for each posterior."""
    return [_case(name, z_dim) for name, z_dim in CASES]


def _case(name: str, z_dim: int) -> dict[str, Any]:
    options = Flow(units=16, bins=4, context=3) if name == "flow" else POSTERIORS[name]()
    model = lively_model(VAEConfig((1, 8, 8), z_dim, MLP(hidden=(8,)), posterior=options))
    images = torch.randint(0, 256, (IMAGES, 1, 8, 8), generator=torch.Generator().manual_seed(0))
    split = Split(images.byte().numpy(), None)
    payload = encoder_payload(checkpoint_of(model))
    model = model.double()
    atlas = encode_split(model, split)
    return {
        "name": f"{name} of {z_dim}",
        "payload": base64.b64encode(payload).decode(),
        "points": base64.b64encode(points_payload_from_atlas(atlas)).decode(),
        "pixels": (images.double() / 255).flatten(1).tolist(),
        **_numbers(model, images.double() / 255),
        "planes": _planes(atlas, z_dim),
    }


def _numbers(model: VAE, x: torch.Tensor) -> dict[str, Any]:
    with torch.inference_mode():
        qz = model.encode(x)
        factor, outline = model.posterior.factor(qz), model.posterior.outlines(qz)
        z_dim = model.config.z_dim
        rows, columns = torch.tril_indices(z_dim, z_dim)
        return {
            "loc": qz.mean.tolist(),
            "scale": qz.stddev.tolist(),
            "tril": None if factor is None else factor[:, rows, columns].tolist(),
            "outline": None if outline is None else outline.tolist(),
        }


def _planes(atlas: Atlas, z_dim: int) -> list[dict[str, Any]]:
    """Return half axes and the angle of each image's ellipse on a plane, from its covariance."""
    if z_dim < 2 or not (atlas.scale > 0).any():
        return []
    generator = torch.Generator().manual_seed(2)
    turned = torch.linalg.qr(torch.randn(z_dim, 2, generator=generator, dtype=torch.float64)).Q.T
    pair = torch.eye(z_dim, dtype=torch.float64)[[0, 1]]
    found = []
    for axes in (pair, turned):
        for row in range(IMAGES):
            covariance = _covariance(atlas, row, z_dim)
            values, vectors = torch.linalg.eigh(axes @ covariance @ axes.T)
            a, b = vectors[:, 1].tolist()
            half = values.clamp(min=0).sqrt().tolist()
            said = {"row": row, "u": axes[0].tolist(), "v": axes[1].tolist()}
            found.append({**said, "ra": half[1], "rb": half[0], "major": [a, b]})
    return found


def _covariance(atlas: Atlas, row: int, z_dim: int) -> torch.Tensor:
    if atlas.tril is None:
        return torch.diag(torch.from_numpy(atlas.scale[row]).double() ** 2)
    factor = torch.zeros(z_dim, z_dim, dtype=torch.float64)
    rows, columns = torch.tril_indices(z_dim, z_dim)
    factor[rows, columns] = torch.from_numpy(atlas.tril[row]).double()
    return factor @ factor.T
