"""Sums over the classes of a model that infers them, where each class has numbers of its own.

The model is p(x, y, z) = p(y) p(z) p(x|y, z) with all classes equally likely, and its posterior
q(y, z|x) = q(y|x) q(z|x, y) (Kingma et al. 2014, "Semi-supervised learning with deep generative
models", section 3.1.2). With values of each class, (classes, N) in nats:

- log p(x) = log Σ_y p(y) p(x|y);
- the ELBO is Σ_y q(y|x) (ELBO_y + log p(y) − log q(y|x)), eq. 7;
- its gap is KL(q(y|x) ‖ p(y|x)) + Σ_y q(y|x) KL(q(z|x, y) ‖ p(z|x, y)), the chain rule of the KL;
- the q(y|x) of the highest ELBO is proportional to p(y) exp ELBO_y, and reaches log Σ_y p(y) exp
  ELBO_y (the maximum of a sum plus an entropy).
"""

import math

import numpy as np
import torch

from vae.measures.bound import batches
from vae.models.vae import VAE

NOTE = "q is q(y|x) q(z|x, y), and all is summed over the classes, as the model is told none"


@torch.inference_mode()
def log_qy(model: VAE, images: np.ndarray) -> np.ndarray:
    """log q(y|x) of uint8 images (N, C, H, W), float64 (classes, N)."""
    found = [model.conditioning.log_qy(batch.x).double() for batch in batches(model, images)]
    return torch.cat(found).T.cpu().numpy()


def every_label(model: VAE, count: int) -> list[np.ndarray]:
    """Label ``count`` images as each class in turn."""
    return [np.full(count, label) for label in range(model.conditioning.classes)]


def log_mean(values: np.ndarray) -> np.ndarray:
    """log Σ_y p(y) exp values, (N,): log p(x) from log p(x|y), the best bound from ELBO_y."""
    return _log_sum(values) - math.log(len(values))


def bound(log_qy: np.ndarray, elbo: np.ndarray) -> np.ndarray:
    """ELBO with the classes inferred from those given each class, (N,)."""
    return _mean(log_qy, elbo - log_qy) - math.log(len(elbo))


def gap(log_qy: np.ndarray, log_px: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """KL(q(y, z|x) ‖ p(y, z|x)) from log p(x|y) and the gap given each class, (N,)."""
    log_py = log_px - _log_sum(log_px)
    return _mean(log_qy, log_qy - log_py + gaps)


def _log_sum(values: np.ndarray) -> np.ndarray:
    total: np.ndarray = np.logaddexp.reduce(values, axis=0)
    return total


def _mean(log_qy: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mean over the classes by q(y|x)."""
    mean: np.ndarray = (np.exp(log_qy) * values).sum(0)
    return mean
