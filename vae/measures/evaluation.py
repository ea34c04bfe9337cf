"""How well a model explains a split: bound, likelihood, rate a dimension, and its code's use.

All terms are in nats per image; `Evaluation` holds their means over a whole split.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Distribution

from vae.checkpoint import Atlas
from vae.data import Split
from vae.errors import UserError
from vae.measures.bound import BATCH, batches, bound_terms, importance_weighted_log_px
from vae.measures.counter import Counter, Progress
from vae.measures.notes import has_probability, note
from vae.measures.recognition import inferred_accuracy
from vae.measures.standard_error import standard_error
from vae.models.posteriors.posterior import MOST_CORRELATED
from vae.models.usage import used_dimensions
from vae.models.vae import VAE

BINARIZE = ("none", "stochastic", "fixed")
MAX_IMPORTANCE_SAMPLES = 100_000
# of the one draw behind "fixed"; far from any seed a person would pass
FIXED_SEED = 0x5EED_F1CED
EIGHT_BIT, BLACK_OR_WHITE = "8-bit values", "black or white"


@dataclass(frozen=True)
class Evaluation:
    """What a model reaches on a split; what is undefined is None and `note` says why.

    ``elbo``, ``reconstruction``, ``kl`` and ``nll`` are mean nats per image, ``kl_per_dim`` mean
    nats a latent dimension, ``bits_per_dim`` is −elbo in bits per pixel and channel,
    ``nll_stderr`` is the standard error of ``nll`` over images, and ``pixel_scale`` the standard
    deviation of a pixel under a normal likelihood, in pixel values: the root mean square where it
    differs by position, and then ``pixel_scale_range`` has the smallest and the largest. ``pixels``
    says which values of a pixel have the probability that ``bits_per_dim`` tells.
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
    accuracy: float | None = None
    pixel_scale: float | None = None
    pixel_scale_range: tuple[float, float] | None = None
    pixels: str | None = None
    dequantize: bool = False
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; what only some models or calls have is there only if there is any."""
        values = asdict(self)
        for key in ("kl_per_dim", "pixel_scale_range"):
            if values[key] is not None:
                values[key] = list(values[key])
        if not self.importance_samples:
            del values["nll"], values["nll_stderr"]
        for key in ("knn_accuracy", "pixel_scale", "pixel_scale_range", "pixels", "dequantize"):
            if not values[key]:
                del values[key]
        return values


def evaluate(
    model: VAE,
    split: Split,
    *,
    importance_samples: int = 0,
    binarize: str = "none",
    dequantize: bool = False,
    seed: int = 0,
    split_name: str = "test",
    progress: Progress | None = None,
) -> Evaluation:
    """Evaluate a model on every image of a split.

    ``elbo`` is ``reconstruction`` − ``kl`` whatever β trained the model; one z an image is drawn
    from a generator of ``seed``. ``active_units`` counts the dimensions whose E[z|x] has a
    variance above 0.01 over the split (Burda et al. 2016). ``progress(done, total)`` counts
    decoded images. With ``dequantize`` a density is turned into a bound on the probability of the
    8-bit values (`bound.dequantized`); without it ``bits_per_dim`` and ``nll`` of one are None.
    Raises `UserError` for images of another shape and for numbers out of range.
    """
    check(model, split, importance_samples, binarize, dequantize)
    images = binarized(split.images, binarize, seed)
    has_density = model.config.posterior.has_density
    probable = has_density and has_probability(model, images, dequantize)
    weighted = importance_samples if probable else 0
    steps = Counter(len(images) * (1 + weighted), progress)
    terms = bound_terms(model, images, seed, steps, split.labels, dequantize)
    reconstruction = _mean(terms.log_px)
    kl = None if terms.kl is None else _mean(terms.kl)
    elbo = None if kl is None else reconstruction - kl
    per_dim = None if terms.kl_per_dim is None else terms.kl_per_dim.mean(0)
    bits = None
    if elbo is not None and probable:
        bits = -elbo / (images[0].size * math.log(2))
    nll = nll_stderr = None
    if weighted:
        told = None if model.conditioning.infers else split.labels
        values = -importance_weighted_log_px(model, images, weighted, seed, steps, told, dequantize)
        nll, nll_stderr = _mean(values), standard_error(values) if len(values) > 1 else None
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
        accuracy=_accuracy(model, images, split.labels),
        pixel_scale=model.likelihood.pixel_scale(),
        pixel_scale_range=model.likelihood.scale_range(),
        pixels=None
        if bits is None
        else BLACK_OR_WHITE
        if model.likelihood.is_binary
        else EIGHT_BIT,
        dequantize=dequantize,
        note=note(model, images, binarize, importance_samples, dequantize),
    )


def _accuracy(model: VAE, images: np.ndarray, labels: np.ndarray | None) -> float | None:
    """Return how often the model's own classifier is right about the images with a label.

    None where it has none, or none of the images has a label.
    """
    if labels is None or not model.conditioning.infers:
        return None
    known = np.flatnonzero(labels >= 0)
    return inferred_accuracy(model, images[known], labels[known]) if len(known) else None


@torch.inference_mode()
def encode_split(
    model: VAE, split: Split, progress: Progress | None = None, told: bool = True
) -> Atlas:
    """Posterior of every image of a split as an atlas keeps it, its label (−1 for none) and row.

    ``told`` is whether a model that infers labels is told those that are known.
    """
    _check_shape(model, split)
    steps = Counter(len(split), progress)
    parts: list[dict[str, np.ndarray]] = []
    for x, y, _ in batches(model, split.images, split.labels if told else None):
        found = _shapes(model, model.encode(x, y))
        parts.append({key: value.float().cpu().numpy() for key, value in found.items()})
        steps(len(x))
    label = np.full(len(split), -1) if split.labels is None else split.labels
    columns: dict[str, Any] = {
        key: np.concatenate([part[key] for part in parts]) for key in parts[0]
    }
    return Atlas(
        **columns,
        label=np.asarray(label, dtype=np.int64),
        index=np.arange(len(split), dtype=np.int64),
    )


def _shapes(model: VAE, qz: Distribution) -> dict[str, Tensor]:
    """Return what an atlas keeps of a batch of posteriors."""
    found, z_dim = {"loc": qz.mean, "scale": qz.stddev}, model.config.z_dim
    if model.config.posterior.factorises or not 2 <= z_dim <= MOST_CORRELATED:
        return found
    factor, outline = model.posterior.factor(qz), model.posterior.outlines(qz)
    if factor is not None:
        rows, columns = torch.tril_indices(z_dim, z_dim, device=factor.device)
        found["tril"] = factor[..., rows, columns]
    return found if outline is None else found | {"outline": outline}


def active_units(loc: np.ndarray) -> int:
    """Count the columns of ``loc`` (N, z_dim) that `usage.used_dimensions` finds in use."""
    return int(used_dimensions(loc).sum())


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
    return float(knn_right(train_loc, train_label, test_loc, test_label, k).mean())


def knn_right(
    train_loc: np.ndarray,
    train_label: np.ndarray,
    test_loc: np.ndarray,
    test_label: np.ndarray,
    k: int = 15,
) -> np.ndarray:
    """Tell of which test codes the majority names the class, as `knn_accuracy`; boolean (N,)."""
    if not 1 <= k <= len(train_loc):
        raise UserError(f"k must be from 1 to the {len(train_loc)} training codes, not {k}")
    # scikit-learn takes a second to import, and few callers come here
    from sklearn.neighbors import KNeighborsClassifier

    classifier = KNeighborsClassifier(n_neighbors=k).fit(train_loc, train_label)
    right: np.ndarray = classifier.predict(test_loc) == test_label
    return right


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


def check(model: VAE, split: Split, samples: int, binarize: str, dequantize: bool) -> None:
    """Refuse images of another shape, and numbers and words out of range, by `UserError`."""
    _check_shape(model, split)
    if dequantize and not model.likelihood.is_density:
        raise UserError(
            f"the likelihood {model.config.likelihood.name} gives the probability of a pixel's "
            "values, no density; leave --dequantize out"
        )
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


def _mean(values: np.ndarray) -> float:
    mean = float(values.mean())
    if not math.isfinite(mean):
        raise UserError(
            "the model gives numbers that are not finite; "
            "its training has diverged, train again with a lower learning rate"
        )
    return mean
