"""What a model's own held-out images score, kept so that a threshold takes no time.

From these any rate of false alarms has its threshold. The file's name is made from the bytes of the
model's file: what an older model of the same name scored is never used, a copied model keeps its
own, and a folder that cannot be written, such as that of shipped models, is no hindrance.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vae.errors import UserError
from vae.files import arrays, owner
from vae.files.writing import runs_folder, write_atomically
from vae.measures.anomaly.score import Score
from vae.options import to_json

VERSION = 1
"""Raised when scores come out otherwise, so that nothing older is used."""
KEPT = 1000
"""Files kept; the oldest go first."""


@dataclass(frozen=True, eq=False)
class NormalScores:
    """What normal images score that a model was not trained on."""

    values: np.ndarray
    """Float64 (N,)."""
    pixels: str
    """sha256 of these images."""
    dataset: str
    split: str


@dataclass(frozen=True)
class Key:
    """All that the scores of a model's normal images depend on."""

    model: str
    """sha256 of the bytes of the model's file."""
    score: Score
    dataset: str
    split: str = "validation"
    beta: float | None = None
    """At which β, for a model that is told β."""
    seed: int = 0

    def path(self) -> Path:
        """Return where they are kept."""
        told = [VERSION, self.model, to_json(self.score), self.score.revision]
        told += [self.dataset, self.split, self.beta, self.seed]
        name = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        return _folder() / f"{name}.npz"

    def owner(self) -> Path:
        """Return where it is told which visitors of a shared server asked that they be kept."""
        return self.path().with_suffix(f".{owner.OWNER}")


def find(key: Key) -> NormalScores | None:
    """Return what is kept; None where there is nothing, or nothing that can be read."""
    with suppress(OSError, arrays.DamagedArchive, KeyError):
        found = arrays.read(key.path())
        values, pixels = found["values"], str(found["pixels"])
        if values.dtype == np.float64 and values.ndim == 1 and np.isfinite(values).all():
            return NormalScores(values, pixels, key.dataset, key.split)
    return None


def keep(key: Key, found: NormalScores) -> None:
    """Write scores down; nothing happens where that cannot be done, as they can be made again."""
    path = key.path()
    with suppress(OSError, UserError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_room(path.parent)
        content = arrays.write(values=found.values, pixels=np.array(found.pixels))
        write_atomically(path, content, sync=False)


def is_own(key: Key) -> bool:
    """Tell whether who asks has something kept there: all that is kept, at the machine."""
    mine = owner.asking().sees_all or owner.is_among(key.owner())
    return mine and key.path().exists()


def normal_scores(key: Key, pixels: str | None, make: Callable[[], np.ndarray]) -> NormalScores:
    """Return the kept scores of images with that sha256, else ``make`` and keep them.

    Without a digest, where the images are not on this machine, whatever is kept is right: the key
    says which images they were.
    """
    found = find(key)
    if found is None or pixels not in (None, found.pixels):
        found = NormalScores(make(), pixels or "", key.dataset, key.split)
        keep(key, found)
    return found


def _folder() -> Path:
    return runs_folder() / ".cache" / "anomaly"


def _make_room(folder: Path) -> None:
    files = sorted(folder.glob("*.npz"), key=lambda path: path.lstat().st_mtime, reverse=True)
    for path in files[KEPT - 1 :]:
        for one in (path, path.with_suffix(f".{owner.OWNER}")):
            one.unlink(missing_ok=True)
