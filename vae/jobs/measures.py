"""Measures that take minutes, each in a process of its own: cached on disk, able to go on.

A job is in ``VAE_RUNS/.cache/measures/`` under a key made from the model file's bytes, the measure
with its options and the images; so nothing of an older model of the same name is ever shown.
Two who start the same thing share one job. One computes at a time, the others wait. A job that was
stopped keeps what it has found, and the next start goes on from there.
"""

import hashlib
import json
import os
import re
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from vae import checkpoint, data
from vae.errors import UserError
from vae.files import arrays, locks, owner, plain_json
from vae.files.writing import explain, runs_folder, write_atomically
from vae.jobs import processes, results
from vae.jobs.job import Job
from vae.jobs.progress import JobStatus, Reporter
from vae.measures.counter import Progress
from vae.measures.kept import Kept
from vae.measures.registry import MEASURES, Measure, Measured, Subject
from vae.options import from_json, to_json

VERSION = 2
"""Raised when a measure computes otherwise, so that no old result is shown."""
KEPT = 200
"""Jobs kept on disk; the oldest go first."""
KEEP_SECONDS = 2.0
"""So often what was found so far is written down."""
FAILURES = (ValueError, TypeError, ArithmeticError, MemoryError, RuntimeError, OSError)
KEY = re.compile(r"[0-9a-f]{64}")
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
        model=_digest(file),
        dataset=dataset.name,
        pixels=dataset.split(split).sha256(),
        split=split,
        **settings,
    )


def start(wanted: Order) -> str:
    """Start measuring in a process of its own and return the job's key.

    Nothing happens where the result is there already or on its way; where an earlier start was
    stopped it goes on.

    Raises
    ------
    UserError
        When the cache folder cannot be written or the disk is full.
    """
    key = wanted.key()
    job = _job(key)
    _make_folder()
    if _result(job) is not None:
        return key
    locks.check_inherited("a measure beside the page")
    job.check_quota()
    with job.locked() as lock:
        job.wanted(lock)
        if lock is not None and _result(job) is None:
            job.make_room(KEPT)
            write_atomically(job.path("input"), json.dumps(asdict(wanted)).encode())
            job.tell(state="running", phase="waiting", started=time.time())
            words = ["measure", "--job", str(job.base.absolute())]
            job.launch(words, lock, os.environ | {"OMP_WAIT_POLICY": "PASSIVE"})
    return key


def status(key: str) -> JobStatus:
    """Tell how far a job is; damaged files read as a job that never was."""
    job = _job(key)
    return job.status(lambda: _result(job) is not None)


def result(key: str) -> Measured:
    """Return what a finished job found; `UserError` where there is none."""
    found = _result(_job(key))
    if found is None:
        raise UserError("this measure is not there or its file is damaged; start it again")
    return found


def cancel(key: str) -> None:
    """Stop a job; what it has found stays, so that the next start goes on.

    It runs on while another visitor of a shared server wants it.
    """
    job = _job(key)
    if job.leave():
        job.stop()


def forget(key: str) -> None:
    """Stop a job and remove its result, or what it has found so far."""
    job = _job(key)
    if owner.leave(job.path(owner.OWNER)):
        job.stop()
        job.forget()


def run(base: str | Path) -> None:
    """Do the job whose files begin with the path ``base``: what its process runs."""
    job = Job(Path(base), WHAT)
    os.nice(10)
    try:
        wanted = _input(job)
    except UserError as error:
        job.tell(state="failed", error=str(error))
        raise
    with job.turn():
        _carry_out(job, wanted, None)


def here(wanted: Order, progress: Progress | None = None) -> Measured:
    """Measure in this process, or wait for the one that is at it; cached and kept as a job's work.

    Raises
    ------
    UserError
        As a measure does, and where another process was stopped meanwhile.
    """
    job = _job(wanted.key())
    _make_folder()
    with job.locked() as lock:
        if lock is not None:
            found = _result(job)
            if found is None:
                job.make_room(KEPT)
                job.wanted(lock)
                lock.write(processes.named(os.getpid()))
                found = _carry_out(job, wanted, progress)
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


def _carry_out(job: Job, wanted: Order, progress: Progress | None) -> Measured:
    begun = time.time()
    reporter = Reporter(job.tell, begun)

    def report(done: int, total: int) -> None:
        reporter(done, total)
        if progress:
            progress(done, total)

    try:
        found = _measured(job, wanted, report)
        write_atomically(job.path("npz"), arrays.write(**results.packed(found)))
        for kind in ("input", "partial"):
            job.path(kind).unlink(missing_ok=True)
    except (UserError, *FAILURES) as error:
        said = str(error) if isinstance(error, UserError) else _failure(error)
        job.tell(state="failed", seconds=time.time() - begun, error=said)
        raise UserError(said) from error
    job.tell(state="finished", seconds=time.time() - begun)
    return found


def subject_of(wanted: Order) -> Subject:
    """Open the model and the images of an order.

    Raises
    ------
    UserError
        Where either is not what the order was made for.
    """
    file = Path(wanted.file)
    opened = checkpoint.read(file)
    if _digest(file) != wanted.model:
        raise UserError(f"the model {file.name} was replaced since; start the measure again")
    dataset = data.load(wanted.dataset, download=False)
    if dataset.split(wanted.split).sha256() != wanted.pixels:
        raise UserError(f"the images of {wanted.dataset} changed since; start the measure again")
    model = opened.model if wanted.beta is None else opened.at(wanted.beta).model
    whole = Subject.of(
        model, dataset, wanted.split, wanted.seed, wanted.binarize, wanted.dequantize
    )
    return whole.some(wanted.images)


def _measured(job: Job, wanted: Order, progress: Progress) -> Measured:
    measure, subject = from_json(MEASURES, wanted.measure, "measure"), subject_of(wanted)
    if measure.keeps:
        subject = replace(subject, kept=_kept(job))
    return measure(subject, progress)


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


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"cannot read {file}: {explain(error)}") from None


def _job(key: str) -> Job:
    if not KEY.fullmatch(key):
        raise ValueError(f"not the key of a measure: {key!r}")
    return Job(_folder() / key, WHAT)


def _folder() -> Path:
    return runs_folder() / ".cache" / "measures"


def _make_folder() -> None:
    try:
        _folder().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder {_folder()}: {explain(error)}") from None


def _input(job: Job) -> Order:
    try:
        return Order(**plain_json.read_object(job.path("input")))
    except TypeError:
        raise UserError("the input of the measure is gone or damaged; start it again") from None


def _result(job: Job) -> Measured | None:
    """Return the result, or None where it is missing or damaged."""
    try:
        return results.unpacked(arrays.read(job.path("npz")))
    except (OSError, arrays.DamagedArchive, KeyError, TypeError, ValueError, AttributeError):
        return None


def _failure(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "the measure needs more memory than there is; choose fewer images"
    if isinstance(error, OSError):
        return f"the measure cannot use its files: {explain(error)}"
    return f"the measure failed ({type(error).__name__}: {error}); choose other options"
