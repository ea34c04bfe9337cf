"""The quick scores of all images, in steps that all visitors share."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ui import resources, work
from ui.anomaly import foreign as foreigns
from ui.anomaly import material
from ui.anomaly.foreign import Foreign
from ui.anomaly.material import Material
from ui.resources import detectors
from ui.work import Key
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint
    from vae.measures.anomaly import Detector, Roc, Score


PART = 4
"""The first picture is of this part of the images, so that it comes soon."""
LEAST_FEW = 300
"""Of each kind, where there are so many."""


@dataclass(frozen=True, eq=False)
class Ready:
    """The images, and what scores them."""

    material: Material
    plain: "Detector"
    """The model's for scores that are fitted on nothing, whatever is foreign."""

    @cached_property
    def detector(self) -> "Detector":
        """For all scores, fitted on training images."""
        from vae.measures.anomaly import Detector

        return Detector(self.plain.model, self.material.train)

    def detector_of(self, score: "Score") -> "Detector":
        """Return what scores by it."""
        return self.detector if score.is_fitted else self.plain


@dataclass(frozen=True, eq=False)
class Block:
    """Scores of all three sets in their order, NaN where an image was left out."""

    values: np.ndarray
    digest: str

    @classmethod
    def of(cls, values: np.ndarray) -> "Block":
        """Name a block by what it holds."""
        return cls(values, hashlib.sha256(values.tobytes()).hexdigest()[:16])


class Found(NamedTuple):
    """What a score says of the images, and how well that tells foreign ones."""

    block: Block
    roc: "Roc"

    @classmethod
    def of(cls, images: Material, rows: np.ndarray, values: np.ndarray) -> "Found":
        """Take the scores of some of the images; those that were left out do not count."""
        from vae.measures.anomaly import roc

        held, normal = len(images.held), len(images.normal)
        every = np.full(images.count, np.nan)
        every[rows] = values
        sets = every[held : held + normal], every[held + normal :]
        return cls(Block.of(every), roc(*(one[np.isfinite(one)] for one in sets)))


def key(model: str, foreign: Foreign) -> Key:
    """Name what is computed of the versions of the files that are there now."""
    return ("anomaly", resources.version(model), foreign.name, foreigns.version(foreign))


def ready(model: str, foreign: Foreign) -> Ready:
    """Return the images and what scores them; `UserError` where they cannot be had."""
    found: Ready = detectors.kept(key(model, foreign), lambda: _ready(model, foreign))
    return found


def _ready(model: str, foreign: Foreign) -> Ready:
    return Ready(material.gather(model, foreign), resources.of_model(model, _plain))


def _plain(opened: "Checkpoint") -> "Detector":
    from vae.measures.anomaly import Detector

    return Detector(opened.model)


class Begun(NamedTuple):
    """The quick scores as they are computed: the first one apart, so that it waits for no other."""

    first: work.Work
    """The first score of a part of the images, which the first picture needs."""
    rest: work.Work | None
    """All scores of all of them; None until the first one is there."""

    @property
    def found(self) -> list[dict[str, Found]]:
        """What the steps have found by now."""
        return [*self.first.found, *(self.rest.found if self.rest is not None else [])]

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        if not self.first.done:
            return self.first.running
        # it may have ended since the others were asked for
        return self.rest is None or self.rest.running

    @property
    def error(self) -> str | None:
        """What went wrong, in a sentence."""
        return self.first.error or (self.rest.error if self.rest is not None else None)


def begun(model: str, foreign: Foreign, goes_on: Callable[[], bool] = lambda: True) -> Begun:
    """Return the quick scores, begun where nobody had asked for them yet.

    All but the first one begin once ``goes_on`` says so.
    """
    name = key(model, foreign)
    first = work.start(_first(name), lambda _: _few(model, foreign), 1, is_awaited=True)
    rest = work.find(name) if first.done else None
    if first.done and rest is None and goes_on():
        total = len(groups())
        rest = work.start(name, lambda done: _steps(model, foreign, done), total)
    return Begun(first, rest)


def _first(name: Key) -> Key:
    return ("anomaly-first", *name[1:])


def groups() -> "list[list[Score]]":
    """Part the quick scores into what is computed together; what a page can show first is first."""
    from vae.measures.anomaly import DEFAULTS, SCORES

    names = [*DEFAULTS, *(name for name in SCORES if name not in DEFAULTS)]
    quick = [one for name in names if not (one := SCORES[name]()).is_slow]
    plain, fitted = (
        [one for one in quick if one.is_fitted is is_fitted] for is_fitted in (False, True)
    )
    together = [
        plain[:1],
        plain[1:],
        [one for one in fitted if one.own],
        *([one] for one in fitted if not one.own),
    ]
    return [group for group in together if group]


def _few(model: str, foreign: Foreign) -> Iterator[dict[str, Found]]:
    """Score a part of the images by what a page shows first."""
    one = ready(model, foreign)
    rows = one.material.spread(lambda count: max(LEAST_FEW, count // PART))
    yield _scored(one, groups()[0], rows)


def _steps(model: str, foreign: Foreign, done: int) -> Iterator[dict[str, Found]]:
    for group in groups()[done:]:
        one = ready(model, foreign)
        yield _scored(one, group, np.arange(one.material.count))


def _scored(one: Ready, scores: "list[Score]", rows: np.ndarray) -> dict[str, Found]:
    images = one.material
    found = one.detector_of(scores[0]).scored(images.take(rows), scores)
    return {name: Found.of(images, rows, values) for name, values in found.scores.items()}


def found_of(steps: Iterable[dict[str, Found]]) -> dict[str, Found]:
    """Collect what steps have found by now; of what two have found the later one counts."""
    return {name: found for step in steps for name, found in step.items()}


def steps(model: str, foreign: Foreign) -> list[dict[str, Found]]:
    """Return what the quick scores have found by now; nothing is begun."""
    name = key(model, foreign)
    works = [work.find(_first(name)), work.find(name)]
    return [step for one in works if one is not None for step in list(one.found)]


# ---- what is asked for one by one -------------------------------------------------------------


def nats(one: Ready, images: np.ndarray) -> np.ndarray:
    """Say what each pixel of some images costs, float32 (N, H, W)."""
    from vae.measures.anomaly import pixel_nats

    found = pixel_nats(one.plain.model, images)
    if found is None:
        raise UserError("this model's likelihood does not come apart into pixels")
    return found.astype("<f4")


def codes(one: Ready, images: np.ndarray) -> np.ndarray:
    """Return the posterior means of some images, float32 (N, z_dim), told no class."""
    from vae.measures.anomaly import Sight

    return Sight(one.plain.model, images).loc.astype("<f4")
