"""p(z): where a model expects its latents to lie."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.distributions import Normal


@dataclass(frozen=True)
class StandardNormal:
    """Independent normals of mean 0 and standard deviation 1."""

    name: ClassVar[str] = "standard-normal"

    def distribution(self, like: Tensor) -> Normal:
        """Return p(z) as a `Normal` of shape (z_dim,), given a tensor of that shape and type."""
        return Normal(torch.zeros_like(like), torch.ones_like(like))


PRIORS = {cls.name: cls for cls in (StandardNormal,)}
