"""What is measured of the models side by side: quick numbers at once, row by row."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ui import resources, work
from ui.resources import datasets, measured
from vae.measures.registry import MEASURES


class Step(NamedTuple):
    """One measure of one model, and what came of it: a clause where nothing did."""

    measure: str
    model: str
    found: measured.Found | str


def names(slow: bool) -> list[str]:
    """List the measures, those first that give a number which is shown first."""
    found = [name for name, cls in MEASURES.items() if cls.is_slow == slow]
    return sorted(found, key=lambda name: not _leads(name))


def _leads(name: str) -> bool:
    return any(quantity.reading.leads for quantity in MEASURES[name].quantities)


def can_be(models: Sequence[str]) -> bool:
    """Tell whether the images of all these models are on this machine."""
    return all(datasets.of_model(model) is not None for model in models)


def quick(models: Sequence[str], binarize: str) -> work.Work:
    """Return the quick numbers of some models, begun where nobody had asked for them yet."""
    steps = [(measure, model) for measure in names(slow=False) for model in models]
    versions = tuple(resources.version(model) for model in models)

    def make(done: int) -> Iterator[Any]:
        for measure, model in steps[done:]:
            yield Step(measure, model, measured.quick(model, measure, binarize))

    key = ("numbers", versions, binarize)
    return work.start(key, make, len(steps))


def found_of(done: work.Work) -> dict[tuple[str, str], measured.Found | str]:
    """Return what is known so far, by measure and model."""
    return found_of_steps(list(done.found))


def refused(models: Sequence[str], binarize: str) -> dict[tuple[str, str], measured.Found | str]:
    """Say what has no meaning for which model, which is known before anything is measured."""
    return {
        (measure, model): reason
        for model in models
        for measure, reason in measured.refusals(model, binarize).items()
    }


def found_of_steps(steps: Sequence[Step]) -> dict[tuple[str, str], measured.Found | str]:
    """Return what came of some steps, by measure and model."""
    return {(step.measure, step.model): step.found for step in steps}
