"""What several models of one configuration have in common, from their files alone.

Each file holds the held-out images as its model encodes them, so that nothing is encoded again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from vae.data.splits import permutation
from vae.errors import UserError
from vae.measures.retraining.alignment import Aligned, align, align_all, plane_of, shuffled
from vae.measures.retraining.borders import Borders, borders
from vae.measures.retraining.neighbourhoods import (
    Overlap,
    neighbours,
    neighbours_among,
    overlap,
)
from vae.measures.retraining.spread import Spread, spread
from vae.models.usage import is_collapsed

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

MOST_IMAGES = 2_000
"""Images that are compared, by a fixed draw; of MNIST, another draw of as many changed the share of
neighbours that stay by about one percent."""


class Number(NamedTuple):
    """A number of a model's file whose spread is told."""

    title: str
    unit: str
    digits: int
    key: str
    """Its key among the file's metrics."""
    sign: int = 1

    def of(self, metrics: Mapping[str, Any]) -> float | None:
        """Take it from a file's metrics; None where it was not measured."""
        value = metrics.get(self.key)
        return None if value is None else self.sign * float(value)


VALIDATION_NLL = "validation_nll"
"""Key of what no file holds: the NLL of validation images, where it was measured."""
NUMBERS = (
    Number("−ELBO", "nats per image", 2, "elbo", -1),
    Number("Rate", "nats per image", 2, "kl"),
    Number("Distortion", "nats per image", 2, "reconstruction", -1),
    Number("NLL, validation", "nats per image", 2, VALIDATION_NLL),
    Number("Active units", "dimensions", 1, "active_units"),
    Number("k-NN accuracy", "share", 3, "knn_accuracy"),
)


@dataclass(frozen=True, eq=False)
class Survival:
    """What survives retraining: two or more models of one configuration, held together."""

    rows: np.ndarray
    """Rows of the compared images in their split, int64 (N,)."""
    labels: np.ndarray
    """Class of each, −1 for none."""
    aligned: tuple[Aligned, ...]
    """The maps laid over the mean of all, in the models' order."""
    plane: tuple[np.ndarray, ...]
    """The same as they are drawn, each (N, 2)."""
    residual: Spread
    """What aligning leaves of the variance, over the pairs of maps."""
    chance: float
    """What it leaves where the images of one map are shuffled, mean over pairs."""
    least_chance: float
    """The least that any of the shuffles left."""
    near: tuple[np.ndarray, ...]
    """In each map the nearest other images of each image, rows of `rows`, (N, k)."""
    overlap: Overlap
    borders: Borders | None
    """None where the images have no classes."""
    collapsed: int
    """Maps in which all codes are nearly equal."""


def survival(models: Sequence["Checkpoint"]) -> Survival:
    """Hold the maps of several models together.

    Raises
    ------
    UserError
        Where there are fewer than two, where a file has no map, or maps of other images.
    """
    if len(models) < 2:
        raise UserError("two finished models are needed at least; train one more")
    rows, places = _common(models)
    maps = [model.atlas.loc[at] for model, at in zip(models, places, strict=True) if model.atlas]
    labels = models[0].atlas.label[places[0]] if models[0].atlas else np.zeros(0, np.int64)
    k = neighbours_among(len(rows))
    near = [neighbours(one, k, seed) for seed, one in enumerate(maps)]
    aligned = align_all(maps)
    pairs = list(combinations(maps, 2))
    residual = spread(align(other, one).residual for one, other in pairs)
    assert residual is not None, "there is a pair"
    by_chance = [shuffled(other, one) for one, other in pairs]
    return Survival(
        rows,
        labels,
        tuple(aligned),
        tuple(plane_of(aligned)),
        residual,
        float(np.mean([one.mean for one in by_chance])),
        min(one.least for one in by_chance),
        tuple(near),
        overlap(near),
        borders(near, labels) if len(np.unique(labels[labels >= 0])) > 1 else None,
        sum(is_collapsed(one) for one in maps),
    )


def numbers(metrics: Sequence[Mapping[str, Any]]) -> list[tuple[Number, Spread]]:
    """Give the spread of each number that any of the models has in its file."""
    found = ((one, spread(map(one.of, metrics))) for one in NUMBERS)
    return [(one, over) for one, over in found if over is not None]


def _common(models: Sequence["Checkpoint"]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Find images that all maps hold: their rows in the split, and where each map has them."""
    for model in models:
        if model.atlas is None:
            raise UserError(f"the file of {model.name} holds no encoded images; train it again")
        for key in ("name", "split", "sha256"):
            if model.dataset.get(key) != models[0].dataset.get(key):
                raise UserError(
                    f"{model.name} was measured on other images than {models[0].name}; "
                    "train one of them again"
                )
    indices = [model.atlas.index for model in models if model.atlas]
    rows = indices[0]
    for index in indices[1:]:
        rows = np.intersect1d(rows, index)
    if len(rows) < 3:
        raise UserError("the maps have fewer than three images in common; train the models again")
    rows = np.sort(np.sort(rows)[permutation(len(rows))[:MOST_IMAGES]])
    places = []
    for index in indices:
        order = np.argsort(index, kind="stable")
        places.append(order[np.searchsorted(index[order], rows)])
    return rows, places
