"""t-SNE and UMAP as processes of their own, with progress, cached on disk.

A job lives in ``VAE_RUNS/.cache/projections/`` under a key made from its points, its options and
the library's version: ``<key>.npz`` is the result, ``<key>.json`` the progress, ``<key>.input``
what is to be projected and ``<key>.lock`` an advisory lock, held from `start` until the process
ends, however it ends. Pages poll `status`. One job computes at a time, the others wait for it.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import numpy as np

from vae.errors import UserError
from vae.files import locks
from vae.files.writing import ROOT, explain, runs_folder
from vae.jobs.projection_files import JobFiles, Progress, opened
from vae.options import to_json

VERSION = 1
"""Raised when `vae.latent.projection` computes otherwise, so that no old result is shown."""
KEPT = 200
"""Jobs kept on disk; the oldest go first."""
REPORT_SECONDS, LOOK_SECONDS = 0.25, 0.05
FAILURES = (ValueError, TypeError, ArithmeticError, MemoryError, RuntimeError, OSError)
"""What a library raises that cannot project the points."""
KEY = re.compile(r"[0-9a-f]{64}")
ENDED = (
    "the projection ended before it was done (stopped, out of memory, or the disk is full); "
    "start it again"
)


@dataclass(frozen=True)
class JobStatus:
    """How far a job is."""

    state: str
    """none | running | finished | failed | interrupted (its process ended without a word)."""
    phase: str = ""
    """While running: waiting (for another job), preparing (finding neighbours) or arranging."""
    progress: float = 0.0
    """Share of the arranging steps done, 0 to 1; 0 while waiting and preparing."""
    seconds: float = 0.0
    """Since it was started, or in all."""
    remaining: float | None = None
    """Seconds left, from the pace of the steps so far; None before there are any."""
    error: str | None = None


def key_of(loc: np.ndarray, options: Any) -> str:
    """Name the projection of points by all it depends on: 64 hexadecimal digits."""
    loc = np.ascontiguousarray(loc)
    described = [VERSION, to_json(options), _version(options.library), str(loc.dtype), loc.shape]
    return hashlib.sha256(json.dumps(described).encode() + loc.tobytes()).hexdigest()


def start(loc: np.ndarray, options: Any) -> str:
    """Start projecting points (N, z_dim) in a process of its own and return the job's key.

    Nothing happens where the result is there already or on its way. Every row given is projected;
    ``options.rows(total)`` chooses them.

    Raises
    ------
    UserError
        When the cache folder cannot be written or the disk is full.
    """
    key, folder = key_of(loc, options), _made_folder()
    job = _job(key)
    if job.places() is not None:
        return key
    locks.check_inherited("a projection beside the page")
    with job.locked() as lock:
        if lock is not None:
            _prune(folder)
            job.write_input(loc, options)
            job.write_status(state="running", phase="waiting", started=time.time())
            _spawn(job, lock)
    return key


def status(key: str) -> JobStatus:
    """Tell how far a job is; damaged files read as a job that never was."""
    job = _job(key)
    # the lock first: a job that ends in between has then written how
    held, said = job.is_locked(), job.status()
    if held and said.state not in ("finished", "failed"):
        return _running(said)
    if job.places() is not None:
        return JobStatus("finished", progress=1.0, seconds=said.seconds)
    if said.state == "running":
        return JobStatus("interrupted", progress=said.progress, error=ENDED)
    if said.state == "failed":
        return JobStatus("failed", seconds=said.seconds, error=said.error or ENDED)
    return JobStatus("none")


def result(key: str) -> np.ndarray:
    """Places (N, 2) float32 of a finished job; `UserError` where there is none."""
    xy = _job(key).places()
    if xy is None:
        raise UserError("this projection is not there or its file is damaged; start it again")
    return xy


def cancel(key: str) -> None:
    """Stop a job and forget it; a finished one stays, and nothing happens where there is none."""
    job = _job(key)
    job.stop()
    if job.places() is None:
        job.forget()


def run(base: str | Path) -> None:
    """Do the job whose files begin with the path ``base``: what its process runs."""
    job = JobFiles(Path(base))
    os.nice(10)
    begun = time.time()
    try:
        loc, options = job.input()
        with _turn(job.base.parent):
            begun = time.time()
            xy = options.fit(loc, _Reporter(job, begun))
        if not np.isfinite(xy).all():
            raise UserError("the projection gave no finite numbers; choose other options")
        job.write_places(xy)
        job.write_status(state="finished", seconds=time.time() - begun)
    except (UserError, *FAILURES) as error:
        said = str(error) if isinstance(error, UserError) else _failure(error)
        job.write_status(state="failed", seconds=time.time() - begun, error=said)
        raise UserError(said) from error
    job.path("input").unlink(missing_ok=True)


def _job(key: str) -> JobFiles:
    if not KEY.fullmatch(key):
        raise ValueError(f"not the key of a projection: {key!r}")
    return JobFiles(_folder() / key)


class _Reporter:
    """Writes progress, at most a few times a second."""

    def __init__(self, job: JobFiles, begun: float):
        self.job, self.begun, self.written = job, begun, 0.0
        self.arranging: float | None = None
        self._write("preparing", 0, 1)

    def __call__(self, done: int, total: int) -> None:
        now = time.time()
        self.arranging = now if self.arranging is None else self.arranging
        if now - self.written >= REPORT_SECONDS or done == 0:
            self._write("arranging", done, total)

    def _write(self, phase: str, done: int, total: int) -> None:
        self.written = time.time()
        begun = self.arranging
        pace = (self.written - begun) / done if done and begun is not None else None
        self.job.write_status(
            state="running",
            phase=phase,
            progress=done / total,
            started=self.begun,
            ends=None if pace is None else self.written + pace * (total - done),
        )


def _running(said: Progress) -> JobStatus:
    now = time.time()
    return JobStatus(
        "running",
        phase=said.phase,
        progress=said.progress,
        seconds=max(0.0, now - (now if said.started is None else said.started)),
        remaining=None if said.ends is None else max(0.0, said.ends - now),
    )


@cache
def _version(library: str) -> str:
    return version(library)


def _failure(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "the projection needs more memory than there is; choose fewer images"
    if isinstance(error, OSError):
        return f"the projection cannot use its files: {explain(error)}"
    return f"the projection failed ({type(error).__name__}: {error}); choose other options"


def _spawn(job: JobFiles, lock: IO[bytes]) -> None:
    """Start the process; it inherits the lock and so holds it for as long as it lives."""
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "vae", "project", "--job", str(job.base.absolute())],
        cwd=ROOT,
        env={**os.environ, **single},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(lock.fileno(),),
        start_new_session=True,
    )
    # else it would stay a zombie of this process after its end
    threading.Thread(target=process.wait, daemon=True).start()
    try:
        lock.write(f"{process.pid:<10}".encode())
    except OSError as error:
        # a process that nobody could cancel is none to leave
        process.kill()
        raise UserError(f"cannot write {job.path('lock')}: {explain(error)}") from None


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Wait until no other job computes."""
    with opened(folder / ".slot") as file:
        while not locks.lock(file):
            time.sleep(LOOK_SECONDS)
        yield


def _folder() -> Path:
    return runs_folder() / ".cache" / "projections"


def _made_folder() -> Path:
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder {folder}: {explain(error)}") from None
    return folder


def _prune(folder: Path) -> None:
    """Forget the oldest jobs; their locks, a few bytes, stay so that nobody loses one held."""
    known = []
    for path in folder.glob("*.json"):
        with suppress(FileNotFoundError):
            known.append((path.stat().st_mtime, path))
    for _, path in sorted(known, reverse=True)[KEPT - 1 :]:
        JobFiles(path.with_suffix("")).forget()
