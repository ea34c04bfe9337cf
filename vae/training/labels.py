"""The labels that a training sees: checked against the model, and hidden where few may be used."""

from typing import NamedTuple

import torch
from torch import Tensor

from vae.data import ImageDataset
from vae.data.batch import Held
from vae.errors import UserError
from vae.models.conditioning.conditioning import known_labels
from vae.models.vae import VAE
from vae.training.objectives import ObjectiveOptions


class Labelled(NamedTuple):
    """The training images whose labels are used, where the objective uses only some."""

    rows: Tensor
    """Int64 (K,)."""
    each: int
    """How many of them join each step."""
    seed: int

    def at(self, step: int) -> Tensor:
        """Draw the rows that join a step; they follow from seed and step alone."""
        draw = torch.Generator().manual_seed(self.seed * 1_000_003 + step)
        return self.rows[torch.randint(len(self.rows), (self.each,), generator=draw)]


def of(objective: ObjectiveOptions, images: Held, seed: int) -> Labelled | None:
    """Ask an objective which labels it uses; None for all of them."""
    if images.labels is None:
        return None
    rows = objective.labelled_rows(images.labels.numpy())
    return None if rows is None else Labelled(torch.from_numpy(rows), objective.joins, seed)


def check(model: VAE, dataset: ImageDataset) -> None:
    """Raise `UserError` where a model that is told labels would get images without any of them."""
    if not model.conditioning.needs_labels:
        return
    if dataset.train.labels is None:
        raise UserError(
            f"this model is told each image's class, and the images of {dataset.name} have none; "
            "choose a data set with classes, or a model without conditioning"
        )
    splits = (dataset.train, dataset.validation, dataset.test)
    # own images may have no label here and there
    missing = sum(int((split.labels < 0).sum()) for split in splits if split.labels is not None)
    if missing:
        raise UserError(
            f"{missing:,} images of {dataset.name} have no label, and this model is told each "
            "image's class; give all of them a label, or choose the objective m2, which learns "
            "from images without one too"
        )
    for split in splits:
        known_labels(torch.from_numpy(split.labels), model.conditioning.classes)
