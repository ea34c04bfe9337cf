"""What the first numbers of an ordered code keep of images: the squared error at each width."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from vae.data import Split
from vae.measures.bound import batches
from vae.measures.counter import Counter, Progress
from vae.measures.standard_error import standard_error
from vae.models.vae import VAE
from vae.training.objectives.nested_dropout import first_of_code

KEY = "widths"
"""Where the curve stands among a model's metrics."""
MOST = 64
"""So many widths of a longer code are measured, at equal ratios."""


def widths_of(z_dim: int) -> list[int]:
    """List the widths that are measured, ascending: all of them, or `MOST` at most."""
    if z_dim <= MOST:
        return list(range(1, z_dim + 1))
    return sorted({round(width) for width in np.geomspace(1, z_dim, MOST)})


@torch.inference_mode()
def squared_errors(
    model: VAE, split: Split, widths: Sequence[int], progress: Progress | None = None
) -> np.ndarray:
    """Squared error of each image decoded from so many first numbers of its code.

    Over pixels in [0, 1], whose sum it is; float64 (widths, images).
    """
    found: list[np.ndarray] = []
    steps = Counter(len(split) * (1 + len(widths)), progress)
    for x, y, _ in batches(model, split.images, split.labels):
        code = model.encode(x, y).mean
        steps(len(x))
        errors = []
        for width in widths:
            again = model.decode_mean(first_of_code(code, width), y)
            errors.append((again - x).square().flatten(1).sum(1).double().cpu().numpy())
            steps(len(x))
        found.append(np.stack(errors))
    return np.concatenate(found, 1)


def measure(model: VAE, split: Split, progress: Progress | None = None) -> list[dict[str, Any]]:
    """Tell of each width: mean squared error over a split's images, and its standard error."""
    widths = widths_of(model.config.z_dim)
    errors = squared_errors(model, split, widths, progress)
    off = [standard_error(each) if len(each) > 1 else None for each in errors]
    return [
        {"width": width, "error": float(each.mean()), "error_stderr": e}
        for width, each, e in zip(widths, errors, off, strict=True)
    ]
