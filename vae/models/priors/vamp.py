"""The mixture of the posteriors of learned pseudo-inputs (VampPrior)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Categorical, Distribution

from vae.models.cost import Cost, mixture_cost
from vae.models.posteriors.posterior import Factorised
from vae.models.priors.mixture_density import MixtureDensity
from vae.models.priors.prior import Components, Encoding, Prior, noise
from vae.options import option

NOISE_MEAN, NOISE_SPREAD = 0.5, 0.1


class VampPrior(Prior):
    """p(z) = 1/K Σ q(z|u_k) for K pseudo-inputs u_k, images that are learned.

    Nothing of it is kept between calls: each one encodes the pseudo-inputs by the encoder of the
    moment, so that a change of the encoder moves the prior. Source: Tomczak and Welling 2018,
    "VAE with a VampPrior", eq. 9.
    """

    def __init__(self, z_dim: int, count: int, from_images: bool, encoding: Encoding):
        super().__init__()
        self.encodes = count
        self._z_dim, self._from_images = z_dim, from_images
        # a tuple, so that the encoder is no part of the prior's own parameters
        self._encoding = encoding
        self.pixels = nn.Parameter(
            NOISE_MEAN + NOISE_SPREAD * torch.randn(count, *encoding.image_shape)
        )

    def pseudo_inputs(self) -> Tensor:
        """Give the images whose posteriors make the prior, in [0, 1], (K, C, H, W)."""
        return self.pixels.clamp(0, 1)

    def posteriors(self) -> Distribution:
        """Encode the pseudo-inputs: q(z|u), of batch shape (K,) and event shape (z_dim,)."""
        return self._encoding.encode(self.pseudo_inputs())

    def distribution(self, y: Tensor | None = None) -> MixtureDensity:
        equal = Categorical(logits=self.pixels.new_zeros(len(self.pixels)), validate_args=False)
        return MixtureDensity(equal, self.posteriors(), validate_args=False)

    def cost(self) -> Cost:
        return mixture_cost(self.encodes * self._z_dim)

    @torch.inference_mode()
    def sample(self, count: int, generator: torch.Generator, y: Tensor | None = None) -> Tensor:
        which = torch.randint(
            len(self.pixels), (count,), generator=generator, device=generator.device
        )
        drawn = noise(count, self._z_dim, generator).to(self.pixels)
        chosen = self._encoding.encode(self.pseudo_inputs()[which.to(self.pixels.device)])
        return self._encoding.draw(chosen, drawn)

    def components(self) -> Components | None:
        """Return the posteriors of the pseudo-inputs; None where these have covariances."""
        with torch.inference_mode():
            qz = self.posteriors()
        if not isinstance(qz, Factorised):
            return None
        loc, scale = (values.double().cpu().numpy() for values in (qz.loc, qz.scale))
        return Components(np.full(len(loc), 1 / len(loc)), loc, scale)

    def begin(self, images: Tensor, generator: torch.Generator) -> None:
        """Start from training images, as many different ones as there are pseudo-inputs."""
        if not self._from_images:
            return
        count = len(self.pixels)
        rows = torch.randperm(len(images), generator=generator)
        # more pseudo-inputs than images begin with some of them twice
        rows = rows.repeat(-(-count // len(rows)))[:count]
        with torch.no_grad():
            self.pixels.copy_(images[rows].to(self.pixels.device).float() / 255)


@dataclass(frozen=True)
class Vamp:
    """VampPrior: the mixture of the posteriors of pseudo-inputs, images that are learned."""

    name: ClassVar[str] = "vamp"
    title: ClassVar[str] = "VampPrior"
    factorises: ClassVar[bool] = False
    rings: ClassVar[bool] = False
    learned: ClassVar[bool] = True
    pseudo_inputs: int = option(
        100,
        "number of images whose posteriors make the prior; all of them are encoded at each step",
        minimum=1,
        maximum=2000,
        title="Pseudo-inputs",
    )
    start: str = option(
        "images",
        "what the pseudo-inputs are before learning: images of the training split, or grey noise",
        choices=("images", "noise"),
        title="Start from",
    )

    def module(self, z_dim: int, encoding: Encoding) -> VampPrior:
        """Build the prior of so many dimensions."""
        return VampPrior(z_dim, self.pseudo_inputs, self.start == "images", encoding)
