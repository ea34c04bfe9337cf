"""Principal component analysis: the best linear autoencoder, computed at once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor, nn

from vae.data.batch import Batch
from vae.errors import UserError
from vae.models.conditioning import Unconditional
from vae.models.likelihoods import SMALLEST_SCALE, Gaussian
from vae.models.networks import Linear
from vae.models.posteriors import Point, PosteriorOptions
from vae.models.priors import StandardNormal
from vae.options import Part
from vae.training.objectives.autoencoder import Autoencoder, Reconstruction
from vae.training.objectives.components import MOST_PIXELS, principal

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE

DECOMPOSITION = 10
"""Multiply-adds of a decomposition, in cubes of its size, about."""


class PrincipalComponents(Reconstruction):
    """Gives a linear model the mean image and the directions of largest variance."""

    def begin(
        self, model: "VAE", images: Tensor, batch_size: int, generator: torch.Generator
    ) -> None:
        self.images = images
        pixels, z_dim = images[0].numel(), model.config.z_dim
        most = min(pixels, len(images)) if pixels <= MOST_PIXELS else min(pixels, len(images)) - 1
        if z_dim > most:
            raise UserError(
                f"{len(images)} images of {pixels} numbers have no more than {most} principal "
                f"components, and z has {z_dim} dimensions; choose fewer"
            )

    @torch.no_grad()
    def fit(self, model: "VAE", batch: Batch, share: float, generator: torch.Generator) -> None:
        found = principal(self.images, model.config.z_dim)
        components, mean = (torch.from_numpy(a).float() for a in (found.directions, found.mean))
        up, down = (_only_linear(network) for network in (model.encoder, model.decoder))
        up.weight.copy_(components)
        up.bias.copy_(-components @ mean)
        down.weight.copy_(components.T)
        down.bias.copy_(mean)
        # the variance that is left over is spread over all pixels of all images
        scale = max(math.sqrt(found.left / len(mean)), SMALLEST_SCALE)
        for log_scale in model.likelihood.settled():
            log_scale.fill_(math.log(scale))


def _only_linear(network: nn.Sequential) -> nn.Linear:
    (found,) = (layer for layer in network if isinstance(layer, nn.Linear))
    return found


@dataclass(frozen=True)
class PCA(Autoencoder):
    """Principal component analysis: z are the coordinates of an image along the mean's main axes.

    Of all linear encoders and decoders it has the least squared error (Pearson 1901; Baldi and
    Hornik 1989). The standard deviation of a pixel is the root of that error.
    """

    name: ClassVar[str] = "pca"
    title: ClassVar[str] = "PCA"
    posterior: ClassVar[PosteriorOptions] = Point()
    fits: ClassVar[bool] = True
    at_once: ClassVar[bool] = True
    is_ordered: ClassVar[bool] = True
    fixed: ClassVar[Mapping[str, Part | type[Part]]] = {
        "architecture": Linear(),
        "likelihood": Gaussian(learned=True, link="identity"),
        "prior": StandardNormal(),
        "conditioning": Unconditional(),
    }
    unused: ClassVar[frozenset[str]] = frozenset(
        ("epochs", "seconds", "batch_size", "learning_rate", "adam_beta2", "weight_decay", "rise")
        + ("mean_start", "rising_steps", "binarize", "seed", "device", "precision", "compile")
    )

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "PCA"

    def multiply_adds(self, model: "VAEConfig", images: int) -> float:
        """Count the products of all pairs of pixels, and the decomposition of their covariance."""
        pixels = math.prod(model.image_shape)
        return images * pixels**2 + DECOMPOSITION * pixels**3

    def module(self, model: "VAEConfig") -> PrincipalComponents:
        """Build what computes the components."""
        return PrincipalComponents(self)
