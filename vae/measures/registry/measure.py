"""What every measure says of itself and does."""

import time
from collections.abc import Mapping
from dataclasses import Field, dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np
import torch

from vae.measures.bound import BATCH, batches
from vae.measures.counter import Progress
from vae.measures.registry.needs import Need
from vae.measures.registry.reading import Reading
from vae.measures.registry.subject import Subject
from vae.measures.resampling import Resampled
from vae.measures.standard_error import standard_error

TRIALS = 3
"""Batches that are timed before a time is told; the fastest one counts."""


class Quantity(NamedTuple):
    """One number that a measure gives."""

    name: str
    """Its key, unique among all measures."""
    title: str
    unit: str
    reading: Reading = Reading()
    """What it means, which direction is better, and between which models it may be compared."""


class Estimate(NamedTuple):
    """A value with its standard error over images; None where there is no such value or error."""

    value: float | None
    stderr: float | None = None


@dataclass(frozen=True)
class Measured:
    """What a measure found; every `Quantity` has an entry."""

    estimates: Mapping[str, Estimate]
    n_images: int
    note: str | None = None
    """What to know beside the numbers, or why there are none; clauses, joined by semicolons."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Plain JSON values that are no single number: curves, tables; only some measures have any."""
    per_image: Mapping[str, np.ndarray] = field(default_factory=dict, compare=False, repr=False)
    """What the means are of, for quantities that have a value for each image: float64 (n_images,).
    Two models measured on the same images are compared by these, image by image."""
    resampled: Mapping[str, Resampled] = field(default_factory=dict, compare=False, repr=False)
    """Values on other choices of the same images, for quantities that are no mean over images; the
    choices are the same for all models, so that two are compared choice by choice."""


class Measure:
    """Options and the work of one measure; each is a frozen dataclass in a file of its own."""

    __dataclass_fields__: ClassVar[dict[str, Field[object]]]
    name: ClassVar[str]
    title: ClassVar[str]
    quantities: ClassVar[tuple[Quantity, ...]]
    needs: ClassVar[tuple[Need, ...]] = ()
    """What must hold, in the order in which it is asked."""
    most_images: ClassVar[int | None] = None
    """So many images are enough unless somebody asks for more; None for all of them."""
    is_slow: ClassVar[bool] = False
    """Whether it takes minutes, so that it is left out unless it is asked for by name."""

    revision: ClassVar[int] = 0
    """Raised when it computes otherwise, so that no older result on disk is shown."""
    keeps: ClassVar[bool] = False
    """Whether it goes on where it was ended, by `Subject.kept`."""

    def refusal(self, subject: Subject) -> str | None:
        """Say why the measure has no meaning for a subject; None where it has one."""
        missing = (need.otherwise for need in self.needs if not need.holds(subject))
        return next(missing, None)

    def passes(self, subject: Subject) -> float:
        """Tell how many images go through a network, of the subject and of what it fits on."""
        return len(subject.split)

    def seconds(self, subject: Subject) -> float:
        """Predict how long it takes, by timing a few images."""
        return self.passes(subject) * seconds_per_pass(subject)

    def __call__(self, subject: Subject, progress: Progress | None = None) -> Measured:
        """Measure, or say why that has no meaning."""
        reason = self.refusal(subject)
        if reason is None:
            return self.measure(subject, progress)
        nothing = {quantity.name: Estimate(None) for quantity in self.quantities}
        return Measured(nothing, len(subject.split), reason)

    def means(self, *columns: np.ndarray, note: str | None = None) -> Measured:
        """Return the mean of each quantity, in their order, from one value per image."""
        pairs = zip(self.quantities, columns, strict=True)
        values = {quantity.name: column for quantity, column in pairs}
        estimates = {name: mean_of(column) for name, column in values.items()}
        return Measured(estimates, len(columns[0]), note, per_image=values)

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        """Measure a subject that nothing is missing of; all draws follow from its seed.

        Raises
        ------
        UserError
            Where numbers are not finite, or options do not fit the subject.
        """
        raise NotImplementedError


def mean_of(values: np.ndarray) -> Estimate:
    """Return the mean of one value per image, and its standard error over images."""
    error = standard_error(values) if len(values) > 1 else None
    return Estimate(float(values.mean()), error)


@torch.inference_mode()
def seconds_per_pass(subject: Subject) -> float:
    """Time one image's way through encoder and decoder, halved: one network."""
    model, found = subject.model, subject.split.take(np.arange(min(BATCH, len(subject.split))))
    labels = found.labels if model.conditioning.needs_labels else None
    if model.conditioning.infers:
        # the time does not depend on which class is told
        labels = np.zeros(len(found), np.int64)
    x, y, _ = next(batches(model, found.images, labels))
    times = []
    for _ in range(TRIALS):
        begun = time.perf_counter()
        model.decode(model.encode(x, y).mean, y)
        times.append(time.perf_counter() - begun)
    return min(times) / (2 * len(x))
