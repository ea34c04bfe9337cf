"""The images that are scored: held-out ones for the threshold, normal ones, foreign ones."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ui import resources
from ui.anomaly.foreign import Foreign
from ui.resources import datasets
from vae.data import ImageDataset, Split
from vae.errors import UserError

MOST = 2000
"""Normal images, and foreign ones; by a fixed draw where there are more."""
MOST_HELD = 5000
"""Images that set the threshold: all of MNIST's, so that the command line sets the same."""
MOST_COPIED = 60_000
"""Training images without a class; all together they are not copied."""
PIXELS = 28 * 28
"""Of an image; of larger ones there are fewer, so that the first score comes soon."""
LEAST_SHARE = 0.25
LEAST_HELD = 10
HELD, TRIED = "validation", "test"


@dataclass(frozen=True, eq=False)
class Material:
    """Three sets of images of one shape, and the training images that scores are fitted on."""

    held: Split
    """They set the threshold, and nothing is said of them."""
    is_held_whole: bool
    """Whether these are all that are held out."""
    normal: Split
    rows: np.ndarray
    """Of the normal images in the test split of the model's data set."""
    foreign: Split
    foreign_rows: np.ndarray
    own: ImageDataset
    """The model's, which training images are taken from."""
    label: int | None
    """The class of it that is foreign."""
    foreign_classes: tuple[str, ...]

    @property
    def sets(self) -> tuple[Split, Split, Split]:
        """Held-out, normal and foreign images."""
        return self.held, self.normal, self.foreign

    def take(self, places: np.ndarray) -> np.ndarray:
        """Copy some of them, by their ascending places."""
        ends = np.cumsum([len(one) for one in self.sets])[:-1]
        parts = np.split(places, np.searchsorted(places, ends))
        starts = [0, *ends]
        found = zip(self.sets, parts, starts, strict=True)
        return np.concatenate([one.images[part - start] for one, part, start in found])

    @cached_property
    def train(self) -> np.ndarray:
        """Training images, without the foreign class; copied when they are first asked for."""
        if self.label is None:
            return self.own.train.images
        return _some(self.own.train, _others(self.label), MOST_COPIED)[0].images

    def spread(self, most: Callable[[int], int]) -> np.ndarray:
        """Choose evenly spread images of each set, ``most(count)`` of so many, by their places."""
        sizes = [len(one) for one in self.sets]
        starts = np.cumsum([0, *sizes])
        parts = [
            start + np.unique(np.linspace(0, size - 1, min(size, most(size))).round().astype(int))
            for start, size in zip(starts, sizes, strict=False)
        ]
        return np.concatenate(parts)

    @property
    def shown(self) -> int:
        """How many images stand on the strip."""
        return len(self.normal) + len(self.foreign)

    @property
    def count(self) -> int:
        """How many images are scored."""
        return len(self.held) + self.shown

    def image(self, place: int) -> np.ndarray:
        """Return an image by its place among normal and foreign ones, uint8 (C, H, W)."""
        count = len(self.normal)
        found = self.normal.images[place] if place < count else self.foreign.images[place - count]
        return np.asarray(found)

    def about(self) -> dict[str, Any]:
        """Return rows and labels, plain JSON."""
        return {
            "held": len(self.held),
            "rows": self.rows.tolist(),
            "labels": _labels(self.normal),
            "foreignRows": self.foreign_rows.tolist(),
            "foreignLabels": _labels(self.foreign),
        }


def gather(model: str, foreign: Foreign) -> Material:
    """Take the images of a model and of what is foreign to it.

    Raises
    ------
    UserError
        When they are not on this machine, or too few.
    """
    own = datasets.of_model(model)
    if own is None:
        raise UserError(absent(model))
    other, other_rows, classes = _foreign(own, foreign)
    keeps = _others(foreign.label)
    share = min(1.0, max(LEAST_SHARE, PIXELS / own.test.images[0].size))
    most_held, most = round(share * MOST_HELD), round(share * MOST)
    held, _ = _some(own.validation, keeps, most_held)
    normal, rows = _some(own.test, keeps, most)
    strange, strange_rows = _some(other, None, most, other_rows)
    for name, count in ((HELD, len(held)), (TRIED, len(normal)), ("foreign", len(strange))):
        if count < LEAST_HELD:
            raise UserError(
                f"{count} {name} images are too few to tell anything by; choose something else as "
                f"foreign, or a data set with {LEAST_HELD} or more"
            )
    whole = len(own.validation) <= most_held
    return Material(held, whole, normal, rows, strange, strange_rows, own, foreign.label, classes)


def absent(model: str) -> str:
    """Say that a model's images are not on this machine."""
    name = resources.header(model)["dataset"].get("name", "unknown images")
    return (
        f"The images of {name}, on which this model was trained, are not on this machine: there is "
        "nothing normal to compare with. `python -m vae datasets` says where they are looked for."
    )


def _foreign(own: ImageDataset, foreign: Foreign) -> tuple[Split, np.ndarray, tuple[str, ...]]:
    if foreign.label is None:
        found = datasets.by_name(foreign.name)
        return found.test, np.arange(len(found.test)), found.class_names
    test = _whole(own).test
    assert test.labels is not None, "only what has labels has classes"
    rows = np.flatnonzero(test.labels == foreign.label)
    return test.take(rows), rows, own.class_names


def _whole(own: ImageDataset) -> ImageDataset:
    """Return a data set with the classes that were left out of it."""
    from vae import data
    from vae.data.without import named

    parts = named(own.name)
    return datasets.by_name(parts[0]) if parts and own.name not in data.sources() else own


def _others(label: int | None) -> Any:
    return None if label is None else lambda labels: labels != label


def _some(
    split: Split, keeps: Any, most: int, rows: np.ndarray | None = None
) -> tuple[Split, np.ndarray]:
    """Draw images, always the same ones, with their rows in the split they came from."""
    from vae.data.splits import permutation

    kept = np.arange(len(split)) if keeps is None else np.flatnonzero(keeps(split.labels))
    if len(kept) > most:
        kept = np.sort(kept[permutation(len(kept))[:most]])
    return split.take(kept), kept if rows is None else rows[kept]


def _labels(split: Split) -> list[int]:
    found: list[int] = [-1] * len(split) if split.labels is None else split.labels.tolist()
    return found
