"""Reconstruction of the clean image from a corrupted one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from vae.data.batch import Batch
from vae.models.noise import normal, uniform
from vae.options import option
from vae.training.objectives.autoencoder import Autoencoder, Reconstruction
from vae.training.objectives.objective import Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE


def masked(x: Tensor, rate: float, generator: torch.Generator) -> Tensor:
    """Set each number of ``x`` to 0 with probability ``rate``."""
    return x * (uniform(x, generator) >= rate)


def noised(x: Tensor, scale: float, generator: torch.Generator) -> Tensor:
    """Add normal noise of standard deviation ``scale`` to each number of ``x``, unclipped."""
    return x + scale * normal(tuple(x.shape), generator, x.dtype, x.device)


CORRUPTIONS = {"masking": masked, "gaussian": noised}


class Denoising(Reconstruction):
    """Encodes a corrupted image and scores how well the clean one comes out."""

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        corrupt = CORRUPTIONS[self.options.corruption]
        seen = corrupt(batch.x, self.options.amount, generator)
        log_px = model.log_px(batch.x, model.encode(seen, batch.y).mean, batch.y)
        return Terms(-log_px.mean(), log_px)


@dataclass(frozen=True)
class DenoisingAutoencoder(Autoencoder):
    """An autoencoder that sees a corrupted image and must give the clean one.

    Vincent et al. 2008, "Extracting and composing robust features with denoising autoencoders".
    Reports of a training score the clean image given a corrupted one, on both splits.
    """

    name: ClassVar[str] = "denoising"
    title: ClassVar[str] = "denoising autoencoder"
    main: ClassVar[str | None] = "amount"
    corruption: str = option(
        "masking",
        "how each image is corrupted: pixels set to black, or normal noise added",
        choices=tuple(CORRUPTIONS),
    )
    amount: float = option(
        0.25,
        "share of the pixels that are masked, or standard deviation of the noise in pixel values",
        minimum=0.0,
        maximum=1.0,
        title="Amount",
    )

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "denoising autoencoder"

    def module(self, model: "VAEConfig") -> Denoising:
        """Build what scores reconstructions."""
        return Denoising(self)
