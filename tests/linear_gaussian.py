"""A linear model with normal noise: probabilistic PCA, whose log p(x) is a closed form.

p(z) = N(0, I), p(x|z) = N(W z + b, σ² I), so that p(x) = N(b, W Wᵀ + σ² I) and p(z|x) =
N(M⁻¹ Wᵀ (x − b), σ² M⁻¹) with M = Wᵀ W + σ² I: Tipping and Bishop 1999, "Probabilistic principal
component analysis", eq. 3 and 8.
"""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import LowRankMultivariateNormal, MultivariateNormal

from vae.models.config import VAEConfig
from vae.models.likelihoods import Gaussian
from vae.models.vae import VAE, build

SHAPE = (1, 8, 8)
NOISE = 0.2


@dataclass(frozen=True)
class Linear:
    """One affine map each way."""

    name: ClassVar[str] = "linear"
    title: ClassVar[str] = "linear"

    def encoder(self, image_shape: tuple[int, ...], outputs: int) -> nn.Sequential:
        return nn.Sequential(nn.Flatten(), nn.Linear(math.prod(image_shape), outputs))

    def decoder(self, z_dim: int, image_shape: tuple[int, ...]) -> nn.Sequential:
        last = nn.Linear(z_dim, math.prod(image_shape))
        return nn.Sequential(last, nn.Unflatten(1, image_shape))


def linear_model(weight: Tensor, posterior: str = "full") -> VAE:
    """Build the model with W of shape (64, z_dim); its encoder is not trained."""
    likelihood = Gaussian(scale=NOISE, link="identity")
    config = VAEConfig(SHAPE, weight.shape[1], Linear(), likelihood, posterior=posterior)
    model = build(config)
    with torch.no_grad():
        model.decoder[0].weight.copy_(weight)
        model.decoder[0].bias.fill_(0.5)
    return model


def images_of(model: VAE, count: int) -> np.ndarray:
    """Draw images, uint8: log p(x) is known of any, rounded and clipped or not."""
    # not the seed of an evaluation, whose noise would then be the z behind each image
    generator = torch.Generator().manual_seed(7)
    with torch.inference_mode():
        x = model.decode_mean(torch.randn(count, model.config.z_dim, generator=generator))
        x = x + NOISE * torch.randn(x.shape, generator=generator)
    return (255 * x).clamp(0, 255).round().to(torch.uint8).numpy()


def log_px(model: VAE, images: np.ndarray) -> np.ndarray:
    """log p(x) of images in nats, (N,), float64."""
    weight, x = _weight(model), torch.from_numpy(images).double().flatten(1) / 255
    noise = torch.full((len(weight),), NOISE**2, dtype=torch.float64)
    loc = torch.full_like(noise, 0.5)
    return LowRankMultivariateNormal(loc, weight, noise).log_prob(x).numpy()


def true_posterior(model: VAE, x: Tensor) -> MultivariateNormal:
    """p(z|x) of images (N, 1, 8, 8) in [0, 1], float64."""
    gain, factor = _gain(model)
    return MultivariateNormal((x.double().flatten(1) - 0.5) @ gain.T, scale_tril=factor)


def set_true_posterior(model: VAE) -> None:
    """Give the encoder of a full-covariance posterior the weights that make it p(z|x)."""
    gain, factor = _gain(model)
    z_dim, last = len(gain), model.encoder[1]
    diagonal = factor.diagonal()
    rows, columns = torch.tril_indices(z_dim, z_dim, -1)
    with torch.no_grad():
        last.weight.zero_()
        last.weight[:z_dim] = gain
        below = (factor / diagonal[:, None])[rows, columns]
        last.bias.copy_(torch.cat([-0.5 * gain.sum(1), diagonal.log(), below]))


def _gain(model: VAE) -> tuple[Tensor, Tensor]:
    weight = _weight(model)
    inverse = torch.linalg.inv(weight.T @ weight + NOISE**2 * torch.eye(weight.shape[1]).double())
    return inverse @ weight.T, torch.linalg.cholesky(NOISE**2 * inverse)


def _weight(model: VAE) -> Tensor:
    return model.decoder[0].weight.detach().double()
