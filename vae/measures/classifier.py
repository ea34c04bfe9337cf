"""A small classifier of images, trained here: it says as which class a decoded image is seen."""

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vae.data import Split
from vae.errors import UserError
from vae.models.vae import seeded

BATCH, LEARNING_RATE = 128, 2e-3


def build_classifier(
    image_shape: tuple[int, ...], classes: int, hidden: tuple[int, ...] = (500,), seed: int = 0
) -> nn.Sequential:
    """Make an untrained classifier: pixels in [0, 1] to one logit per class."""
    with seeded(seed):
        inputs = math.prod(image_shape)
        layers: list[nn.Module] = [nn.Flatten()]
        for width in hidden:
            layers += [nn.Linear(inputs, width), nn.LayerNorm(width), nn.ReLU()]
            inputs = width
        return nn.Sequential(*layers, nn.Linear(inputs, classes))


def train_classifier(
    network: nn.Sequential, images: np.ndarray, labels: np.ndarray, steps: int, seed: int = 0
) -> nn.Sequential:
    """Train in place by cross-entropy on uint8 images (N, C, H, W), and return the network.

    Pixels are drawn as black or white anew at each step, as the models' own training draws them;
    the step size falls to 0 along a cosine.
    """
    if not len(images):
        raise UserError("a classifier needs images with labels; choose a data set with classes")
    generator = torch.Generator().manual_seed(seed)
    y = torch.from_numpy(np.asarray(labels, dtype=np.int64))
    optimizer = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, fused=True)
    for step in range(steps):
        rows = torch.randint(len(images), (BATCH,), generator=generator)
        x = torch.bernoulli(_pixels(images[rows.numpy()]), generator=generator)
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
        loss = F.cross_entropy(network(x), y[rows])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    return network.eval().requires_grad_(False)


@torch.inference_mode()
def recognised(network: nn.Sequential, images: np.ndarray) -> np.ndarray:
    """Return the class as which each uint8 image (N, C, H, W) is seen, int64 (N,)."""
    parts = np.array_split(images, max(1, len(images) // 1000))
    return np.concatenate([network(_pixels(part)).argmax(-1).numpy() for part in parts])


def accuracy(network: nn.Sequential, split: Split) -> float:
    """Share of a split's images that are seen as their own class."""
    return float((recognised(network, split.images) == split.labels).mean())


def _pixels(images: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(images)).float().div_(255)
