"""Numbers that take minutes: jobs that a press begins, told before, stopped, kept on disk."""

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ui import resources, work
from ui.compare.numbers import measuring
from ui.resources import datasets, measured
from ui.words import duration
from vae.jobs import measures as jobs
from vae.measures.registry import MEASURES, ImportanceSampling, Measure
from vae.measures.registry.measure import seconds_per_pass

if TYPE_CHECKING:
    from vae.jobs.measures import Order
    from vae.jobs.progress import JobStatus


class Size(NamedTuple):
    """A slow measure with its options, and of how many images."""

    measure: Measure
    images: int | None
    """So many by a fixed draw; None for all."""

    @property
    def words(self) -> str:
        """Say how much is measured."""
        images = "all images" if self.images is None else f"{self.images:,} images"
        samples = getattr(self.measure, "samples", None)
        return images if samples is None else f"{images}, {samples:,} samples each"


class Prospect(NamedTuple):
    """What can be told of a slow measure of a model before it is measured."""

    model: str
    size: Size
    reason: str | None
    """Why it has no meaning there: a clause."""
    seconds: float
    grounds: dict[str, tuple[str, ...]]


def sizes() -> list[Size]:
    """List what may be asked for; the likelihood of few images, or of all as papers report it."""
    found: list[Size] = []
    for name in measuring.names(slow=True):
        if name == ImportanceSampling.name:
            found += [Size(ImportanceSampling(500), 500), Size(ImportanceSampling(5000), None)]
        else:
            found.append(Size(MEASURES[name](), MEASURES[name].most_images))
    return found


def binarization(model: str, asked: str, size: Size) -> str:
    """Choose how pixels are drawn: black or white where grey ones have no probability."""
    binary = resources.checkpoint(model).model.likelihood.is_binary
    return "stochastic" if binary and size.measure.name == ImportanceSampling.name else asked


def prospects(models: Sequence[str], binarize: str) -> work.Work:
    """Look at each slow measure of each model: whether it has a meaning, and how long it takes."""
    steps = [(size, model) for model in models for size in sizes()]
    versions = tuple(resources.version(model) for model in models)

    def make(done: int) -> Iterator[Any]:
        for size, model in steps[done:]:
            yield prospect(model, size, binarize)

    key = ("slow numbers", versions, binarize)
    return work.start(key, make, len(steps))


def prospect(model: str, size: Size, asked: str) -> Prospect:
    """Look at a slow measure of a model."""
    whole = measured.subject(model, binarization(model, asked, size))
    if whole is None:
        return Prospect(model, size, "its images are not on this machine", 0.0, {})
    subject = whole.some(size.images)
    grounds = measured.grounds(size.measure.name, subject)
    reason = size.measure.refusal(subject)
    if reason is not None:
        return Prospect(model, size, reason, 0.0, grounds)
    each = _seconds_per_pass(resources.version(model), model)
    extra = size.measure.seconds(subject) if size.measure.passes(subject) < 1e5 else 0.0
    seconds = max(extra, size.measure.passes(subject) * each)
    return Prospect(model, size, None, seconds, grounds)


@functools.lru_cache(maxsize=256)
def _seconds_per_pass(found: resources.Version, model: str) -> float:
    subject = measured.subject(model, "none")
    return 0.0 if subject is None else seconds_per_pass(subject)


@functools.lru_cache(maxsize=256)
def _order(found: resources.Version, model: str, size: Size, binarize: str) -> "Order":
    """Describe the job for the version of a model's file that is there now."""
    dataset = datasets.of_model(model)
    assert dataset is not None, "asked for only where the images are here"
    opened = resources.checkpoint(model)
    return jobs.order(
        size.measure,
        Path(found.path),
        dataset,
        str(opened.dataset["split"]),
        images=size.images,
        binarize=binarization(model, binarize, size),
        dequantize=opened.model.likelihood.is_density,
    )


def order(model: str, size: Size, binarize: str) -> "Order":
    """Describe the job of a model."""
    return _order(resources.version(model), model, size, binarize)


class Standing(NamedTuple):
    """How far one size of a slow measure is, for all models together."""

    size: Size
    seconds: float
    """About so long takes what is not there yet."""
    missing: tuple[str, ...]
    """Models that have not been measured and are not on their way."""
    running: "dict[str, JobStatus]"
    ready: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def progress(self) -> float:
        """Share of the running jobs that is done."""
        return sum(one.progress for one in self.running.values()) / max(1, len(self.running))

    @property
    def left(self) -> str | None:
        """Say how long it still takes; None where that is not known yet."""
        left = [one.remaining for one in self.running.values() if one.remaining is not None]
        return duration(sum(left)) if left else None


def standings(found: Sequence[Prospect], binarize: str) -> list[Standing]:
    """Tell how far each size is."""
    told: list[Standing] = []
    for size in dict.fromkeys(one.size for one in found):
        of_models = [one for one in found if one.size == size and one.reason is None]
        states = {
            one.model: jobs.status(order(one.model, size, binarize).key()) for one in of_models
        }
        missing = [one for one in of_models if states[one.model].state not in DONE]
        told.append(
            Standing(
                size,
                sum(one.seconds for one in missing),
                tuple(one.model for one in missing),
                {name: one for name, one in states.items() if one.state == "running"},
                tuple(name for name, one in states.items() if one.state == "finished"),
                tuple(one.error for one in states.values() if one.error),
            )
        )
    return told


DONE = ("finished", "running")


def known(
    found: Sequence[Prospect], standings: Sequence[Standing], binarize: str
) -> dict[tuple[str, str], measured.Found | str]:
    """Collect what finished jobs found; of each measure the size that most models have."""
    told: dict[tuple[str, str], measured.Found | str] = {
        (one.size.measure.name, one.model): one.reason for one in found if one.reason is not None
    }
    for name in dict.fromkeys(one.size.measure.name for one in standings):
        same = [one for one in standings if one.size.measure.name == name]
        # of several the last one, which is the largest
        most = max(reversed(same), key=lambda one: len(one.ready))
        for one in found:
            if one.size == most.size and one.model in most.ready:
                result = jobs.result(order(one.model, most.size, binarize).key())
                told[name, one.model] = measured.Found(result, one.grounds)
    return told


def start(standing: Standing, binarize: str) -> None:
    """Begin what is missing; `UserError` where the folder of results cannot be written."""
    for model in standing.missing:
        jobs.start(order(model, standing.size, binarize))


def stop(standing: Standing, binarize: str) -> None:
    """Stop what is running; what was found so far stays where the measure keeps it."""
    for model in standing.running:
        jobs.cancel(order(model, standing.size, binarize).key())
