"""A threshold that is kept with the model: what its held-out images score, for any rate of alarms.

It lies where `python -m vae anomaly` looks for it, under a name made from the bytes of the model's
file.
"""

import functools
from typing import TYPE_CHECKING

import numpy as np

from ui import resources
from ui.anomaly import known, material, scoring
from ui.anomaly.foreign import Foreign
from ui.resources import Version, datasets
from vae.errors import UserError
from vae.files import owner

if TYPE_CHECKING:
    from vae.measures.anomaly.kept import Key

RATE = "{rate}"
"""Stands in a command for the rate of false alarms."""


def can_keep(one: scoring.Ready, block: scoring.Block) -> bool:
    """Tell whether a score is known of all held-out images; a slow one is known of some."""
    held = block.values[: len(one.material.held)]
    return one.material.is_held_whole and bool(np.isfinite(held).all())


def is_kept(model: str, foreign: Foreign, score: str) -> bool:
    """Tell whether the threshold of a score is kept for who asks."""
    from vae.measures.anomaly import kept

    return kept.is_own(_key(model, foreign, score))


def keep(model: str, foreign: Foreign, score: str) -> None:
    """Keep what the held-out images score.

    It is the model's, whoever keeps it; that they keep it is told to nobody else.

    Raises
    ------
    UserError
        Where who asks may change nothing, where there is nothing to keep, or it cannot be written.
    """
    from vae.measures.anomaly import NormalScores, kept

    one, blocks = scoring.ready(model, foreign), known.blocks(model, foreign, score)
    owner.check_start()
    if not (blocks and can_keep(one, blocks[-1])):
        raise UserError("this score is not known of all held-out images, so it cannot be kept")
    held = one.material.held
    key = _key(model, foreign, score)
    kept.keep(
        key, NormalScores(blocks[-1].values[: len(held)], held.sha256(), key.dataset, key.split)
    )
    if kept.find(key) is None:
        raise UserError(
            "the threshold could not be written down; look whether the disk is full, or the "
            "folder of runs may not be written"
        )
    owner.add(key.owner())


def command(model: str, foreign: Foreign, score: str) -> str:
    """Return the command that scores the foreign images by the same threshold."""
    from vae import data

    own = data.name_of(resources.header(model)["dataset"]) or ""
    name, whole = _normal(model, foreign), own.partition("-without-")[0]
    chosen = [foreign.name] if foreign.label is None else [whole, "--classes", str(foreign.label)]
    normal = ["--normal", name] if name != own else []
    parts = ["python -m vae anomaly", model, "--dataset", *chosen, *normal, "--score", score]
    return " ".join([*parts, "--alarm-rate", RATE, "--out scores.csv"])


def _normal(model: str, foreign: Foreign) -> str:
    """Name the images that count as normal."""
    from vae.data.without import name_without, named

    dataset = datasets.of_model(model)
    assert dataset is not None, "there are scores"
    if foreign.label is None:
        return dataset.name
    whole, labels = named(dataset.name) or (dataset.name, ())
    return name_without(whole, tuple({*labels, foreign.label}))


def _key(model: str, foreign: Foreign, score: str) -> "Key":
    from vae.measures.anomaly import SCORES, kept

    file = _digest(resources.version(model))
    return kept.Key(file, SCORES[score](), _normal(model, foreign), material.HELD)


@functools.lru_cache(maxsize=64)
def _digest(version: Version) -> str:
    from pathlib import Path

    from vae.files.digest import digest

    return digest(Path(version.path))
