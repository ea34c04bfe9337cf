"""Which class a model that is told classes would tell an image: the one of the highest bound.

By Bayes' rule p(y|x) is proportional to p(x|y), as all classes are equally likely beforehand; the
bound stands in for log p(x|y).
"""

import numpy as np
import torch

from vae.measures.bound import batches, bound_given_labels
from vae.models.vae import VAE


def class_bounds(model: VAE, images: np.ndarray, seed: int = 0) -> np.ndarray:
    """ELBO of uint8 images (N, C, H, W) under each class, in nats; float64 (N, classes).

    The noise of an image is the same for all classes, so that only the class differs.
    """
    found = []
    for label in range(model.conditioning.classes):
        terms = bound_given_labels(model, images, np.full(len(images), label), seed)
        found.append(terms.log_px if terms.kl is None else terms.log_px - terms.kl)
    return np.stack(found, axis=1)


@torch.inference_mode()
def inferred_accuracy(model: VAE, images: np.ndarray, labels: np.ndarray) -> float:
    """Share of uint8 images (N, C, H, W) whose label is the most likely one under q(y|x)."""
    found = [model.conditioning.log_qy(batch.x).argmax(-1) for batch in batches(model, images)]
    return float((torch.cat(found).cpu().numpy() == labels).mean())


@torch.inference_mode()
def most_likely_class(model: VAE, x: torch.Tensor) -> int:
    """Return the class of the highest bound of one image (1, C, H, W) of pixels in [0, 1].

    A model that infers classes says itself which one is the most likely.
    z is the posterior mean of each class: nothing is drawn. A posterior without a density has no
    KL, and the reconstruction alone decides.
    """
    from vae.models.divergence import divergence

    if model.conditioning.infers:
        return int(model.conditioning.log_qy(x).argmax())
    y = torch.arange(model.conditioning.classes)
    x = x.expand(len(y), *x.shape[1:])
    qz = model.encode(x, y)
    bound = model.log_px(x, qz.mean, y)
    if model.config.posterior.has_density:
        bound = bound - divergence(qz, model.pz(y), qz.mean).kl
    return int(bound.argmax())
