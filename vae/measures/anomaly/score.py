"""What every score says of itself and does."""

from collections.abc import Callable
from dataclasses import Field, dataclass
from typing import ClassVar

import numpy as np

from vae.measures.anomaly.needs import UNTOLD, Need
from vae.measures.anomaly.sight import Sight
from vae.measures.bound import Count
from vae.models.vae import VAE

NATS = "nats per image"
Fitted = Callable[[Sight, Count], np.ndarray]
"""One number per image, float64 (N,), the higher the stranger; the other hears of images."""
UNFITTED = (
    "it is fitted on the training images, and these are not on this machine; get the data set that "
    "the model was trained on, or choose a score that is fitted on nothing"
)


@dataclass(frozen=True)
class Score:
    """How strange an image is to a model; each is a frozen dataclass in a file of its own."""

    __dataclass_fields__: ClassVar[dict[str, Field[object]]]
    name: ClassVar[str]
    title: ClassVar[str]
    sentence: ClassVar[str]
    """What it says of an image, in one sentence."""
    unit: ClassVar[str] = NATS
    source: ClassVar[str] = ""
    """Author and year."""
    needs: ClassVar[tuple[Need, ...]] = (UNTOLD,)
    """What must hold of the model, in the order in which it is asked."""
    is_slow: ClassVar[bool] = False
    """Whether 1,000 images take more than seconds, so that it is left out unless asked for."""
    most_fitted: ClassVar[int | None] = None
    """So many training images are enough to fit it; None for a score that is fitted on none."""
    revision: ClassVar[int] = 0
    """Raised when it comes out otherwise, so that no older result on disk is used."""
    networks: ClassVar[float] = 2.0
    """How often an image goes through one of the two networks, where that is always the same."""
    own: ClassVar[bool] = True
    """Whether it asks the model; the others are baselines that look at pixels alone."""

    @property
    def is_fitted(self) -> bool:
        """Whether it has to be fitted on training images."""
        return self.most_fitted is not None

    def refusal(self, model: VAE) -> str | None:
        """Say why the score has no meaning for a model; None where it has one."""
        missing = (need.otherwise for need in self.needs if not need.holds(model))
        return next(missing, None)

    def passes(self, model: VAE) -> float:
        """Tell how often an image goes through one of the two networks."""
        return self.networks

    def fit(self, model: VAE, normal: Sight | None) -> Fitted:
        """Make what scores images; ``normal`` are training images, for what `is_fitted`."""
        raise NotImplementedError
