"""One normal for each class, p(z|y), for a model that is told each image's class."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Categorical, Distribution
from torch.nn import functional as F

from vae.errors import UserError
from vae.models.conditioning.conditioning import known_labels
from vae.models.cost import Cost
from vae.models.posteriors.posterior import Factorised
from vae.models.priors.mixture import LOG_SCALE_BOUND
from vae.models.priors.mixture_density import MixtureDensity
from vae.models.priors.prior import Components, Encoding, Prior, noise


class ClassNormalPrior(Prior):
    """p(z|y) = N(μ_y, σ_y²), and p(z), the mixture of all classes with equal shares.

    Before learning every class has the standard normal.
    """

    def __init__(self, classes: int, z_dim: int):
        super().__init__()
        self.classes = classes
        self.loc = nn.Parameter(torch.zeros(classes, z_dim))
        self.log_scale = nn.Parameter(torch.zeros(classes, z_dim))

    def distribution(self, y: Tensor | None = None) -> Distribution:
        scale = self._scale()
        if y is None:
            equal = Categorical(logits=self.loc.new_zeros(self.classes), validate_args=False)
            return MixtureDensity(equal, Factorised(self.loc, scale), validate_args=False)
        y = known_labels(y, self.classes)
        return Factorised(F.embedding(y, self.loc), F.embedding(y, scale))

    @torch.inference_mode()
    def sample(self, count: int, generator: torch.Generator, y: Tensor | None = None) -> Tensor:
        if y is None:
            y = torch.randint(self.classes, (count,), generator=generator, device=generator.device)
        y = known_labels(y, self.classes).to(self.loc.device)
        drawn = noise(count, self.loc.shape[1], generator).to(self.loc)
        return self.loc[y] + self._scale()[y] * drawn

    def components(self) -> Components:
        with torch.inference_mode():
            loc, scale = (v.double().cpu().numpy() for v in (self.loc, self._scale()))
        return Components(np.full(self.classes, 1 / self.classes), loc, scale)

    def cost(self) -> Cost:
        # a mean and a width per dimension are looked up: as little as a standard normal's density
        return Cost()

    def _scale(self) -> Tensor:
        return self.log_scale.clamp(-LOG_SCALE_BOUND, LOG_SCALE_BOUND).exp()


@dataclass(frozen=True)
class ClassNormal:
    """One normal per class, whose mean and widths are learned; the model is told each class.

    The prior network of Sohn et al. 2015, "Learning structured output representation using deep
    conditional generative models", eq. 4, where the condition is the class: a table of classes.
    """

    name: ClassVar[str] = "class-normal"
    title: ClassVar[str] = "one normal per class"
    factorises: ClassVar[bool] = True
    rings: ClassVar[bool] = False
    learned: ClassVar[bool] = True
    by_class: ClassVar[bool] = True

    def module(self, z_dim: int, encoding: Encoding) -> ClassNormalPrior:
        """Build the prior of so many dimensions; `UserError` where no class is told."""
        if not encoding.classes:
            raise UserError(
                f"the prior {self.name} has one normal for each class, and this model is not told "
                "each image's class; choose the conditioning labels, or another prior"
            )
        return ClassNormalPrior(encoding.classes, z_dim)
