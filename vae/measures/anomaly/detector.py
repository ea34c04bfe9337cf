"""A model with its scores, each fitted once: what a page keeps and asks again and again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from vae.data import Split
from vae.errors import UserError
from vae.measures.anomaly.registry import SCORES
from vae.measures.anomaly.score import UNFITTED, Fitted, Score
from vae.measures.anomaly.sight import Sight
from vae.measures.counter import Counter, Progress
from vae.measures.registry.measure import seconds_per_pass
from vae.measures.registry.subject import Subject
from vae.models.vae import VAE
from vae.options import choose

LEAST_TIMED = 100
"""So many images at least are timed together: one alone would take as long as several."""


class Unmeasured(UserError):
    """A score has no meaning for this model."""


@dataclass(frozen=True)
class Scored:
    """What some images score."""

    scores: Mapping[str, np.ndarray]
    """By name, float64 (N,), the higher the stranger."""
    refused: Mapping[str, str]
    """Why a score that was asked for has no meaning for the model: a clause each."""
    n_images: int


@dataclass(eq=False)
class Detector:
    """Scores of one model; what is fitted is fitted when it is first asked for, and kept.

    Several threads may ask at once.
    """

    model: VAE
    train: np.ndarray | None = None
    """Uint8 training images to fit on; None where they are not on this machine."""
    seed: int = 0
    _fitted: dict[Score, Fitted] = field(default_factory=dict)
    _normal: dict[int, Sight] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _pass: float | None = None

    def refusal(self, score: Score) -> str | None:
        """Say why a score has no meaning here; None where it has one."""
        reason = score.refusal(self.model)
        if reason is None and score.is_fitted and (self.train is None or not len(self.train)):
            return UNFITTED
        return reason

    def refusals(self) -> dict[str, str | None]:
        """Say of every score, by name, why it has no meaning here; None where it has one."""
        return {name: self.refusal(cls()) for name, cls in SCORES.items()}

    def seconds(self, score: Score, count: int) -> float:
        """Predict how long so many images take, by timing the networks on a few."""
        if self._pass is None:
            size = LEAST_TIMED
            blank = np.zeros((size, *self.model.config.image_shape), np.uint8)
            self._pass = seconds_per_pass(Subject(self.model, Split(blank)))
        return self._pass * score.passes(self.model) * count

    def scored(
        self,
        images: np.ndarray,
        scores: Iterable[Score | str] | None = None,
        progress: Progress | None = None,
    ) -> Scored:
        """Score uint8 images (N, C, H, W), by default by all scores that are not slow.

        ``progress(done, total)`` hears of the work, in images and scores.

        Raises
        ------
        UserError
            For images of another shape, for none, for an unknown name, and where the model gives
            numbers that are not finite.
        """
        sight = Sight(self.model, images, self.seed)
        wanted = [named(one) for one in (quick() if scores is None else scores)]
        refused = {one.name: self.refusal(one) for one in wanted}
        measured = [one for one in wanted if refused[one.name] is None]
        passes = [one.passes(self.model) for one in measured]
        count = Counter(round(sum(passes) * len(sight)), progress)
        found = {}
        for score, each in zip(measured, passes, strict=True):
            told = Counter(len(sight), _in_passes(count, each))
            found[score.name] = _finite(self._fit(score)(sight, told), score)
        return Scored(found, {name: why for name, why in refused.items() if why}, len(sight))

    def score(
        self, images: np.ndarray, score: Score | str, progress: Progress | None = None
    ) -> np.ndarray:
        """Score images by one score; `Unmeasured`, with the reason, where it has no meaning."""
        one = named(score)
        found = self.scored(images, [one], progress)
        if one.name in found.refused:
            raise Unmeasured(f"{one.title} cannot be used here: {found.refused[one.name]}")
        return found.scores[one.name]

    def _fit(self, score: Score) -> Fitted:
        # who asks for what is there does not wait for what is being fitted
        if score not in self._fitted:
            with self._lock:
                if score not in self._fitted:
                    self._fitted[score] = score.fit(self.model, self.fitted_on(score))
        return self._fitted[score]

    def fitted_on(self, score: Score) -> Sight | None:
        """Return the training images that a score is fitted on; None where it is on none."""
        if score.most_fitted is None or self.train is None:
            return None
        if score.most_fitted not in self._normal:
            whole = Sight(self.model, self.train, self.seed)
            self._normal[score.most_fitted] = whole.some(score.most_fitted)
        return self._normal[score.most_fitted]


def named(score: Score | str) -> Score:
    """Return a score with its own defaults by its name; an unknown one is a `UserError`."""
    return choose(SCORES, score, "score")() if isinstance(score, str) else score


def quick() -> list[str]:
    """Name the scores that 1,000 images take seconds for."""
    return [name for name, cls in SCORES.items() if not cls.is_slow]


def _in_passes(count: Counter, each: float) -> Progress:
    said = 0

    def tell(done: int, total: int) -> None:
        nonlocal said
        now = round(each * done)
        count(now - said)
        said = now

    return tell


def _finite(scores: np.ndarray, score: Score) -> np.ndarray:
    if not np.isfinite(scores).all():
        raise UserError(
            f"the model gives some images a {score.title} that is no finite number; its training "
            "has diverged, train again with a lower learning rate"
        )
    return scores
