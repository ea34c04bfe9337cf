"""A data set with some of its classes left out, as a data set of its own: mnist-without-3.

The splits are those of the whole set, so that nothing that one model was held out of is another's
training image. Labels keep their numbers and their names.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vae.data.files import Progress, default_root
from vae.data.sources import Source
from vae.data.splits import SPLITS, ImageDataset, Split
from vae.errors import UserError

NAME = re.compile(r"(?P<whole>.+)-without-(?P<labels>[0-9]{1,4}(-[0-9]{1,4})*)", re.ASCII)

_counted: dict[tuple[str, tuple[int, ...], tuple[int, ...], Path], Mapping[str, int]] = {}
"""How many images each such data set has, by what it depends on: to count them all are read."""


@dataclass(frozen=True)
class Without(Source):
    """A data set whose splits lack the images of some labels."""

    whole: Source | None = None
    left_out: tuple[int, ...] = ()

    def is_here(self, root: Path | None = None) -> bool:
        """Tell whether the whole set can be read without a download."""
        return self.whole is not None and self.whole.is_here(root)

    def state(self, root: Path | None = None) -> str:
        """Say where the whole set is."""
        return "" if self.whole is None else self.whole.state(root)

    def load(
        self, root: Path | None = None, download: bool = True, progress: Progress | None = None
    ) -> ImageDataset:
        """Read the whole set, and leave the classes out of every split."""
        assert self.whole is not None, "made by `leave_out` alone"
        return without(self.whole.load(root, download, progress), self.left_out, self.name)


def named(name: str) -> tuple[str, tuple[int, ...]] | None:
    """Part such a name into that of the whole set and the labels left out; None for another."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    return found["whole"], tuple(int(label) for label in found["labels"].split("-"))


def name_without(whole: str, labels: tuple[int, ...]) -> str:
    """Name a data set with some labels left out."""
    return f"{whole}-without-{'-'.join(str(label) for label in sorted(labels))}"


def leave_out(whole: Source, labels: tuple[int, ...]) -> Without:
    """Make the source of a data set with some labels left out.

    Raises
    ------
    UserError
        For images without classes, an unknown label, and where no class would be left.
    """
    names = whole.class_names
    unknown = sorted(label for label in labels if label >= len(names))
    if unknown:
        there = f"has labels from 0 to {len(names) - 1}" if names else "has no classes"
        raise UserError(f"{whole.name} {there}, so that {unknown[0]} cannot be left out of it")
    if len(set(labels)) >= len(names):
        raise UserError(f"nothing of {whole.name} is left without all of its classes")
    shown = ", ".join(names[label] for label in sorted(labels))
    return Without(
        name=name_without(whole.name, labels),
        title=f"{whole.title} without {shown}",
        description=f"{whole.title}, all images of {shown} left out",
        image_shape=whole.image_shape,
        counts=_counts(whole, tuple(sorted(labels)), default_root()),
        read=whole.read,
        class_names=names,
        factor_names=whole.factor_names,
        files=whole.files,
        mirrors=whole.mirrors,
        framing=whole.framing,
        whole=whole,
        left_out=tuple(sorted(labels)),
    )


def without(dataset: ImageDataset, labels: tuple[int, ...], name: str = "") -> ImageDataset:
    """Leave the images of some labels out of every split of a data set."""
    return _kept(dataset, lambda found: ~np.isin(found, labels), name)


def only(dataset: ImageDataset, labels: tuple[int, ...], name: str = "") -> ImageDataset:
    """Leave out of every split all but the images of some labels."""
    return _kept(dataset, lambda found: np.isin(found, labels), name)


def _kept(
    dataset: ImageDataset, keeps: Callable[[np.ndarray], np.ndarray], name: str
) -> ImageDataset:
    train, validation, test = (_part(dataset.split(split), keeps, dataset.name) for split in SPLITS)
    return replace(
        dataset, name=name or dataset.name, train=train, validation=validation, test=test
    )


def _part(split: Split, keeps: Callable[[np.ndarray], np.ndarray], name: str) -> Split:
    if split.labels is None:
        raise UserError(f"the images of {name} have no classes, so that none can be left out")
    return split.take(np.flatnonzero(keeps(split.labels)))


def _counts(whole: Source, labels: tuple[int, ...], root: Path) -> Mapping[str, int]:
    """Count the images that are left; where none are here yet, as if all classes were as large."""
    if not whole.is_here(root):
        share = 1 - len(labels) / len(whole.class_names)
        return {split: round(count * share) for split, count in whole.counts.items()}
    key = (whole.name, tuple(whole.counts.values()), labels, root)
    if key not in _counted:
        dataset = without(whole.load(root, download=False), labels)
        _counted[key] = {split: len(dataset.split(split)) for split in SPLITS}
    return _counted[key]
