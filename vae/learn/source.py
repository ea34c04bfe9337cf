"""The lines of `vae` that compute a formula, read from the source itself when they are shown."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Source(NamedTuple):
    """A function as it stands in its file."""

    name: str
    path: str
    """Below the project's folder."""
    first: int
    """Number of its first line."""
    lines: list[str]


def source_of(function: Callable[..., Any]) -> Source:
    """Read the lines of a function or a class, indented as little as they can be."""
    plain = inspect.unwrap(function)
    found, first = inspect.getsourcelines(plain)
    path = Path(str(inspect.getsourcefile(plain))).resolve()
    shown = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    text = inspect.cleandoc("\n" + "".join(found)) if found[0].startswith(" ") else "".join(found)
    return Source(plain.__qualname__, shown, first, text.rstrip().split("\n"))
