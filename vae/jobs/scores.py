"""Anomaly scores that take long, each in a process of its own: cached on disk, able to go on.

A job is in ``VAE_RUNS/.cache/scores/`` under a key made from the model file's bytes, the score with
its options and the images themselves, which go with it: whatever set they were chosen from.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vae import checkpoint
from vae.errors import UserError
from vae.files import arrays, plain_json
from vae.files.digest import digest
from vae.files.writing import write_atomically
from vae.jobs.job import Job
from vae.jobs.kind import DAMAGED, Arrays, Kind
from vae.measures.anomaly import SCORES, Detector, Score
from vae.measures.counter import Progress
from vae.options import from_json, to_json

VERSION = 1
"""Raised when scores come out otherwise, so that no old result is shown."""
CHUNK = 30
"""Images that are scored together; a job that was stopped has lost no more."""
KEEP_SECONDS = 2.0
"""So often what was found so far is written down."""
PARTS = 1000
"""So many steps of progress are told of a chunk."""


@dataclass(frozen=True, eq=False)
class Order:
    """What is to be scored, all of which the key depends on, but for the file's place."""

    score: Score
    file: Path
    """The model's."""
    model: str
    """sha256 of its bytes."""
    images: np.ndarray
    """Uint8 (N, C, H, W)."""
    normal: np.ndarray | None = None
    """Training images that the score is fitted on, where it has to be."""
    seed: int = 0

    def key(self) -> str:
        """64 hexadecimal digits."""
        told = [VERSION, to_json(self.score), self.score.revision, self.model, self.seed]
        made = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
        for images in (self.images, self.normal):
            if images is not None:
                made.update(str(images.shape).encode())
                made.update(np.ascontiguousarray(images).data)
        return made.hexdigest()


def order(score: Score, file: Path, detector: Detector, images: np.ndarray) -> Order:
    """Describe how a detector of the model in a file would score images."""
    normal = detector.fitted_on(score)
    fitted_on = None if normal is None else normal.images
    return Order(score, file.absolute(), digest(file), images, fitted_on, detector.seed)


def start(wanted: Order) -> str:
    """Start scoring as `Kind.start` does."""
    return KIND.start(wanted.key(), lambda: _content(wanted))


def _content(wanted: Order) -> bytes:
    told = {
        "score": to_json(wanted.score),
        "file": str(wanted.file),
        "model": wanted.model,
        "seed": wanted.seed,
    }
    sets = {"images": wanted.images, "normal": wanted.normal}
    given = {name: images for name, images in sets.items() if images is not None}
    return arrays.write(told=np.array(json.dumps(told)), **given)


def _input(job: Job) -> Order:
    try:
        found = arrays.read(job.path("input"))
        told: dict[str, Any] = plain_json.strict(str(found["told"]))
        score = from_json(SCORES, told["score"], "score")
        where = Path(told["file"]), str(told["model"])
        return Order(score, *where, found["images"], found.get("normal"), int(told["seed"]))
    except DAMAGED:
        raise UserError("the input of the score is gone or damaged; start it again") from None


def _scored(job: Job, wanted: Order, progress: Progress) -> Arrays:
    """Score chunk by chunk, from where an earlier start was ended."""
    opened = checkpoint.read(wanted.file)
    if digest(wanted.file) != wanted.model:
        raise UserError(f"the model {wanted.file.name} was replaced since; start the score again")
    detector = Detector(opened.model, wanted.normal, wanted.seed)
    images, values, written = wanted.images, _partial(job, len(wanted.images)), time.monotonic()
    for start in range(len(values), len(images), CHUNK):
        chunk = images[start : start + CHUNK]

        def within(done: int, total: int, start: int = start, size: int = len(chunk)) -> None:
            progress(round(PARTS * (start + size * done / total)), PARTS * len(images))

        within(0, 1)
        values = np.append(values, detector.score(chunk, wanted.score, within))
        if time.monotonic() - written >= KEEP_SECONDS:
            write_atomically(job.path("partial"), arrays.write(values=values), sync=False)
            written = time.monotonic()
    return {"values": values}


def _partial(job: Job, count: int) -> np.ndarray:
    """Read what an earlier start found, whole chunks of it; nothing where that is damaged."""
    try:
        found = _values(arrays.read(job.path("partial")))
    except DAMAGED:
        return np.empty(0)
    return found[: len(found) - len(found) % CHUNK] if len(found) < count else np.empty(0)


def _values(found: Arrays) -> np.ndarray:
    values = found["values"]
    if values.ndim != 1 or values.dtype != np.float64 or not np.isfinite(values).all():
        raise ValueError("no scores")
    return values


KIND = Kind("scores", "the score", _input, _scored, _values)
status, result, cancel, run = KIND.status, KIND.result, KIND.cancel, KIND.run
