"""Reconstruction alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from vae.data.batch import Batch
from vae.models.posteriors import Point, PosteriorOptions
from vae.training.objectives.objective import Objective, ObjectiveOptions, Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE


class Reconstruction(Objective):
    """Decodes the code of each image and scores the image that comes out."""

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        log_px = model.log_px(batch.x, model.encode(batch.x, batch.y).mean, batch.y)
        return Terms(-log_px.mean(), log_px)


@dataclass(frozen=True)
class Autoencoder(ObjectiveOptions):
    """Reconstruction alone: the encoder gives one point and nothing shapes the latent space."""

    name: ClassVar[str] = "autoencoder"
    title: ClassVar[str] = "autoencoder"
    posterior: ClassVar[PosteriorOptions] = Point()

    @property
    def by_image(self) -> bool:
        """Tell whether each image is scored by itself."""
        return True

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "autoencoder"

    def beta_at(self, share: float) -> float:
        """Return the weight of the KL term, which is none."""
        return 0.0

    @classmethod
    def refusal_of(cls, posterior: PosteriorOptions | type[PosteriorOptions]) -> str | None:
        """Refuse a posterior with a width, which nothing would train."""
        if posterior.has_density:
            return "reconstruction alone would leave its width untrained"
        return None

    def module(self, model: "VAEConfig") -> Reconstruction:
        """Build what scores reconstructions."""
        return Reconstruction(self)
