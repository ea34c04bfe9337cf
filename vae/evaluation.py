"""How well a model explains a split: bound, likelihood, rate a dimension, and its code's use.

All terms are in nats an image; `Evaluation` holds their means over a whole split.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Distribution, Independent, Normal, kl_divergence
from torch.nn import functional as F

from vae.checkpoint import Atlas
from vae.data import Split
from vae.errors import UserError
from vae.model import VAE

BINARIZE = ("none", "stochastic", "fixed")
MAX_IMPORTANCE_SAMPLES = 100_000
ACTIVE_VARIANCE = 0.01
BATCH = 500
# numbers a block of decoded images may hold: 8 MB of float32, which stays in the caches
BLOCK = 2**21
# of the one draw behind "fixed"; far from any seed a person would pass
FIXED_SEED = 0x5EED_F1CED

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Evaluation:
    """What a model reaches on a split; what is undefined is None and `note` says why.

    ``elbo``, ``reconstruction``, ``kl`` and ``nll`` are mean nats an image, ``kl_per_dim`` mean
    nats a latent dimension, ``bits_per_dim`` is −elbo in bits a pixel and channel, and
    ``nll_stderr`` is the standard error of ``nll`` over images.
    """

    elbo: float | None
    reconstruction: float
    kl: float | None
    bits_per_dim: float | None
    kl_per_dim: tuple[float, ...] | None
    active_units: int
    n_images: int
    split: str
    binarize: str
    seed: int
    importance_samples: int = 0
    nll: float | None = None
    nll_stderr: float | None = None
    knn_accuracy: float | None = None
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; ``nll`` and ``knn_accuracy`` only where they were asked for."""
        values = asdict(self)
        if self.kl_per_dim is not None:
            values["kl_per_dim"] = list(self.kl_per_dim)
        if not self.importance_samples:
            del values["nll"], values["nll_stderr"]
        if self.knn_accuracy is None:
            del values["knn_accuracy"]
        return values


@dataclass(frozen=True)
class Bound:
    """The bound's terms, one a image: NumPy float64 of shape (N,), or (N, z_dim)."""

    log_px: np.ndarray
    kl: np.ndarray
    kl_per_dim: np.ndarray | None
    loc: np.ndarray


def evaluate(
    model: VAE,
    split: Split,
    *,
    importance_samples: int = 0,
    binarize: str = "none",
    seed: int = 0,
    split_name: str = "test",
    progress: Progress | None = None,
) -> Evaluation:
    """Evaluate a model on every image of a split.

    ``elbo`` is ``reconstruction`` − ``kl`` whatever β trained the model; one z an image is drawn
    from a generator of ``seed``. ``active_units`` counts the dimensions whose E[z|x] has a
    variance above 0.01 over the split (Burda et al. 2016). ``progress(done, total)`` counts
    decoded images. Raises `UserError` for images of another shape and for numbers out of range.
    """
    _check(model, split, importance_samples, binarize)
    images = binarized(split.images, binarize, seed)
    point = model.config.posterior == "point"
    weigh = importance_samples > 0 and not point and _normalised(model, images)
    steps = _Steps(len(images) * (1 + importance_samples * weigh), progress)
    terms = bound_terms(model, images, seed, steps)
    nll = nll_stderr = None
    if weigh:
        values = -importance_weighted_log_px(model, images, importance_samples, seed, steps)
        nll, nll_stderr = _mean(values), _stderr(values)
    reconstruction = _mean(terms.log_px)
    kl = None if point else _mean(terms.kl)
    elbo = None if kl is None else reconstruction - kl
    per_dim = None if point or terms.kl_per_dim is None else terms.kl_per_dim.mean(0)
    bits = None
    if elbo is not None and _normalised(model, images) and not _is_density(model):
        bits = -elbo / (images[0].size * math.log(2))
    return Evaluation(
        elbo=elbo,
        reconstruction=reconstruction,
        kl=kl,
        bits_per_dim=bits,
        kl_per_dim=None if per_dim is None else tuple(map(float, per_dim)),
        active_units=active_units(terms.loc),
        n_images=len(images),
        split=split_name,
        binarize=binarize,
        seed=seed,
        importance_samples=importance_samples,
        nll=nll,
        nll_stderr=nll_stderr,
        note=_note(model, images, binarize, importance_samples),
    )


def bound_terms(
    model: VAE, images: np.ndarray, seed: int = 0, progress: Callable[[int], None] | None = None
) -> Bound:
    """Reconstruction and KL of each uint8 image, with one z drawn from a generator of ``seed``."""
    generator = torch.Generator().manual_seed(seed)
    batches = [_bound_batch(model, x, generator, progress) for x in _batches(model, images)]
    per_dim = [batch.kl_per_dim for batch in batches]
    return Bound(
        np.concatenate([batch.log_px for batch in batches]),
        np.concatenate([batch.kl for batch in batches]),
        None if any(part is None for part in per_dim) else np.concatenate(per_dim),
        np.concatenate([batch.loc for batch in batches]),
    )


@torch.inference_mode()
def _bound_batch(
    model: VAE, x: Tensor, generator: torch.Generator, progress: Callable[[int], None] | None
) -> Bound:
    qz, pz = model.encode(x), model.prior()
    z = qz.loc + qz.scale * _noise(qz.loc.shape, x, generator)
    log_px = _log_px(model.decode(z), x, samples=1).squeeze(1)
    per_dim = None
    if isinstance(pz, Normal):
        per_dim = kl_divergence(qz, pz)
        kl = per_dim.sum(-1)
    else:
        kl = qz.log_prob(z).sum(-1) - pz.log_prob(z)
    if progress:
        progress(len(x))
    return Bound(
        _array(log_px), _array(kl), None if per_dim is None else _array(per_dim), _array(qz.loc)
    )


@torch.inference_mode()
def importance_weighted_log_px(
    model: VAE,
    images: np.ndarray,
    samples: int,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> np.ndarray:
    """Estimate log p(x) of each uint8 image: log mean p(x|z) p(z) / q(z|x) over samples z ~ q.

    A lower bound in expectation that tightens with ``samples`` (Burda et al. 2016, eq. 8); nats,
    NumPy float64 of shape (N,). The decoder runs in the model's own precision, the log-mean-exp
    in float64.
    """
    generator = torch.Generator().manual_seed(seed)
    rows = max(1, BLOCK // images[0].size)
    result = []
    for x in _batches(model, images, max(1, rows // samples)):
        qz, pz = model.encode(x), model.prior()
        parts = []
        for start in range(0, samples, rows):
            count = min(rows, samples - start)
            eps = _noise((len(x), count, model.config.z_dim), x, generator)
            parts.append(_log_weights(model, x, qz, pz, eps))
        log_w = torch.cat(parts, dim=1)
        result.append(_array(torch.logsumexp(log_w, dim=1) - math.log(samples)))
        if progress:
            progress(len(x) * samples)
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


@torch.inference_mode()
def encode_split(model: VAE, split: Split, progress: Progress | None = None) -> Atlas:
    """Posterior loc and scale of every image of a split, with its label (−1 for none) and row."""
    _check_shape(model, split)
    steps = _Steps(len(split), progress)
    loc, scale = [], []
    for x in _batches(model, split.images):
        qz = model.encode(x)
        loc.append(qz.loc.float().cpu().numpy())
        scale.append(qz.scale.float().cpu().numpy())
        steps(len(x))
    label = np.full(len(split), -1) if split.labels is None else split.labels
    return Atlas(
        np.concatenate(loc),
        np.concatenate(scale),
        np.asarray(label, dtype=np.int64),
        np.arange(len(split), dtype=np.int64),
    )


def active_units(loc: np.ndarray) -> int:
    """Count the columns of ``loc`` (N, z_dim) whose variance over the rows exceeds 0.01."""
    return int((loc.astype(np.float64).var(axis=0) > ACTIVE_VARIANCE).sum())


def knn_accuracy(
    train_loc: np.ndarray,
    train_label: np.ndarray,
    test_loc: np.ndarray,
    test_label: np.ndarray,
    k: int = 15,
) -> float:
    """Share of test codes whose class is the majority among their k nearest training codes.

    Codes are (N, z_dim), labels (N,); a tie goes to the smaller label.
    """
    if not 1 <= k <= len(train_loc):
        raise UserError(f"k must be from 1 to the {len(train_loc)} training codes, not {k}")
    # scikit-learn takes a second to import, and few callers come here
    from sklearn.neighbors import KNeighborsClassifier

    classifier = KNeighborsClassifier(n_neighbors=k).fit(train_loc, train_label)
    return float((classifier.predict(test_loc) == test_label).mean())


def binarized(images: np.ndarray, how: str, seed: int = 0) -> np.ndarray:
    """Give uint8 images with their pixels drawn as 0 or 255, grey values as probabilities.

    "stochastic" draws each pixel once from ``seed``; "fixed" draws it from a seed of its own that
    never changes, and "none" returns the images as they are.
    """
    if how not in BINARIZE:
        raise UserError(f"unknown binarize '{how}'; choose from {', '.join(BINARIZE)}")
    if how == "none":
        return images
    rng = np.random.default_rng(FIXED_SEED if how == "fixed" else seed)
    drawn = np.empty_like(images)
    for start in range(0, len(images), BATCH):
        part = images[start : start + BATCH]
        # a whole number below 255 keeps black pixels black and white ones white
        ink = rng.integers(0, 255, part.shape, dtype=np.uint8) < part
        drawn[start : start + BATCH] = np.where(ink, 255, 0)
    return drawn


class _Steps:
    """Adds up what was done and reports it as ``progress(done, total)``."""

    def __init__(self, total: int, progress: Progress | None):
        self.done, self.total, self.progress = 0, total, progress

    def __call__(self, count: int) -> None:
        self.done += count
        if self.progress:
            self.progress(self.done, self.total)


def _check(model: VAE, split: Split, samples: int, binarize: str) -> None:
    _check_shape(model, split)
    if binarize not in BINARIZE:
        raise UserError(f"unknown binarize '{binarize}'; choose from {', '.join(BINARIZE)}")
    if not 0 <= samples <= MAX_IMPORTANCE_SAMPLES:
        raise UserError(
            f"importance samples must be from 0 to {MAX_IMPORTANCE_SAMPLES}, not {samples}"
        )


def _check_shape(model: VAE, split: Split) -> None:
    if not len(split):
        raise UserError("the split holds no images; choose another split")
    expected, shape = tuple(model.config.image_shape), tuple(split.images.shape[1:])
    if expected != shape:
        raise UserError(
            f"the model takes images of {expected} (channels, height, width), these are {shape}; "
            "choose the data set the model was trained on"
        )


def _batches(model: VAE, images: np.ndarray, size: int = BATCH) -> Iterator[Tensor]:
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


def _mean(values: np.ndarray) -> float:
    mean = float(values.mean())
    if not math.isfinite(mean):
        raise UserError(
            "the model gives numbers that are not finite; "
            "its training has diverged, train again with a lower learning rate"
        )
    return mean


def _stderr(values: np.ndarray) -> float | None:
    if len(values) < 2:
        return None
    return float(values.std(ddof=1) / math.sqrt(len(values)))


def _is_density(model: VAE) -> bool:
    return model.config.likelihood.name != "bernoulli"


def _normalised(model: VAE, images: np.ndarray) -> bool:
    """Whether log p(x|z) of these pixels is a probability or density that sums to one."""
    return _is_density(model) or not bool(((images != 0) & (images != 255)).any())


def _note(model: VAE, images: np.ndarray, binarize: str, samples: int) -> str | None:
    notes = []
    if model.config.posterior == "point":
        notes.append(
            "a plain autoencoder has no posterior density, so that elbo, kl, kl_per_dim, "
            "bits_per_dim and nll are undefined"
        )
    if not _normalised(model, images):
        undefined = "nll and bits_per_dim are" if samples else "bits_per_dim is"
        notes.append(
            "grey pixels under a Bernoulli give the bound's expectation over stochastic "
            f"binarization, not a likelihood, so that {undefined} undefined; "
            "use --binarize stochastic"
        )
    elif _is_density(model):
        notes.append(
            "the likelihood is a density over pixels in [0, 1], so that bits_per_dim is undefined"
        )
    if binarize == "fixed":
        notes.append("fixed is this project's own fixed draw, not Larochelle's files")
    if not isinstance(model.prior(), Normal):
        notes.append("the prior does not factorise, so that kl is estimated and kl_per_dim null")
    return "; ".join(notes) or None
