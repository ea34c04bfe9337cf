"""The network of a classifier: how it is built and trained, and what it answers."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vae.data import Split
from vae.data.warp import warped
from vae.errors import UserError
from vae.models.vae import seeded

BATCH, LEARNING_RATE = 128, 2e-3


def build_classifier(
    image_shape: tuple[int, ...],
    classes: int,
    hidden: tuple[int, ...] = (500,),
    seed: int = 0,
    pool: int = 1,
) -> nn.Sequential:
    """Make an untrained classifier: pixels in [0, 1] to one logit per class.

    ``pool`` × ``pool`` pixels are averaged first.
    """
    with seeded(seed):
        channels, height, width = image_shape
        inputs = channels * (height // pool) * (width // pool)
        layers: list[nn.Module] = [nn.AvgPool2d(pool)] if pool > 1 else []
        layers.append(nn.Flatten())
        for width in hidden:
            layers += [nn.Linear(inputs, width), nn.LayerNorm(width), nn.ReLU()]
            inputs = width
        return nn.Sequential(*layers, nn.Linear(inputs, classes))


def train_classifier(
    network: nn.Sequential,
    images: np.ndarray,
    labels: np.ndarray,
    steps: int,
    seed: int = 0,
    grey: float = 0.0,
    warp: float = 0.0,
    progress: Callable[[int, int], None] | None = None,
) -> nn.Sequential:
    """Train in place by cross-entropy on uint8 images (N, C, H, W), and return the network.

    Pixels are drawn as black or white anew at each step, as the models' own training draws them,
    except those of a share ``grey`` of the images, and images are then warped up to a strength;
    the step size falls to 0 along a cosine. ``progress(done, total)`` counts steps.
    """
    if not len(images):
        raise UserError("a classifier needs images with labels; choose a data set with classes")
    generator = torch.Generator().manual_seed(seed)
    y = torch.from_numpy(np.asarray(labels, dtype=np.int64))
    optimizer = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, fused=True)
    untouched = round(grey * BATCH)
    for step in range(steps):
        rows = torch.randint(len(images), (BATCH,), generator=generator)
        pixels = _pixels(images[rows.numpy()])
        x = torch.bernoulli(pixels, generator=generator)
        x[:untouched] = pixels[:untouched]
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
        loss = F.cross_entropy(network(warped(x, warp, generator)), y[rows])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if progress:
            progress(step + 1, steps)
    return network.eval().requires_grad_(False)


@torch.inference_mode()
def recognised(network: nn.Sequential, images: np.ndarray) -> np.ndarray:
    """Return the class as which each uint8 image (N, C, H, W) is seen, int64 (N,)."""
    return answers(network, images).argmax(-1)


@torch.inference_mode()
def answers(network: nn.Module, images: np.ndarray) -> np.ndarray:
    """Return what a network, or its first layers, make of uint8 images; float32 (N, outputs)."""
    parts = np.array_split(images, max(1, len(images) // 1000))
    return np.concatenate([network(_pixels(part)).numpy() for part in parts])


def accuracy(network: nn.Sequential, split: Split) -> float:
    """Share of a split's images that are seen as their own class."""
    return float((recognised(network, split.images) == split.labels).mean())


def _pixels(images: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(images)).float().div_(255)
