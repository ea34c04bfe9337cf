"""The scores of all images, in steps that all visitors share; slow ones when somebody asks."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ui import navigation, resources, work
from ui.anomaly import foreign as foreigns
from ui.anomaly import material
from ui.anomaly.foreign import Foreign
from ui.anomaly.material import Material
from ui.resources import detectors
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.measures.anomaly import Detector, Roc, Score

SLOW_IMAGES = 300
"""Of each kind, by a slow score."""
CHUNK = 30
"""Images between which a slow score can be stopped."""


@dataclass(frozen=True, eq=False)
class Ready:
    """What scores: the images and the model's detector, fitted on training images."""

    material: Material
    detector: "Detector"


@dataclass(frozen=True, eq=False)
class Block:
    """Scores of all three sets in their order, NaN where an image was left out."""

    values: np.ndarray
    digest: str

    @classmethod
    def of(cls, values: np.ndarray) -> "Block":
        """Name a block by what it holds."""
        return cls(values, hashlib.sha256(values.tobytes()).hexdigest()[:16])


@dataclass(eq=False)
class Known:
    """What is known by now."""

    blocks: dict[str, Block] = field(default_factory=dict)
    rocs: dict[str, "Roc"] = field(default_factory=dict)

    @classmethod
    def of(cls, found: list[Any]) -> "Known":
        """Collect what the steps of a computation have found so far."""
        known = cls()
        for one in found:
            known.take(one)
        return known

    def take(self, found: dict[str, Any]) -> None:
        """Take what one step gave."""
        for name, one in found.items():
            (self.blocks if isinstance(one, Block) else self.rocs)[name] = one


def key(model: str, foreign: Foreign) -> work.Key:
    """Name what is computed of the versions of the files that are there now."""
    return ("anomaly", resources.version(model), foreign.name, foreigns.version(foreign))


def ready(model: str, foreign: Foreign) -> Ready:
    """Return the images and what scores them; `UserError` where they cannot be had."""
    found: Ready = detectors.kept(key(model, foreign), lambda: _ready(model, foreign))
    return found


def _ready(model: str, foreign: Foreign) -> Ready:
    from vae.measures.anomaly import Detector

    images = material.gather(model, foreign)
    return Ready(images, Detector(resources.checkpoint(model).model, images.train))


class Begun(NamedTuple):
    """The quick scores as they are computed: the first one apart, so that it waits for no other."""

    first: work.Work
    rest: work.Work | None
    """None until the first one is there."""

    @property
    def found(self) -> list[dict[str, Any]]:
        """What is known by now."""
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


def begun(model: str, foreign: Foreign) -> Begun:
    """Return the quick scores, begun where nobody had asked for them yet."""
    name = key(model, foreign)
    head, *tail = groups()
    first = _start(("anomaly-first", *name[1:]), model, foreign, [head])
    rest = _start(name, model, foreign, tail) if first.done else None
    return Begun(first, rest)


def _start(name: work.Key, model: str, foreign: Foreign, parts: "list[list[Score]]") -> work.Work:
    # each group of scores is a step, and what they find another
    total = 2 * len(parts)
    return work.start(name, lambda done: _steps(name, model, foreign, parts, done), total)


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


def _steps(
    name: work.Key, model: str, foreign: Foreign, parts: "list[list[Score]]", done: int
) -> Iterator[dict[str, Any]]:
    before = work.find(name)
    known = Known.of(before.found if before is not None else [])
    for step in range(done, 2 * len(parts)):
        one = ready(model, foreign)
        found = _rocs(one.material, known) if step % 2 else _scores(one, parts[step // 2])
        known.take(found)
        yield found


def _scores(one: Ready, scores: "list[Score]") -> dict[str, Any]:
    found = one.detector.scored(one.material.images, scores)
    return {name: Block.of(values) for name, values in found.scores.items()}


def _rocs(images: Material, known: Known) -> dict[str, Any]:
    missing = {name: one for name, one in known.blocks.items() if name not in known.rocs}
    return {name: roc_of(images, one) for name, one in missing.items()}


def roc_of(images: Material, block: Block) -> "Roc":
    """Compare normal and foreign images; those that were left out do not count."""
    from vae.measures.anomaly import roc

    first = len(images.held)
    normal, foreign = np.split(block.values[first:], [len(images.normal)])
    return roc(normal[np.isfinite(normal)], foreign[np.isfinite(foreign)])


# ---- slow scores ----------------------------------------------------------------------------


def slow_key(model: str, foreign: Foreign, score: str) -> work.Key:
    """Name the computation of one slow score."""
    return ("anomaly-slow", *key(model, foreign)[1:], score)


def start_slow(model: str, foreign: Foreign, score: str) -> None:
    """Begin a slow score, or go on after a stop."""
    if navigation.read_only():
        return
    name, one = slow_key(model, foreign, score), ready(model, foreign)
    total = -(-len(slow_rows(one.material)) // CHUNK) + 1
    work.start(name, lambda done: _slow_steps(name, model, foreign, score, done), total).go_on()


def stop_slow(model: str, foreign: Foreign, score: str) -> None:
    """Stop; what was scored so far stays."""
    found = work.find(slow_key(model, foreign, score))
    if found is not None:
        found.stop()


def slow_rows(images: Material) -> np.ndarray:
    """Choose the images that a slow score is told of: of each kind as many, evenly spread."""
    starts = np.cumsum([0, len(images.held), len(images.normal), len(images.foreign)])
    parts = [
        np.unique(np.linspace(low, high - 1, min(SLOW_IMAGES, high - low)).round().astype(int))
        for low, high in zip(starts[:-1], starts[1:], strict=True)
    ]
    return np.concatenate(parts)


def _slow_steps(
    name: work.Key, model: str, foreign: Foreign, score: str, done: int
) -> Iterator[Any]:
    one, before = ready(model, foreign), work.find(name)
    images, rows = one.material.images, slow_rows(one.material)
    found = list(before.found[:done]) if before is not None else []
    for start in range(done * CHUNK, len(rows), CHUNK):
        found.append(one.detector.score(images[rows[start : start + CHUNK]], score))
        yield found[-1]
    values = np.full(len(images), np.nan)
    values[rows] = np.concatenate(found)
    block = Block.of(values)
    yield Slow(block, roc_of(one.material, block))


@dataclass(frozen=True, eq=False)
class Slow:
    """What a slow score found in the end."""

    block: Block
    roc: "Roc"


def slow_work(model: str, foreign: Foreign, score: str) -> work.Work | None:
    """Return the computation of a slow score, if it was ever asked for."""
    return work.find(slow_key(model, foreign, score))


# ---- what is asked for one by one -------------------------------------------------------------


def block(model: str, foreign: Foreign, score: str) -> Block | None:
    """Return the scores that were computed, None where they were not; nothing is begun."""
    slow = slow_work(model, foreign, score)
    if slow is not None and slow.done:
        found: Slow = slow.found[-1]
        return found.block
    name = key(model, foreign)
    quick = [work.find(("anomaly-first", *name[1:])), work.find(name)]
    found_now = [found for one in quick if one is not None for found in one.found]
    return Known.of(found_now).blocks.get(score)


def nats(one: Ready, images: np.ndarray) -> np.ndarray:
    """Say what each pixel of some images costs, float32 (N, H, W)."""
    from vae.measures.anomaly import pixel_nats

    found = pixel_nats(one.detector.model, images)
    if found is None:
        raise UserError("this model's likelihood does not come apart into pixels")
    return found.astype("<f4")


def codes(one: Ready, images: np.ndarray) -> np.ndarray:
    """Return the posterior means of some images, float32 (N, z_dim), told no class."""
    from vae.measures.anomaly import Sight

    return Sight(one.detector.model, images).loc.astype("<f4")


def seconds(one: Ready, score: "Score") -> float:
    """Predict how long a slow score takes on the images that it is told of."""
    return one.detector.seconds(score, len(slow_rows(one.material)))


def names(model: str, foreign: Foreign) -> list[str]:
    """Name the scores that are computed by now."""
    from vae.measures.anomaly import SCORES

    return [name for name in SCORES if block(model, foreign, name) is not None]
