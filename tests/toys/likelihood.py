"""A likelihood with a parameter that the optimizer learns: Laplace noise of one width."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.distributions import Independent
from torch.distributions import Laplace as LaplaceDistribution

from vae.models.likelihoods import Likelihood


class LaplaceLikelihood(Likelihood):
    """Pixels with Laplace noise around the mean."""

    link = "sigmoid"

    def __init__(self) -> None:
        super().__init__()
        self.log_width = nn.Parameter(torch.tensor(-2.0))

    def forward(self, raw: Tensor) -> Independent:
        return Independent(LaplaceDistribution(self.mean(raw), self.log_width.exp()), 3)

    def mean(self, raw: Tensor) -> Tensor:
        """Mean pixel in [0, 1], of raw's shape."""
        return torch.sigmoid(raw)


@dataclass(frozen=True)
class Laplace:
    """Each pixel is its mean plus Laplace noise of a learned width."""

    name: ClassVar[str] = "toy-laplace"
    title: ClassVar[str] = "Toy Laplace"

    def module(self, image_shape: tuple[int, int, int]) -> LaplaceLikelihood:
        return LaplaceLikelihood()
