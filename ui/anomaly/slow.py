"""Scores that take minutes, on fewer images: jobs that a press begins, kept on disk."""

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ui import resources
from ui.anomaly import scoring
from ui.anomaly.foreign import Foreign
from ui.anomaly.material import Material
from ui.anomaly.scoring import Found, Ready
from ui.work import Key

if TYPE_CHECKING:
    from vae.jobs.progress import JobStatus
    from vae.jobs.scores import Order
    from vae.measures.anomaly import Score

MOST = 300
"""Images of each kind."""


def names() -> list[str]:
    """Name the slow scores."""
    from vae.measures.anomaly import SCORES

    return [name for name, cls in SCORES.items() if cls.is_slow]


def rows(images: Material) -> np.ndarray:
    """Choose the images that a slow score is told of, by their places."""
    return images.spread(lambda _: MOST)


def seconds(one: Ready, score: "Score") -> float:
    """Predict how long a slow score takes on the images that it is told of."""
    return one.plain.seconds(score, len(rows(one.material)))


def start(model: str, foreign: Foreign, score: str) -> None:
    """Begin, or go on after a stop; `UserError` where who asks may start nothing."""
    from vae.jobs import scores

    scores.start(_order(scoring.key(model, foreign), model, foreign, score))


def stop(model: str, foreign: Foreign, score: str) -> None:
    """Stop; what was scored so far stays. `UserError` where somebody else began it."""
    from vae.jobs import scores

    scores.cancel(_key(scoring.key(model, foreign), model, foreign, score))


def status(model: str, foreign: Foreign, score: str) -> "JobStatus":
    """Tell how far it is."""
    from vae.jobs import scores

    return scores.status(_key(scoring.key(model, foreign), model, foreign, score))


def running(model: str, foreign: Foreign) -> bool:
    """Tell whether any slow score is on its way."""
    return any(status(model, foreign, name).state == "running" for name in names())


def found(model: str, foreign: Foreign, score: str) -> Found | None:
    """Return what a score found, None where it is not done."""
    if status(model, foreign, score).state != "finished":
        return None
    return _found(scoring.key(model, foreign), model, foreign, score)


@functools.lru_cache(maxsize=32)
def _key(version: Key, model: str, foreign: Foreign, score: str) -> str:
    return _order(version, model, foreign, score).key()


def _order(version: Key, model: str, foreign: Foreign, score: str) -> "Order":
    """Describe the job for the version of a model's file that is there now."""
    from vae.jobs import scores
    from vae.measures.anomaly import SCORES

    one, file = scoring.ready(model, foreign), Path(resources.version(model).path)
    wanted, images = SCORES[score](), one.material.take(rows(one.material))
    return scores.order(wanted, file, one.detector_of(wanted), images)


@functools.lru_cache(maxsize=32)
def _found(version: Key, model: str, foreign: Foreign, score: str) -> Found:
    from vae.jobs import scores

    images = scoring.ready(model, foreign).material
    return Found.of(images, rows(images), scores.result(_key(version, model, foreign, score)))
