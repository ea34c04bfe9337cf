"""How many latent dimensions: what each number of them reaches, and one sentence of advice.

The rule: of the numbers tried, the smallest whose negative log-likelihood is within two standard
errors of the best one. The error is that of the difference to the best, paired over the same
images, and over seeds where a number was trained with several.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ERRORS = 2.0
"""Standard errors within which a number of dimensions counts as good as the best."""
LEAST_IMAGES = 30
"""Of fewer images a standard error says too little for advice."""
GROWTH = 0.5
"""Active units have stopped growing where all larger numbers have less than so many more."""


@dataclass(frozen=True, eq=False)
class Tried:
    """What the models of one number of dimensions reach."""

    z_dim: int
    nll: np.ndarray
    """Nats of each image by each member, float64 (members, images); the images are the same for
    every number of dimensions. Of shape (0, 0) where it was not measured."""
    active: float | None = None
    """Active units, mean over members."""

    @property
    def mean(self) -> float:
        """Mean over members and images, nats per image."""
        return float(self.nll.mean())

    @property
    def stderr(self) -> float:
        """Standard error of the mean, over images and over members; nats per image."""
        return math.sqrt(_of_images(self.nll.mean(axis=0)) + _of_members(self))


@dataclass(frozen=True)
class Gap:
    """How much higher the NLL of one number of dimensions is than that of the best."""

    value: float
    """Nats per image, paired over the same images."""
    stderr: float

    @property
    def is_clear(self) -> bool:
        """Whether it is more than two standard errors."""
        return self.value > ERRORS * self.stderr

    def __str__(self) -> str:
        return f"{self.value:.1f} ± {self.stderr:.1f} nats per image"


@dataclass(frozen=True)
class Advice:
    """What follows from the numbers tried."""

    z_dim: int | None
    """The number of dimensions to take; None where the evidence is not enough."""
    goes_on: bool
    """Whether the largest one tried is still clearly better than all others."""
    sentence: str


def gap(tried: Tried, best: Tried) -> Gap:
    """Compare with the best over the same images, and over seeds where both have several."""
    per_image = tried.nll.mean(axis=0) - best.nll.mean(axis=0)
    error = math.sqrt(_of_images(per_image) + _of_members(tried) + _of_members(best))
    return Gap(float(per_image.mean()), error)


def advise(tried: Sequence[Tried]) -> Advice:
    """Say which number of dimensions to take, by the rule above."""
    measured = sorted((one for one in tried if one.nll.size), key=lambda one: one.z_dim)
    if len(measured) < 2:
        return _open("measure the NLL of two numbers of dimensions at least")
    images = measured[0].nll.shape[1]
    if images < LEAST_IMAGES:
        return _open(f"of {images} images the standard error says too little; measure more")
    best = min(measured, key=lambda one: one.mean)
    enough = next(one for one in measured if one is best or not gap(one, best).is_clear)
    goes_on = enough is measured[-1]
    if goes_on:
        said = _go_on(enough, measured)
    elif enough is measured[0]:
        said = _alike(enough, best)
    else:
        said = _enough(enough, best)
    ends = [_units(tried), _worse(best, measured[-1]), _between(enough, measured), _seeds(measured)]
    return Advice(enough.z_dim, goes_on, "; ".join([said, *filter(None, ends)]) + ".")


def grown_at(tried: Sequence[Tried]) -> int | None:
    """Tell from which number of dimensions on active units grow no more; None if they still do."""
    known = sorted((one.z_dim, one.active) for one in tried if one.active is not None)
    for at, (z_dim, active) in enumerate(known[:-1]):
        if all(later < active + GROWTH for _, later in known[at + 1 :]):
            return z_dim
    return None


def _go_on(largest: Tried, measured: Sequence[Tried]) -> str:
    second = min((one for one in measured if one is not largest), key=lambda one: one.mean)
    return (
        f"Go on with more than {largest.z_dim} dimensions: {largest.z_dim} is still better than "
        f"{second.z_dim} by {gap(second, largest)}"
    )


def _alike(smallest: Tried, best: Tried) -> str:
    found = f"Take {_dimensions(smallest.z_dim)}, the fewest tried: "
    if best is smallest:
        found += "no larger number is better"
    else:
        found += f"{best.z_dim} is better by {gap(smallest, best)} only"
    return found + (", and fewer may do too" if smallest.z_dim > 1 else "")


def _enough(enough: Tried, best: Tried) -> str:
    if enough is best:
        why = "it has the lowest NLL, fewer are worse and more are no better"
        return f"Take {_dimensions(enough.z_dim)}: {why}"
    return (
        f"Take {_dimensions(enough.z_dim)}: {best.z_dim} is better by {gap(enough, best)} only, "
        "within two standard errors, and fewer are worse"
    )


def _worse(best: Tried, largest: Tried) -> str | None:
    """Say where more dimensions do worse: more can tell no less, if they are trained enough."""
    if best is largest or not (found := gap(largest, best)).is_clear:
        return None
    return (
        f"{largest.z_dim} is worse than {best.z_dim} by {found}, which longer training may change"
    )


def _between(enough: Tried, measured: Sequence[Tried]) -> str | None:
    """Say where fewer dimensions might do that were not tried."""
    fewer = [one.z_dim for one in measured if one.z_dim < enough.z_dim]
    if enough is measured[-1] or not fewer or fewer[-1] == enough.z_dim - 1:
        return None
    return f"nothing between {fewer[-1]} and {enough.z_dim} was tried"


def _units(tried: Sequence[Tried]) -> str | None:
    at = grown_at(tried)
    if at is None:
        return None
    active = next(one.active for one in tried if one.z_dim == at)
    return f"active units stop growing at {_dimensions(at)}, of which {active:.3g} are active"


def _seeds(measured: Sequence[Tried]) -> str | None:
    if min(len(one.nll) for one in measured) > 1:
        return None
    return "with one seed each, the errors do not tell what retraining alone changes"


def _open(what: str) -> Advice:
    return Advice(None, False, f"There is not enough evidence for advice: {what}.")


def _dimensions(z_dim: int) -> str:
    return f"{z_dim} dimension{'s' * (z_dim > 1)}"


def _of_images(values: np.ndarray) -> float:
    """Variance of the mean over images."""
    return float(values.var(ddof=1) / len(values)) if len(values) > 1 else 0.0


def _of_members(tried: Tried) -> float:
    """Variance of the mean over seeds; 0 where there is one, of which nothing can be told."""
    means = tried.nll.mean(axis=1)
    return float(means.var(ddof=1) / len(means)) if len(means) > 1 else 0.0
