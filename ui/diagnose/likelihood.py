"""log p(x) of held-out images by importance sampling: long work, begun by a button alone."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ui import resources, work
from ui.resources import datasets

if TYPE_CHECKING:
    from vae.models.vae import VAE

IMAGES, SAMPLES = 500, 500
STEPS = 50


def refusal(model: str) -> str | None:
    """Say why log p(x) of a model has no meaning here; None where it has one."""
    from vae.measures.notes import has_probability
    from vae.models.priors import has_density

    opened = resources.checkpoint(model).model
    if not opened.config.posterior.has_density or not has_density(opened.config.prior):
        return "This model has no density over images: there is no log p(x) to measure."
    split = datasets.originals(model)
    if split is None:
        return "The images are not on this machine, so that log p(x) cannot be measured here."
    if not has_probability(opened, _scored(opened, split.images[:1]), False):
        return (
            "The pixels of this likelihood have a density, no probability; "
            "`python -m vae evaluate --dequantize` gives a bound."
        )
    return None


def key_of(model: str) -> work.Key:
    """Name the work for the version of a model's file that is there now."""
    return ("diagnose-likelihood", resources.version(model), IMAGES, SAMPLES)


def start(model: str) -> work.Work:
    """Begin, or go on after a stop."""
    begun = work.start(key_of(model), lambda done: _steps(model, done), STEPS)
    begun.go_on()
    return begun


def _steps(model: str, done: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """log p(x) and the ELBO of some images more, nats per image."""
    from vae.measures.bound import bound_terms, importance_weighted_log_px

    opened, split = resources.checkpoint(model).model, datasets.originals(model)
    assert split is not None, "asked for only where the images are here"
    rows = np.linspace(0, len(split) - 1, min(IMAGES, len(split))).astype(int)
    for part in np.array_split(rows, STEPS)[done:]:
        images = _scored(opened, split.images[part])
        labels = None if split.labels is None else split.labels[part]
        told = None if opened.conditioning.infers else labels
        log_px = importance_weighted_log_px(opened, images, SAMPLES, 0, None, told)
        terms = bound_terms(opened, images, 0, None, labels)
        assert terms.kl is not None, "only of models with a density"
        yield log_px, terms.log_px - terms.kl


def _scored(opened: "VAE", images: np.ndarray) -> np.ndarray:
    """Cut grey pixels at the middle, where only black and white ones have a probability."""
    from vae.measures.notes import has_probability

    if has_probability(opened, images, False):
        return images
    return np.where(images > 127, 255, 0).astype(np.uint8)


def found(model: str) -> dict[str, Any]:
    """Tell how far it is, and what was found so far."""
    if (reason := refusal(model)) is not None:
        return {"state": "refused", "why": reason}
    begun = work.find(key_of(model))
    if begun is None:
        return {"state": "none", "images": IMAGES, "samples": SAMPLES}
    state = "done" if begun.done else "running" if begun.running else "stopped"
    values = [np.concatenate(parts) for parts in zip(*begun.found, strict=True)]
    told: dict[str, Any] = {
        "state": state,
        "progress": len(begun.found) / begun.total,
        "samples": SAMPLES,
        "error": begun.error,
    }
    if not values:
        return told | {"images": 0}
    log_px, elbo = values
    count = len(log_px)
    spread = float(log_px.std(ddof=1) / np.sqrt(count)) if count > 1 else None
    return told | {
        "images": count,
        "log_px": float(log_px.mean()),
        "stderr": spread,
        "elbo": float(elbo.mean()),
    }
