"""Real images that ship with the project: those of the training run that Train plays.

They are held-out images of MNIST, so that a lesson has images where no data set is on the machine.
"""

import base64
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from vae.errors import UserError
from vae.runs import snapshots

REPLAY = Path(__file__).resolve().parents[2] / "checkpoints" / "replays" / "mnist-2d" / "snapshots"
# of the sixteen that the run kept: no 7 and no 9 are among them
ROWS = (3, 9, 8, 11, 14, 2, 13, 6, 7, 10)


class Specimens(NamedTuple):
    """Images of MNIST's validation split, which no shipped model was trained on."""

    images: np.ndarray
    """uint8 (N, 1, 28, 28)."""
    labels: np.ndarray
    """int64 (N,)."""

    def to_json(self) -> dict[str, Any]:
        """Return what `vae/web/learn/specimens.js` reads."""
        pixels = base64.b64encode(np.ascontiguousarray(self.images).tobytes()).decode()
        labels = [int(label) for label in self.labels]
        return {"shape": list(self.images.shape[1:]), "labels": labels, "pixels": pixels}


@cache
def specimens() -> Specimens:
    """Read them.

    Raises
    ------
    UserError
        When the run that they are part of is not there.
    """
    steps = snapshots.steps(REPLAY)
    if not steps:
        raise UserError(f"the lessons' images are missing: there is no snapshot in {REPLAY}")
    snapshot = snapshots.read(REPLAY, steps[-1])
    rows = list(ROWS)
    return Specimens(snapshot.original[rows], snapshot.label[rows])
