"""What a measure is taken of: a model, the images of one split, and what may be fitted on."""

from dataclasses import dataclass, replace

import numpy as np

from vae.data import ImageDataset, Split
from vae.data.splits import permutation
from vae.measures.evaluation import binarized, check
from vae.measures.kept import Kept
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

    kept: Kept | None = None
    """What an earlier start found, and where to keep more; for measures that can go on."""

    @classmethod
    def of(
        cls,
        model: VAE,
        dataset: ImageDataset,
        split: str = "test",
        seed: int = 0,
        binarize: str = "none",
        dequantize: bool = False,
    ) -> "Subject":
        """Take a split of a data set, its pixels drawn as black or white where that is asked for.

        Raises
        ------
        UserError
            For images of another shape, and where the words are unknown or do not fit the model.
        """
        found = dataset.split(split)
        check(model, found, 0, binarize, dequantize)
        return cls(
            model,
            replace(found, images=binarized(found.images, binarize, seed)),
            seed,
            dataset.train if split != "train" else None,
            dataset.validation if split == "test" else None,
            dataset.factor_names,
            dequantize,
        )

    @property
    def summed_classes(self) -> int:
        """How many classes a sum over what the model infers has; 1 where it infers nothing."""
        return self.model.conditioning.classes if self.model.conditioning.infers else 1

    def some(self, count: int | None) -> "Subject":
        """Return the same with ``count`` images at most, by a fixed draw and in their order.

        Not the first ones: in MNIST's test split these are easier than the others.
        """
        if count is None or count >= len(self.split):
            return self
        rows = np.sort(permutation(len(self.split))[:count])
        return replace(self, split=self.split.take(rows))
