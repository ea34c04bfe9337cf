"""The shipped models of a lesson, opened, and what it states of them."""

from functools import cache
from typing import Any

from vae import checkpoint, library
from vae.checkpoint import Checkpoint
from vae.learn.lesson import Facts
from vae.learn.registry import lesson
from vae.learn.told import told


@cache
def model(name: str) -> Checkpoint:
    """Open a shipped model."""
    path = library.locate(name)
    assert path is not None
    return checkpoint.read(path)


def opened(name: str) -> dict[str, Checkpoint]:
    """Open the models of a lesson by their roles."""
    return {role: model(one) for role, one in (lesson(name).models or {}).items()}


@cache
def facts_of(name: str) -> Facts:
    """Compute what a lesson states."""
    return lesson(name).facts(opened(name))


@cache
def told_of(name: str) -> dict[str, Any]:
    """Return what the browser is told of a lesson; do not change it."""
    return told(lesson(name), model)
