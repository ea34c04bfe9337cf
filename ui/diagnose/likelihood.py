"""log p(x) of held-out images by importance sampling: jobs that a press begins, kept on disk."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ui import navigation, resources
from ui.resources import datasets
from ui.words import duration

if TYPE_CHECKING:
    from vae.jobs.measures import Order
    from vae.measures.registry.importance import ImportanceSampling


@dataclass(frozen=True)
class Size:
    """How much of it is measured; more takes longer and says it more exactly."""

    name: str
    images: int | None
    """So many by a fixed draw; None for all."""
    samples: int
    """Draws of z per image."""


SIZES = {size.name: size for size in (Size("some", 500, 500), Size("all", None, 5000))}
LOOKERS = "it has not been measured yet, and on this server visitors only look."


class Prospect(NamedTuple):
    """What can be told before anything is measured."""

    why: str | None
    """Why log p(x) has no meaning here, a sentence; None where it has one."""
    seconds: float = 0.0
    """One image's way through one network."""


def prospect(model: str) -> Prospect:
    """Look whether log p(x) of a model can be measured here, and how long a pass takes."""
    from vae.measures.registry import Subject
    from vae.measures.registry.measure import seconds_per_pass

    if datasets.originals(model) is None:
        return Prospect("The images are not on this machine: log p(x) cannot be measured here.")
    (dataset, split), opened = _dataset(model), resources.checkpoint(model).model
    some = SIZES["some"]
    whole = Subject.of(opened, dataset, split, binarize=_binarize(opened))
    subject = whole.some(some.images)
    if (reason := _measure(some).refusal(subject)) is not None:
        return Prospect(f"There is no log p(x) to measure: {reason}.")
    return Prospect(None, seconds_per_pass(subject))


def _dataset(model: str) -> Any:
    found, split = datasets.of_model(model), resources.header(model)["dataset"]["split"]
    assert found is not None, "asked for only where the images are here"
    return found, split


def _binarize(opened: Any) -> str:
    # grey pixels have no probability under such a likelihood
    return "stochastic" if opened.likelihood.is_binary else "none"


def _measure(size: Size) -> "ImportanceSampling":
    from vae.measures.registry.importance import ImportanceSampling

    return ImportanceSampling(size.samples)


@functools.lru_cache(maxsize=64)
def _order(version: resources.Version, model: str, size: Size) -> "Order":
    """Describe the job for the version of a model's file that is there now."""
    from vae.jobs import measures

    dataset, split = _dataset(model)
    binarize = _binarize(resources.checkpoint(model).model)
    return measures.order(
        _measure(size), Path(version.path), dataset, split, images=size.images, binarize=binarize
    )


def order(model: str, size: Size) -> "Order":
    """Describe the job of a model and a size."""
    return _order(resources.version(model), model, size)


def start(model: str, size: Size) -> None:
    """Begin, or go on after a stop; `UserError` where the folder of results cannot be written."""
    from vae.jobs import measures

    if not navigation.read_only() and datasets.originals(model) is not None:
        measures.start(order(model, size))


def stop(model: str) -> None:
    """Stop what is running; what was found so far stays."""
    from vae.jobs import measures

    for size in running(model):
        measures.cancel(order(model, size).key())


def running(model: str) -> list[Size]:
    """List the sizes that are on their way."""
    if datasets.originals(model) is None:
        return []
    return [size for size in SIZES.values() if _state(model, size).state == "running"]


def _state(model: str, size: Size) -> Any:
    from vae.jobs import measures

    return measures.status(order(model, size).key())


def found(model: str, known: Prospect | None) -> dict[str, Any]:
    """Tell how far it is, what was found, and what else may be measured; plain JSON values."""
    if known is None:
        return {"state": "none", "offers": []}
    if known.why is not None:
        return {"state": "refused", "why": known.why}
    states = {size: _state(model, size) for size in _sizes(model)}
    ready = [size for size, one in states.items() if one.state == "finished"]
    told = {"state": "done", **_values(model, ready[-1])} if ready else {"state": "none"}
    for size, one in states.items():
        told |= {"error": one.error} if one.error else {}
        if one.state == "running":
            left = None if one.remaining is None else duration(one.remaining)
            counting = {"counting": _words(model, size), "progress": one.progress, "left": left}
            told |= {"state": "running", **counting}
    left_out = [size for size, one in states.items() if one.state not in ("finished", "running")]
    if navigation.read_only():
        return told if ready else {"state": "refused", "why": f"No log p(x): {LOOKERS}"}
    return told | {"offers": [_offer(model, size, known.seconds) for size in left_out]}


def _sizes(model: str) -> list[Size]:
    """List the sizes that differ for this many images."""
    count, some = _count(model), SIZES["some"]
    return [size for size in SIZES.values() if size is not some or count > (some.images or 0)]


def _count(model: str) -> int:
    split = datasets.originals(model)
    assert split is not None, "asked for only where the images are here"
    return len(split)


def _words(model: str, size: Size) -> str:
    images = min(size.images or _count(model), _count(model))
    every = "all " if images == _count(model) else ""
    return f"{every}{images:,} images, {size.samples:,} samples each"


def _offer(model: str, size: Size, seconds: float) -> dict[str, str]:
    images = min(size.images or _count(model), _count(model))
    about = duration(max(1.0, seconds * images * size.samples))
    return {"size": size.name, "words": f"{_words(model, size)}, about {about}"}


def _values(model: str, size: Size) -> dict[str, Any]:
    from vae.jobs import measures

    result = measures.result(order(model, size).key())
    estimate = result.estimates["nll"]
    return {
        "images": result.n_images,
        "samples": size.samples,
        "log_px": None if estimate.value is None else -estimate.value,
        "stderr": estimate.stderr,
        "elbo": result.details.get("elbo"),
        "pixels": "drawn as black or white" if order(model, size).binarize != "none" else "",
    }
