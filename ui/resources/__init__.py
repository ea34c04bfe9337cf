"""The models of the library, each file opened once and shared by all visitors.

What else follows from a model's file, or from a data set, and is kept for all visitors stands in
the modules of this folder. A cache is keyed by the file's version, so that it forgets a model
whose file was replaced.
"""

from collections.abc import Callable, Collection, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from vae import library as models
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

PREFERRED = "mnist-2d"
"""The model that opens where the visitor named none."""
KEPT_MODELS = 16


class Version(NamedTuple):
    """A model file as it is now: caches forget a model whose file was replaced."""

    path: str
    modified: int
    size: int


def library() -> dict[str, Path]:
    """List the models that may be opened by name."""
    return models.library()


def preferred(models: Collection[str]) -> str | None:
    """Name the model that opens first; None where there is none at all."""
    return PREFERRED if PREFERRED in models else next(iter(models), None)


def version(name: str) -> Version:
    """Find a model of the library.

    Raises
    ------
    UserError
        When the library has no such model; no other file is ever opened.
    """
    path = models.locate(name)
    found = path and version_of(path)
    if not found:
        raise UserError(f"there is no model {name[:100]!r} any more; choose another")
    return found


def is_there(name: str) -> bool:
    """Tell whether the library has a model of that name."""
    return models.locate(name) is not None


def checkpoint(name: str) -> "Checkpoint":
    """Open a model of the library by its name; `UserError` where it cannot be opened."""
    return opened(version(name))


def header(name: str) -> dict[str, Any]:
    """Read only the JSON of a model: config, training, data set, metrics."""
    return _header(version(name))


def of_model(name: str, compute: Callable[..., Any], *options: Hashable) -> Any:
    """Return ``compute(checkpoint, *options)``, computed once for all visitors; do not change it.

    `compute` is a function at a module's top level: its name is part of what is remembered by.
    """
    key = f"{compute.__module__}.{compute.__qualname__}"
    return _of_model(version(name), compute, key, options)


def version_of(path: Path) -> Version | None:
    """Tell which version of a model a file is now; None where it is gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return Version(str(path), stat.st_mtime_ns, stat.st_size)


@st.cache_resource(max_entries=KEPT_MODELS, show_spinner=False)
def opened(found: Version) -> "Checkpoint":
    """Open a version of a model's file; `UserError` where it cannot be opened."""
    import torch

    from vae import checkpoint

    # one thread per visitor: more only get into one another's way, and into a training run's
    torch.set_num_threads(1)
    return checkpoint.read(found.path)


@st.cache_resource(max_entries=256, show_spinner=False)
def _of_model(
    found: Version, _compute: Callable[..., Any], key: str, options: tuple[Any, ...]
) -> Any:
    return _compute(opened(found), *options)


@st.cache_resource(max_entries=256, show_spinner=False)
def _header(found: Version) -> dict[str, Any]:
    from vae import checkpoint

    return checkpoint.read_header(found.path)
