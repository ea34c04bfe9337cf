"""log p(x) of single images from below: the evidence lower bound and its importance-weighted kin.

Every value is in nats and belongs to one image; `evaluation` takes their means.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Distribution, Independent, Normal, kl_divergence
from torch.nn import functional as F

from vae.models.vae import VAE

BATCH = 500
# numbers a block of decoded images may hold: 8 MB of float32, which stays in the caches
BLOCK = 2**21

Count = Callable[[int], None]


@dataclass(frozen=True)
class Bound:
    """The bound's terms, one an image: NumPy float64 of shape (N,), or (N, z_dim)."""

    log_px: np.ndarray
    kl: np.ndarray
    kl_per_dim: np.ndarray | None
    loc: np.ndarray


def bound_terms(model: VAE, images: np.ndarray, seed: int = 0, count: Count | None = None) -> Bound:
    """Reconstruction and KL of each uint8 image, with one z drawn from a generator of ``seed``."""
    generator = torch.Generator().manual_seed(seed)
    parts = [_bound_batch(model, x, generator, count) for x in batches(model, images)]
    per_dim = [part.kl_per_dim for part in parts]
    return Bound(
        np.concatenate([part.log_px for part in parts]),
        np.concatenate([part.kl for part in parts]),
        None if any(values is None for values in per_dim) else np.concatenate(per_dim),
        np.concatenate([part.loc for part in parts]),
    )


@torch.inference_mode()
def _bound_batch(model: VAE, x: Tensor, generator: torch.Generator, count: Count | None) -> Bound:
    qz, pz = model.encode(x), model.prior()
    z = qz.loc + qz.scale * _noise(qz.loc.shape, x, generator)
    log_px = _log_px(model.decode(z), x, samples=1).squeeze(1)
    per_dim = None
    if isinstance(pz, Normal):
        per_dim = kl_divergence(qz, pz)
        kl = per_dim.sum(-1)
    else:
        kl = qz.log_prob(z).sum(-1) - pz.log_prob(z)
    if count:
        count(len(x))
    return Bound(
        _array(log_px), _array(kl), None if per_dim is None else _array(per_dim), _array(qz.loc)
    )


@torch.inference_mode()
def importance_weighted_log_px(
    model: VAE,
    images: np.ndarray,
    samples: int,
    seed: int = 0,
    count: Count | None = None,
) -> np.ndarray:
    """Estimate log p(x) of each uint8 image: log mean p(x|z) p(z) / q(z|x) over samples z ~ q.

    A lower bound in expectation that tightens with ``samples`` (Burda et al. 2016, eq. 8); nats,
    NumPy float64 of shape (N,). The decoder runs in the model's own precision, the log-mean-exp
    in float64.
    """
    generator = torch.Generator().manual_seed(seed)
    rows = max(1, BLOCK // images[0].size)
    result = []
    for x in batches(model, images, max(1, rows // samples)):
        qz, pz = model.encode(x), model.prior()
        parts = []
        for start in range(0, samples, rows):
            block = min(rows, samples - start)
            eps = _noise((len(x), block, model.config.z_dim), x, generator)
            parts.append(_log_weights(model, x, qz, pz, eps))
        log_w = torch.cat(parts, dim=1)
        result.append(_array(torch.logsumexp(log_w, dim=1) - math.log(samples)))
        if count:
            count(len(x) * samples)
    return np.concatenate(result)


def _log_weights(model: VAE, x: Tensor, qz: Normal, pz: Distribution, eps: Tensor) -> Tensor:
    """log p(x|z) + log p(z) − log q(z|x), float64 of shape (batch, samples)."""
    z = qz.loc[:, None] + qz.scale[:, None] * eps
    # the constant −log(2π)/2 of both normals cancels only if both keep it
    log_qz = (-0.5 * eps**2 - qz.scale.log()[:, None] - 0.5 * math.log(2 * math.pi)).sum(-1)
    log_pz = pz.log_prob(z)
    if log_pz.dim() == z.dim():
        log_pz = log_pz.sum(-1)
    log_px = _log_px(model.decode(z.flatten(0, 1)), x, z.shape[1])
    return log_px.double() + (log_pz.double() - log_qz.double())


def _log_px(px: Independent, x: Tensor, samples: int) -> Tensor:
    """log p(x|z) where ``samples`` decoded images an image x follow one another.

    ``px`` has batch shape (batch · samples,), the result (batch, samples).
    """
    if isinstance(px.base_dist, Bernoulli):
        # x·logits − Σ softplus(logits): one product and one sum in place of a repeated x
        logits = px.base_dist.logits.reshape(len(x), samples, -1)
        ink = torch.bmm(logits, x.flatten(1)[:, :, None]).squeeze(-1)
        return ink - F.softplus(logits).sum(-1)
    return px.log_prob(x.repeat_interleave(samples, 0)).reshape(len(x), samples)


def batches(model: VAE, images: np.ndarray, size: int = BATCH) -> Iterator[Tensor]:
    """Float images in [0, 1] of the model's type and on its device, ``size`` at a time."""
    like = next(model.parameters())
    for start in range(0, len(images), size):
        x = torch.from_numpy(np.ascontiguousarray(images[start : start + size]))
        yield x.to(like.device).to(like.dtype) / 255


def _noise(shape: tuple[int, ...], like: Tensor, generator: torch.Generator) -> Tensor:
    # drawn on the CPU in float32, so that a seed means the same on every device and precision
    return torch.randn(shape, generator=generator).to(like.device, like.dtype)


def _array(values: Tensor) -> np.ndarray:
    return values.double().cpu().numpy()
