"""Learning from few labels: one bound for images that have one, another for all the others."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from vae.data.batch import Batch
from vae.data.labelled import balanced_rows
from vae.data.warp import warped
from vae.models.conditioning import ConditioningOptions, InferredLabels
from vae.models.marginal import marginal
from vae.options import option
from vae.training.objectives.bound import draw
from vae.training.objectives.objective import Objective, ObjectiveOptions, Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE

SURE = 0.95
"""The probability above which the classifier's most likely class counts as a label."""


class SemiSupervised(Objective):
    """Scores images with a label by L(x, y), those without by U(x), and the classifier by both."""

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        bounds = self.score(model, batch, dataset_size, generator)
        y = labels_of(batch)
        known = y >= 0
        loss = batch.x.new_zeros(())
        if bool(known.any()):
            loss = self.label_loss(model, batch.x[known], y[known], generator)
        if self.options.consistency and not bool(known.all()):
            x = batch.x[~known]
            loss = loss + self.options.consistency * self.consistency_loss(model, x, generator)
        return bounds._replace(loss=bounds.loss + self.options.weight * loss)

    def score(
        self, model: "VAE", batch: Batch, dataset_size: int, generator: torch.Generator
    ) -> Terms:
        """Score a batch by its bounds alone."""
        y = labels_of(batch)
        known = y >= 0
        log_px, kl = batch.x.new_zeros(len(known)), batch.x.new_zeros(len(known))
        if not bool(known.all()):
            log_px[~known], kl[~known] = unlabelled(model, batch.x[~known], generator)
        if bool(known.any()):
            log_px[known], kl[known] = labelled(model, batch.x[known], y[known], generator)
        return Terms((kl - log_px).mean(), log_px, kl)

    def label_loss(self, model: "VAE", x: Tensor, y: Tensor, generator: torch.Generator) -> Tensor:
        """Return the classifier's cross-entropy on labels of warped images, in nats per image."""
        return F.nll_loss(model.conditioning.log_qy(warped(x, self.options.warp, generator)), y)

    def consistency_loss(self, model: "VAE", x: Tensor, generator: torch.Generator) -> Tensor:
        """Return the cross-entropy of warped images on the class that they have unwarped.

        That is the classifier's most likely one; an image where it is not sure counts as 0. In
        nats per image (Sohn et al. 2020, eq. 4).
        """
        with torch.no_grad():
            sure, likely = model.conditioning.log_qy(x).exp().max(-1)
        log_qy = model.conditioning.log_qy(warped(x, self.options.warp, generator))
        return (F.nll_loss(log_qy, likely, reduction="none") * (sure > SURE)).mean()


def labels_of(batch: Batch) -> Tensor:
    """Return the label of each image, int64 (batch,), −1 for none."""
    return torch.full_like(batch.index, -1) if batch.y is None else batch.y


def labelled(
    model: "VAE", x: Tensor, y: Tensor, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Return log p(x|y, z) and KL − log p(y) of images with a label, (batch,) each.

    Their difference is −L(x, y), a bound on log p(x, y) (Kingma et al. 2014, eq. 6).
    """
    found = draw(model, Batch(x, y, y), generator)
    return found.log_px, found.kl + math.log(model.conditioning.classes)


def unlabelled(model: "VAE", x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return the two terms of −U(x) for images without a label, (batch,) each."""
    noise = torch.randn(
        len(x), model.config.z_dim, generator=generator, device=x.device, dtype=x.dtype
    )
    found = marginal(model, x, noise)
    return found.log_px, found.kl


@dataclass(frozen=True)
class M2(ObjectiveOptions):
    """The bound of images of which only some have a label, with a classifier for the others.

    Images with a label are scored by a bound on log p(x, y), those without by one on log p(x) that
    sums over all classes; a cross-entropy on the labels is added. Source: Kingma et al. 2014,
    "Semi-supervised learning with deep generative models", eq. 6 to 9. Two additions make the
    classifier better, and are off at 0: it sees warped images, and it learns from what it is sure
    of itself.
    """

    name: ClassVar[str] = "m2"
    title: ClassVar[str] = "semi-supervised (M2)"
    infers: ClassVar[bool] = True
    is_reported: ClassVar[bool] = False
    conditioning: ClassVar[ConditioningOptions] = InferredLabels()
    formerly: ClassVar[Mapping[str, float]] = {"warp": 0.0, "consistency": 0.0}
    labels: int = option(
        100,
        "number of training images whose label is used, the same number of each class; all "
        "others are learnt from without theirs; 0 uses all labels there are",
        minimum=0,
        maximum=1_000_000,
        title="Labels",
    )
    label_seed: int = option(
        0, "start of the random numbers that choose these images", minimum=0, maximum=2**31 - 1
    )
    labelled_per_step: int = option(
        32,
        "how many images with a label join those of each step",
        minimum=1,
        maximum=4096,
        unit="images",
        title="Labelled images in each step",
    )
    weight: float = option(
        100.0,
        "weight α of the classifier's cross-entropy on the labels",
        minimum=0.0,
        maximum=1e5,
        title="Weight of the labels (α)",
    )
    warp: float = option(
        1.0,
        "how much images are moved, turned, stretched and sheared before the classifier learns "
        "from them; at 1 by up to 7 % of a side, 15 degrees, 10 % and a slope of 0.1, and the "
        "class must still be the same (Simard et al. 2003)",
        minimum=0.0,
        maximum=3.0,
        title="Warping of the classifier's images",
    )
    consistency: float = option(
        1.0,
        "weight, relative to α, of a cross-entropy on images without a label: where the classifier "
        "gives a class more than 95 %, it must give the warped image the same one (FixMatch, Sohn "
        "et al. 2020)",
        minimum=0.0,
        maximum=100.0,
        title="Weight of the classifier's own labels",
    )

    @property
    def compiles(self) -> bool:
        """Tell whether `torch.compile` takes its step: how many labels are in it varies."""
        return False

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "semi-supervised VAE"

    @property
    def joins(self) -> int:
        """How many images with a label join those of each step."""
        return self.labelled_per_step

    def labelled_rows(self, labels: np.ndarray) -> np.ndarray:
        """Return the training images whose labels are used."""
        return balanced_rows(labels, self.labels, self.label_seed)

    def module(self, model: "VAEConfig") -> SemiSupervised:
        """Build what scores a batch."""
        return SemiSupervised(self)
