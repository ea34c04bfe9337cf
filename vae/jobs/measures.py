"""Measures that take minutes, each in a process of its own: cached on disk, able to go on.

A job is in ``VAE_RUNS/.cache/measures/`` under a key made from the model file's bytes, the measure
with its options and the images. One that was stopped keeps what it has found, and the next start
goes on from there.
"""

import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from vae import checkpoint, data
from vae.errors import UserError
from vae.files import arrays, owner, plain_json
from vae.files.digest import digest
from vae.files.writing import write_atomically
from vae.jobs import processes, results
from vae.jobs.job import Job
from vae.jobs.kind import KEPT, Arrays, Kind
from vae.measures.counter import Progress
from vae.measures.kept import Kept
from vae.measures.registry import MEASURES, Measure, Measured, Subject
from vae.options import from_json, to_json

VERSION = 2
"""Raised when a measure computes otherwise, so that no old result is shown."""
KEEP_SECONDS = 2.0
"""So often what was found so far is written down."""
WHAT = "the measure"
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Order:
    """What is to be measured, all of which the key depends on, but for the file's place."""

    measure: dict[str, Any]
    """The measure with its options, as plain JSON."""
    file: str
    """Path of the model file."""
    model: str
    """sha256 of its bytes."""
    dataset: str
    """A name that `data.load` takes."""
    pixels: str
    """sha256 of the split's pixels."""
    split: str = "test"
    images: int | None = None
    """So many images by a fixed draw (`Subject.some`); None for all."""
    binarize: str = "none"
    dequantize: bool = False
    seed: int = 0
    beta: float | None = None
    """At which β, for a model that is told β."""

    def key(self) -> str:
        """64 hexadecimal digits."""
        told = asdict(self)
        del told["file"]
        cls = MEASURES.get(str(self.measure.get("name")))
        if cls is not None and cls.revision:
            told["revision"] = cls.revision
        text = json.dumps([VERSION, told], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def order(
    measure: Measure, file: Path, dataset: data.ImageDataset, split: str = "test", **settings: Any
) -> Order:
    """Describe what is to be measured; ``settings`` are further fields of `Order`."""
    return Order(
        measure=to_json(measure),
        file=str(file.absolute()),
        model=digest(file),
        dataset=dataset.name,
        pixels=dataset.split(split).sha256(),
        split=split,
        **settings,
    )


def start(wanted: Order) -> str:
    """Start measuring as `Kind.start` does."""
    return KIND.start(wanted.key(), lambda: json.dumps(asdict(wanted)).encode())


def forget(key: str) -> None:
    """Stop a job and remove its result, or what it has found so far."""
    job = KIND.job(key)
    if owner.leave(job.path(owner.OWNER)):
        job.stop()
        job.forget()


def here(wanted: Order, progress: Progress | None = None) -> Measured:
    """Measure in this process, or wait for the one that is at it; cached and kept as a job's work.

    Raises
    ------
    UserError
        As a measure does, and where another process was stopped meanwhile.
    """
    job = KIND.job(wanted.key())
    KIND.make_folder()
    with job.locked() as lock:
        if lock is not None:
            found = KIND.found(job)
            if found is None:
                job.make_room(KEPT)
                job.wanted(lock)
                lock.write(processes.named(os.getpid()))
                found = KIND.carry_out(job, wanted, progress)
            return found
    return _awaited(wanted.key(), progress)


def _awaited(key: str, progress: Progress | None) -> Measured:
    while (now := status(key)).state == "running":
        if progress:
            progress(round(1000 * now.progress), 1000)
        time.sleep(POLL_SECONDS)
    if now.state != "finished":
        raise UserError(now.error or "the measure was stopped; start it again")
    return result(key)


def subject_of(wanted: Order) -> Subject:
    """Open the model and the images of an order.

    Raises
    ------
    UserError
        Where either is not what the order was made for.
    """
    file = Path(wanted.file)
    opened = checkpoint.read(file)
    if digest(file) != wanted.model:
        raise UserError(f"the model {file.name} was replaced since; start the measure again")
    dataset = data.load(wanted.dataset, download=False)
    if dataset.split(wanted.split).sha256() != wanted.pixels:
        raise UserError(f"the images of {wanted.dataset} changed since; start the measure again")
    model = opened.model if wanted.beta is None else opened.at(wanted.beta).model
    whole = Subject.of(
        model, dataset, wanted.split, wanted.seed, wanted.binarize, wanted.dequantize
    )
    return whole.some(wanted.images)


def _measured(job: Job, wanted: Order, progress: Progress) -> Arrays:
    measure, subject = from_json(MEASURES, wanted.measure, "measure"), subject_of(wanted)
    if measure.keeps:
        subject = replace(subject, kept=_kept(job))
    return results.packed(measure(subject, progress))


def _kept(job: Job) -> Kept:
    """Read what an earlier start found, and write down what this one finds."""
    try:
        kept = Kept.from_arrays(arrays.read(job.path("partial")))
    except (OSError, arrays.DamagedArchive):
        kept = Kept()
    written = time.monotonic()

    def write(now: Kept) -> None:
        nonlocal written
        if time.monotonic() - written >= KEEP_SECONDS:
            write_atomically(job.path("partial"), arrays.write(**now.to_arrays()), sync=False)
            written = time.monotonic()

    kept.changed = write
    return kept


def _input(job: Job) -> Order:
    try:
        return Order(**plain_json.read_object(job.path("input")))
    except TypeError:
        raise UserError("the input of the measure is gone or damaged; start it again") from None


KIND = Kind("measures", WHAT, _input, _measured, results.unpacked)
status, result, cancel, run = KIND.status, KIND.result, KIND.cancel, KIND.run
