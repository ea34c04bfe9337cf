"""Images as a model sees them: their bound and their codes, each computed once for all scores."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vae.checkpoint import Atlas
from vae.data import Split
from vae.data.splits import permutation
from vae.errors import UserError
from vae.measures.bound import Bound, bound_terms
from vae.measures.evaluation import encode_split
from vae.models.vae import VAE


@dataclass(frozen=True, eq=False)
class Sight:
    """A model and uint8 images (N, C, H, W); no label is told, as nobody knows it of a stranger."""

    model: VAE
    images: np.ndarray
    seed: int = 0
    """Of all that is drawn."""

    def __post_init__(self) -> None:
        expected = tuple(self.model.config.image_shape)
        if tuple(self.images.shape[1:]) != expected:
            raise UserError(
                f"the model takes images of {expected} (channels, height, width), these are "
                f"{tuple(self.images.shape[1:])}; choose images of that shape"
            )
        if not len(self.images):
            raise UserError("there are no images to look at; choose at least one")

    def __len__(self) -> int:
        return len(self.images)

    @property
    def unknown(self) -> np.ndarray | None:
        """Labels for a model that infers them: none is known; None for any other."""
        return np.full(len(self), -1) if self.model.conditioning.infers else None

    @cached_property
    def bound(self) -> Bound:
        """Reconstruction and KL with one z per image, summed over classes that are inferred."""
        return bound_terms(self.model, self.images, self.seed)

    @cached_property
    def codes(self) -> Atlas:
        """Posterior means and standard deviations."""
        return encode_split(self.model, Split(self.images), told=False)

    @cached_property
    def loc(self) -> np.ndarray:
        """Posterior means, float64 (N, z_dim)."""
        return self.codes.loc.astype(np.float64)

    @cached_property
    def pixels(self) -> np.ndarray:
        """Pixels in [0, 1], float32 (N, C · H · W)."""
        return self.images.reshape(len(self), -1).astype(np.float32) / 255

    def some(self, count: int) -> "Sight":
        """Return the same with ``count`` images at most, by a fixed draw and in their order."""
        if count >= len(self):
            return self
        rows = np.sort(permutation(len(self))[:count])
        return Sight(self.model, self.images[rows], self.seed)
