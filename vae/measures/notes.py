"""What an evaluation says beside its numbers: what is undefined for a model and these pixels."""

from typing import TYPE_CHECKING

import numpy as np
import torch

from vae.measures.bound import batches
from vae.models.divergence import is_exact, kl_per_dim
from vae.models.vae import VAE

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint
    from vae.data import ImageDataset


def has_probability(model: VAE, images: np.ndarray, dequantize: bool) -> bool:
    """Whether log p(x|z) tells how probable the pixels' own values are."""
    return dequantize or not (model.likelihood.is_density or blurs(model, images))


def blurs(model: VAE, images: np.ndarray) -> bool:
    """Whether grey pixels are read as probabilities of black and white ones."""
    return model.likelihood.is_binary and bool(((images != 0) & (images != 255)).any())


def note(
    model: VAE, images: np.ndarray, binarize: str, samples: int, dequantize: bool
) -> str | None:
    """Say what is undefined in an evaluation and why; None where there is nothing to say."""
    notes, undefined = [], "nll and bits_per_dim are" if samples else "bits_per_dim is"
    if not model.config.posterior.has_density:
        notes.append(
            "this model gives each image one point, without a posterior density, so that elbo, "
            "kl, kl_per_dim, bits_per_dim and nll are undefined"
        )
    if model.conditioning.needs_labels:
        notes.append(
            "the model is told each image's class, so that elbo and nll are of log p(x|y), not p(x)"
        )
    if blurs(model, images):
        notes.append(
            "grey pixels under a Bernoulli give the bound's expectation over stochastic "
            f"binarization, not a likelihood, so that {undefined} undefined; "
            "use --binarize stochastic"
        )
    elif dequantize:
        notes.append(
            "pixels are 8-bit values with uniform noise added (Theis et al. 2016), so that elbo, "
            "nll and bits_per_dim are bounds on the probability of these values"
        )
    elif model.likelihood.is_density:
        notes.append(
            f"the likelihood is a density over pixels in [0, 1], so that {undefined} undefined; "
            "use --dequantize; a density may exceed 1, so that -elbo may be negative"
        )
    if floor := model.likelihood.floor_words():
        notes.append(
            f"{floor}, so that the density could still grow; pixels that never change are one "
            "reason"
        )
    if binarize == "fixed":
        notes.append("fixed is this project's own fixed draw, not Larochelle's files")
    if model.config.posterior.has_density:
        notes += _kl_notes(model, images)
    return "; ".join(notes) or None


def other_classes(checkpoint: "Checkpoint", dataset: "ImageDataset") -> str | None:
    """Say that a model takes a data set's labels for classes of its own, which mean other things.

    None where they mean the same, and for a model that is told no class.
    """
    if not checkpoint.model.conditioning.classes:
        return None
    own = checkpoint.dataset.get("class_names") or []
    pairs = list(zip(dataset.class_names, own, strict=False))
    other = [(label, *pair) for label, pair in enumerate(pairs) if pair[0] != pair[1]]
    if not other:
        return None
    label, theirs, ours = other[0]
    return (
        f"the model is told each label of {dataset.name} as its own class of that number, which "
        f"means something else: label {label} is {theirs!r} there and {ours!r} here "
        f"({len(other)} of {len(pairs)} labels differ)"
    )


def _kl_notes(model: VAE, images: np.ndarray) -> list[str]:
    """Say where the KL is estimated, and where it does not come apart into dimensions."""
    x, y, _ = next(batches(model, images[:1], np.zeros(1, np.int64)))
    with torch.inference_mode():
        qz, pz = model.encode(x, y), model.pz(y)
        exact, apart = is_exact(qz, pz), kl_per_dim(qz, pz) is not None
    parts = [] if exact else ["kl is estimated with one sample per image"]
    parts += [] if apart else ["kl_per_dim is null"]
    if not parts:
        return []
    which = "prior" if model.config.posterior.factorises else "posterior"
    return [f"the {which} does not factorise, so that {' and '.join(parts)}"]
