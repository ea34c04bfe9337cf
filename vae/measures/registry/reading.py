"""How a quantity is to be read, and between which models it can be compared."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from vae.measures.notes import blurs
from vae.measures.registry.subject import Subject


class Better(Enum):
    """Which of two values is the better one."""

    HIGHER = "higher is better"
    LOWER = "lower is better"
    NEITHER = "neither direction is better"


class Ground(NamedTuple):
    """Something that must be the same for two models before a quantity of both is compared."""

    said_by: Callable[[Subject], str]
    """What it is for a subject: a clause that follows "is" or "are"."""


def _probability_of(subject: Subject) -> str:
    model = subject.model
    if blurs(model, subject.split.images):
        return "of grey pixels, read as shares of black and white"
    if model.likelihood.is_binary:
        return "of black or white pixels"
    if model.likelihood.is_density and not subject.dequantize:
        return f"of a density over pixels ({model.config.likelihood.name})"
    return "of 8-bit pixel values"


def _told(subject: Subject) -> str:
    told = subject.model.conditioning.needs_labels
    return "of a model that is told each image's class" if told else "of a model told no class"


PIXELS = Ground(_probability_of)
"""Of which values of the pixels the nats are."""
TOLD = Ground(_told)
"""Whether the model is told the class of each image, so that all it says is given the class."""


@dataclass(frozen=True)
class Reading:
    """What a quantity means, which direction is better, and what two models must share."""

    means: str = ""
    """One sentence."""
    better: Better | float = Better.NEITHER
    """A number where the best value is the one nearest to it."""
    source: str = ""
    """Paper and equation."""
    grounds: tuple[Ground, ...] = ()
    leads: bool = False
    """Whether it stands among the few numbers that are shown first."""

    @property
    def direction(self) -> str:
        """Say in words which value is the best."""
        if isinstance(self.better, Better):
            return self.better.value
        return f"best at {self.better:g}"

    def grounds_of(self, subject: Subject) -> tuple[str, ...]:
        """Say what holds for a subject; only quantities with the same words are compared."""
        return tuple(ground.said_by(subject) for ground in self.grounds)
