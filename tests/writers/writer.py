"""What writes something, and what readers then find of it."""

from collections.abc import Callable
from dataclasses import dataclass

from vae.models.config import VAEConfig
from vae.models.networks import MLP

MODEL = VAEConfig((1, 8, 8), architecture=MLP(hidden=(16,)))


@dataclass(frozen=True)
class Writer:
    """One writer in a folder."""

    write: Callable[[], object]
    read: Callable[[], object]
    """What readers find: equal before and after where nothing was written, else different."""
