"""Which images a command scores, and which are normal to the model."""

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vae.commands.opening import load_dataset, own_dataset
from vae.errors import UserError

if TYPE_CHECKING:
    import numpy as np

    from vae.checkpoint import Checkpoint
    from vae.data import ImageDataset, Split


@dataclass(frozen=True)
class Scored:
    """The images that are scored."""

    dataset: str
    split: str
    classes: str | None
    """The classes that were asked for; None for all."""
    rows: "np.ndarray"
    """Row of each in its split."""
    images: "Split"


@dataclass(frozen=True)
class Own:
    """The images that are normal to the model, as far as they are on this machine."""

    name: str
    dataset: "ImageDataset | None"


def own_of(args: argparse.Namespace, checkpoint: "Checkpoint", dataset: "ImageDataset") -> Own:
    """Open the normal images, unless they are not here; nothing is downloaded for them."""
    from vae import data

    if args.normal is None:
        said = str(checkpoint.dataset.get("name") or "")
        name = data.name_of(checkpoint.dataset)
        if name is None and said:
            return Own(said, None)
        name = own_dataset(checkpoint)
    else:
        name = args.normal
        if data.find(name).image_shape != tuple(checkpoint.model.config.image_shape):
            raise UserError(
                f"the images of {name} have another shape than the model takes; choose the data "
                "set that the model was trained on"
            )
    if name == dataset.name:
        return Own(name, dataset)
    here = args.normal is not None or data.find(name).is_here()
    return Own(name, load_dataset(name, args.json) if here else None)


def chosen(dataset: "ImageDataset", split_name: str, classes: str | None) -> Scored:
    """Take the images of the classes that were named, or all."""
    import numpy as np

    split = dataset.split(split_name)
    if classes is None:
        return Scored(dataset.name, split_name, None, np.arange(len(split)), split)
    if split.labels is None:
        raise UserError(f"the images of {dataset.name} have no classes; leave --classes out")
    labels = [_label(dataset, text.strip()) for text in classes.split(",")]
    rows = np.flatnonzero(np.isin(split.labels, labels))
    if not len(rows):
        raise UserError(f"no image of {dataset.name} is of class {classes}; choose another class")
    return Scored(dataset.name, split_name, classes, rows, split.take(rows))


def _label(dataset: "ImageDataset", text: str) -> int:
    names = [name.casefold() for name in dataset.class_names]
    if text.casefold() in names:
        return names.index(text.casefold())
    if not (text.isdecimal() and int(text) < len(names)):
        there = ", ".join(dataset.class_names)
        raise UserError(f"unknown class '{text[:60]}' of {dataset.name}; choose from {there}")
    return int(text)
