"""One point per image, as in a plain autoencoder: there is no width and no density."""

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor
from torch.distributions import Distribution

from vae.models.posteriors.posterior import Factorised, Posterior


class PointPosterior(Posterior):
    """Takes the encoder's output for z itself; its distribution has the scale 0."""

    def __init__(self, z_dim: int):
        super().__init__()
        self.outputs = z_dim

    def forward(self, head: Tensor) -> Factorised:
        return Factorised(head, head.new_zeros(()).expand_as(head))

    def draw(self, qz: Distribution, noise: Tensor) -> Tensor:
        return qz.mean.expand_as(noise)

    def readout(self) -> dict[str, Any]:
        return {"loc": [0, self.outputs]}


@dataclass(frozen=True)
class Point:
    """One point, without a width: the code of a plain autoencoder."""

    name: ClassVar[str] = "point"
    title: ClassVar[str] = "point"
    has_density: ClassVar[bool] = False
    factorises: ClassVar[bool] = True

    def module(self, z_dim: int) -> PointPosterior:
        """Build what reads the encoder's output."""
        return PointPosterior(z_dim)
