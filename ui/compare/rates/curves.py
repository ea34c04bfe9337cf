"""What multi-rate models reach over β: from their files, or measured on other pixels."""

from collections.abc import Iterator, Sequence
from typing import Any

from ui import resources, words, work
from ui.resources import measured
from vae.measures import rates
from vae.measures.comparison.plane import Curve, curve


def over_beta(models: Sequence[str]) -> list[str]:
    """List the models that are told β."""
    return [model for model in models if words.betas(resources.header(model)) is not None]


def betas(model: str) -> list[float]:
    """List the β at which a model's curve is known, ascending."""
    return [float(one["beta"]) for one in _told(model)]


def from_file(model: str) -> Curve | None:
    """Return the curve that a model's file has, of pixels as they are; None where it has none."""
    told = _told(model)
    if not told:
        return None
    distortion = [-float(one["reconstruction"]) for one in told]
    return curve(betas(model), [float(one["kl"]) for one in told], distortion)


def _told(model: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = resources.header(model)["metrics"].get(rates.KEY) or []
    return found


def measuring(model: str, binarize: str) -> work.Work:
    """Return the measuring of a curve, begun where nobody had asked for it yet."""
    places = betas(model)

    def make(done: int) -> Iterator[Any]:
        for beta in places[done:]:
            yield measured.at_beta(model, beta, binarize)

    key = ("rates", resources.version(model), binarize)
    return work.start(key, make, len(places))


def of(model: str, binarize: str) -> Curve | None:
    """Return the curve of a model as far as it is known; None where it is not known yet."""
    if binarize == "none":
        return from_file(model)
    done = measuring(model, binarize)
    found = list(done.found)
    if not found or len(found) < done.total:
        return None
    across, up = zip(*found, strict=True)
    return curve(betas(model), across, up)
