"""What a measure is taken of: a model, the images of one split, and what may be fitted on."""

from dataclasses import dataclass, replace

import numpy as np

from vae.data import Split
from vae.data.splits import permutation
from vae.models.vae import VAE


@dataclass(frozen=True, eq=False)
class Subject:
    """A model and images; what is fitted is fitted on ``train`` and chosen on ``validation``."""

    model: VAE
    split: Split
    """The images that are measured, with the labels and the factors there are."""
    seed: int = 0
    """Of all that is drawn."""
    train: Split | None = None
    """Training images; None where there are none to fit on, or the split is itself of these."""
    validation: Split | None = None
    factor_names: tuple[str, ...] = ()
    dequantize: bool = False
    """Whether 8-bit pixels are spread over their cells (`bound.dequantized`)."""

    def some(self, count: int | None) -> "Subject":
        """Return the same with ``count`` images at most, by a fixed draw and in their order.

        Not the first ones: in MNIST's test split these are easier than the others.
        """
        if count is None or count >= len(self.split):
            return self
        rows = np.sort(permutation(len(self.split))[:count])
        return replace(self, split=self.split.take(rows))
