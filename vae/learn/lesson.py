"""What a lesson is, apart from its words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

Opened = Mapping[str, "Checkpoint"]
"""The models of a lesson, opened, by the role that they have in it."""
Facts = Mapping[str, float | int | str]
"""What a lesson states, by the names that stand in its words."""


def no_data(models: Opened) -> dict[str, Any]:
    """Give an exhibit nothing of its own."""
    return {}


@dataclass(frozen=True)
class Lesson:
    """A lesson: what it looks at, what it states, what computes it, and what shows it.

    It is told the models that are shipped, so its numbers are those of no data set on the machine:
    what they are of stands in the models' files. Images for it are in `specimens.py`.
    """

    name: str
    """Its name in the address and in the words, as in ``/learn?lesson=cloud``."""
    order: float
    """Its place among the lessons; the number that is shown is counted."""
    facts: Callable[[Opened], Facts]
    """Computes every number that the words state, from the models; deterministic, at most a second:
    it is kept for all visitors until a model's file changes."""
    sources: tuple[Callable[..., Any], ...]
    """The functions of `vae` that compute the formula; their lines are shown beside it."""
    exhibit: str = "numbers"
    """The folder of `vae/web/learn` that shows it; "numbers" lists the facts."""
    models: Mapping[str, str] | None = None
    """Role: name of the shipped model that has it. The exhibit opens its networks and its map by
    the role. None for a lesson that needs no model."""
    data: Callable[[Opened], dict[str, Any]] = no_data
    """What the exhibit needs beside them, as JSON: some kilobytes. It is told as `told.data`."""
    words: Path | None = None
    """A file of words of its own, for a lesson that is registered from outside; else those of the
    language."""

    @property
    def script(self) -> str:
        """Path below `vae/web` of what shows it."""
        return f"learn/{self.exhibit}/{self.exhibit}.js"
