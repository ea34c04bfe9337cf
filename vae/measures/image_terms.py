"""The bound of each image of a split, and how much of it is owed to the image's own code."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from vae.errors import UserError
from vae.measures.bound import Count, batches, bound_terms
from vae.models.vae import VAE

PLACES = {"worst": 0.0, "median": 0.5, "best": 1.0}
"""Which images are shown, by the share of all images that are reconstructed worse."""

AS_WELL = 0.01
"""Nats below which two scores of an image are taken for the same: float32 sums end so far apart."""


@dataclass(frozen=True)
class ImageTerms:
    """Terms of each image in nats, NumPy float64 of shape (N,), or (N, z_dim)."""

    log_px: np.ndarray
    """log p(x|z) with one draw of z from the image's own posterior."""
    swapped: np.ndarray
    """log p(x|z) with the posterior mean of another image: what is known without the own code."""
    kl: np.ndarray | None
    """None where the posterior has no density."""
    kl_per_dim: np.ndarray | None
    """None where there is no KL, or where it does not come apart into dimensions."""
    loc: np.ndarray
    """Posterior means."""

    @property
    def mistaken(self) -> float:
        """Share of the images that another image's code explains at least as well as their own."""
        return float((self.swapped >= self.log_px - AS_WELL).mean())

    def rows(self, place: str, count: int) -> list[int]:
        """Return the images at one of `PLACES`, by log p(x|z); the worst, or the best, come first.

        The median's neighbours come in the order of their log p(x|z).
        """
        order = np.argsort(self.log_px, kind="stable")
        if place == "best":
            order = order[::-1]
        start = int(PLACES[place] * (len(order) - count)) if place == "median" else 0
        return [int(row) for row in order[max(0, start) :][:count]]


def image_terms(
    model: VAE,
    images: np.ndarray,
    labels: np.ndarray | None = None,
    seed: int = 0,
    count: Count | None = None,
) -> ImageTerms:
    """Measure each uint8 image (N, C, H, W), with one z drawn from a generator of ``seed``.

    ``count`` hears of each image, once for its own code and once for another's.

    Raises
    ------
    UserError
        For images of another shape than the model's.
    """
    expected = tuple(model.config.image_shape)
    if images.shape[1:] != expected:
        raise UserError(
            f"the model takes images of {expected} (channels, height, width), these are "
            f"{tuple(images.shape[1:])}; choose the data set the model was trained on"
        )
    found = bound_terms(model, images, seed, count, labels)
    swapped = _log_px_at(model, images, labels, np.roll(found.loc, 1, axis=0), count)
    return ImageTerms(found.log_px, swapped, found.kl, found.kl_per_dim, found.loc)


@torch.inference_mode()
def _log_px_at(
    model: VAE,
    images: np.ndarray,
    labels: np.ndarray | None,
    z: np.ndarray,
    count: Callable[[int], None] | None,
) -> np.ndarray:
    parts, start = [np.zeros(0)], 0
    for x, y, _ in batches(model, images, _told(model, labels, len(images))):
        place = torch.from_numpy(z[start : start + len(x)]).to(x)
        parts.append(model.log_px(x, place, y).double().cpu().numpy())
        start += len(x)
        if count:
            count(len(x))
    return np.concatenate(parts)


def _told(model: VAE, labels: np.ndarray | None, count: int) -> np.ndarray | None:
    # one that infers labels is not told them by the bound; its decoder needs some here
    if labels is None and model.conditioning.classes:
        return np.zeros(count, np.int64)
    return labels
