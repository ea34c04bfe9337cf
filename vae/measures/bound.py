"""log p(x) of single images from below: the evidence lower bound and its importance-weighted kin.

Every value is in nats and belongs to one image; `evaluation` takes their means.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Distribution

from vae.data.batch import Batch
from vae.errors import UserError
from vae.measures.kept import Kept
from vae.measures.scores import log_px_of_draws
from vae.models.divergence import divergence
from vae.models.marginal import marginal
from vae.models.vae import VAE

BATCH = 500
# numbers a block of decoded images may hold: 8 MB of float32, which stays in the caches
BLOCK = 2**21

Count = Callable[[int], None]


@dataclass(frozen=True)
class Bound:
    """The bound's terms, one per image: NumPy float64 of shape (N,), or (N, z_dim)."""

    log_px: np.ndarray
    kl: np.ndarray | None
    """None where the posterior has no density."""
    kl_per_dim: np.ndarray | None
    """None where there is no KL, or where it does not come apart into dimensions."""
    loc: np.ndarray


def bound_terms(
    model: VAE,
    images: np.ndarray,
    seed: int = 0,
    count: Count | None = None,
    labels: np.ndarray | None = None,
    dequantize: bool = False,
) -> Bound:
    """Reconstruction and KL of each uint8 image, with one z drawn from a generator of ``seed``.

    With ``dequantize`` the reconstruction is that of `dequantized` images. A model that infers
    labels is not told them: its bound sums over all classes.
    """
    return _bound(model, images, seed, count, labels, model.conditioning.infers, dequantize)


def bound_given_labels(model: VAE, images: np.ndarray, labels: np.ndarray, seed: int = 0) -> Bound:
    """As `bound_terms`, given the label of each image, which no model infers here."""
    return _bound(model, images, seed, None, labels, False, False)


def _bound(
    model: VAE,
    images: np.ndarray,
    seed: int,
    count: Count | None,
    labels: np.ndarray | None,
    sums: bool,
    dequantize: bool,
) -> Bound:
    generator = torch.Generator().manual_seed(seed)
    found = batches(model, images, labels)
    score = _marginal_batch if sums else _bound_batch
    parts = [score(model, batch, generator, count, dequantize) for batch in found]
    return Bound(
        np.concatenate([part.log_px for part in parts]),
        _joined([part.kl for part in parts]),
        _joined([part.kl_per_dim for part in parts]),
        np.concatenate([part.loc for part in parts]),
    )


@torch.inference_mode()
def _bound_batch(
    model: VAE,
    batch: Batch,
    generator: torch.Generator,
    count: Count | None,
    dequantize: bool,
) -> Bound:
    x, y, _ = batch
    qz = model.encode(x, y)
    noise = noise_of(qz.mean.shape, x, generator)
    z = model.posterior.draw(qz, noise)
    pixels, volume = dequantized(x, generator) if dequantize else (x, 0.0)
    log_px = log_px_of_draws(model.decode(z, y), pixels, samples=1).squeeze(1) + volume
    kl = per_dim = None
    if model.config.posterior.has_density:
        log_qz = partial(model.posterior.log_prob, qz, noise)
        kl, per_dim = divergence(qz, model.pz(y), z, log_qz)
    if count:
        count(len(x))
    return Bound(
        _array(log_px),
        None if kl is None else _array(kl),
        None if per_dim is None else _array(per_dim),
        _array(qz.mean),
    )


@torch.inference_mode()
def _marginal_batch(
    model: VAE,
    batch: Batch,
    generator: torch.Generator,
    count: Count | None,
    dequantize: bool,
) -> Bound:
    noise = noise_of((len(batch.x), model.config.z_dim), batch.x, generator)
    pixels, volume = dequantized(batch.x, generator) if dequantize else (batch.x, 0.0)
    found = marginal(model, batch.x, noise, pixels)
    if count:
        count(len(batch.x))
    per_dim = found.kl_per_dim
    return Bound(
        _array(found.log_px + volume),
        _array(found.kl),
        None if per_dim is None else _array(per_dim),
        _array(found.loc),
    )


def _joined(parts: list[np.ndarray | None]) -> np.ndarray | None:
    there = [part for part in parts if part is not None]
    return np.concatenate(there) if len(there) == len(parts) else None


def importance_weighted_log_px(
    model: VAE,
    images: np.ndarray,
    samples: int,
    seed: int = 0,
    count: Count | None = None,
    labels: np.ndarray | None = None,
    dequantize: bool = False,
    kept: Kept | None = None,
) -> np.ndarray:
    """Estimate log p(x) of each uint8 image: log mean p(x|z) p(z) / q(z|x) over samples z ~ q.

    A lower bound in expectation that tightens with ``samples`` (Burda et al. 2016, eq. 8); nats,
    NumPy float64 of shape (N,). The decoder runs in the model's own precision, the log-mean-exp
    in float64. With ``dequantize`` x is one `dequantized` image each. What ``kept`` holds of an
    earlier call with the same arguments is not computed again; the numbers are the same.
    """
    kept = kept or Kept()
    if model.conditioning.infers and labels is None:
        return _summed_over_classes(model, images, samples, seed, count, dequantize, kept)
    return _weighted(model, images, samples, seed, count, labels, dequantize, kept, "all")


@torch.inference_mode()
def _weighted(
    model: VAE,
    images: np.ndarray,
    samples: int,
    seed: int,
    count: Count | None,
    labels: np.ndarray | None,
    dequantize: bool,
    kept: Kept,
    part: str,
) -> np.ndarray:
    generator = kept.generator(part, seed)
    channels, height, width = model.config.image_shape
    rows = max(1, BLOCK // (model.likelihood.raw_channels(channels) * height * width))
    there = len(kept.values(part))
    if count and there:
        count(there * samples)
    told = None if labels is None else labels[there:]
    for batch in batches(model, images[there:], told, max(1, rows // samples)):
        qz, pz = model.encode(batch.x, batch.y), model.pz(batch.y)
        pixels, volume = dequantized(batch.x, generator) if dequantize else (batch.x, 0.0)
        batch, parts = batch._replace(x=pixels), []
        for start in range(0, samples, rows):
            block = min(rows, samples - start)
            noise = noise_of((len(batch.x), block, model.config.z_dim), batch.x, generator)
            parts.append(log_weights(model, batch, qz, pz, noise.transpose(0, 1)))
        log_w = torch.cat(parts, dim=1)
        found = torch.logsumexp(log_w, dim=1) - math.log(samples) + volume
        kept.add(part, _array(found), generator)
        if count:
            count(len(batch.x) * samples)
    return kept.values(part)


def dequantized(x: Tensor, generator: torch.Generator) -> tuple[Tensor, float]:
    """Spread each 8-bit value over its cell, and return the logarithm of a cell's volume.

    Pixels k/255 become (k + u)/256 with u uniform from 0 to 1. The mean of log p of these images,
    plus the logarithm of the volume 256^−D of a cell, is a lower bound of the log-probability
    of the 8-bit image (Theis et al. 2016, "A note on the evaluation of generative models", eq. 3).
    """
    u = torch.rand(x.shape, generator=generator).to(x.device, x.dtype)
    return ((255 * x).round() + u) / 256, -x[0].numel() * math.log(256)


def _summed_over_classes(
    model: VAE,
    images: np.ndarray,
    samples: int,
    seed: int,
    count: Count | None,
    dequantize: bool,
    kept: Kept,
) -> np.ndarray:
    """log Σ_y p(y) p(x|y), each p(x|y) from its share of the samples; all classes equally likely.

    The sum over classes is exact, so that only z is drawn.
    """
    classes = model.conditioning.classes
    each = max(1, samples // classes)

    def some(done: int) -> None:
        if count:
            count(done * samples // (each * classes))

    every = (np.full(len(images), label) for label in range(classes))
    found = [
        _weighted(model, images, each, seed, some, labels, dequantize, kept, f"class {label}")
        for label, labels in enumerate(every)
    ]
    return np.asarray(np.logaddexp.reduce(found) - math.log(classes))


def log_weights(
    model: VAE, batch: Batch, qz: Distribution, pz: Distribution, noise: Tensor
) -> Tensor:
    """log p(x|z) + log p(z) − log q(z|x), float64 of shape (batch, samples).

    ``noise`` is (samples, batch, z_dim).
    """
    z = model.posterior.draw(qz, noise)
    log_qz, log_pz = model.posterior.log_prob(qz, noise), pz.log_prob(z)
    y = None if batch.y is None else batch.y.repeat_interleave(len(z))
    px = model.decode(z.transpose(0, 1).flatten(0, 1), y)
    return log_px_of_draws(px, batch.x, len(z)).double() + (log_pz.double() - log_qz.double()).T


def batches(
    model: VAE, images: np.ndarray, labels: np.ndarray | None = None, size: int = BATCH
) -> Iterator[Batch]:
    """Float images in [0, 1] of the model's type and on its device, ``size`` at a time.

    Raises
    ------
    UserError
        Where the model is told labels and there are none.
    """
    like = next(model.parameters())
    if labels is None and model.conditioning.needs_labels:
        raise UserError(
            "this model is told each image's class, and these images have none; choose images "
            "with classes"
        )
    for start in range(0, len(images), size):
        rows = slice(start, start + size)
        x = torch.from_numpy(np.ascontiguousarray(images[rows]))
        y = labels if labels is None else torch.from_numpy(np.int64(labels[rows])).to(like.device)
        index = torch.arange(start, start + len(x), device=like.device)
        pixels = x.to(like.device).to(like.dtype) / 255
        yield Batch(pixels, model.conditioning.filled(pixels, y), index)


def noise_of(shape: tuple[int, ...], like: Tensor, generator: torch.Generator) -> Tensor:
    """Draw standard normal noise of a shape, of the type and on the device of ``like``."""
    # drawn on the CPU in float32, so that a seed means the same on every device and precision
    return torch.randn(shape, generator=generator).to(like.device, like.dtype)


def _array(values: Tensor) -> np.ndarray:
    return values.double().cpu().numpy()
