"""A kind of job: where its files lie, which work its process does, and how its result is read.

A job of it is named by a key, 64 hexadecimal digits that are made from all it depends on, so that
nothing of an older model of the same name is ever shown. Two who start the same job share it; of
one kind one computes at a time, and the others wait.
"""

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from vae.errors import UserError
from vae.files import arrays, locks
from vae.files.writing import explain, runs_folder, write_atomically
from vae.jobs.job import Job
from vae.jobs.progress import JobStatus, Reporter
from vae.measures.counter import Progress

KEPT = 200
"""Jobs of a kind kept on disk; the oldest go first."""
FAILURES = (ValueError, TypeError, ArithmeticError, MemoryError, RuntimeError, OSError)
"""What work raises that cannot be done."""
DAMAGED = (OSError, arrays.DamagedArchive, KeyError, TypeError, ValueError, AttributeError)
"""What reading raises of a file that is missing or damaged."""
KEY = re.compile(r"[0-9a-f]{64}")

Input = TypeVar("Input")
Result = TypeVar("Result")
Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Kind(Generic[Input, Result]):
    """One kind of job."""

    name: str
    """Of its module beside this one, and of its folder in ``VAE_RUNS/.cache``."""
    what: str
    """What a job is called in messages, as in "the projection"."""
    read: Callable[[Job], Input]
    """Reads what is to be worked on; `UserError` where that is gone or damaged."""
    work: Callable[[Job, Input, Progress], Arrays]
    """Does it."""
    unpack: Callable[[Arrays], Result]
    """Makes a result of its arrays; raises `DAMAGED` where they are others."""
    goes_on: bool = True
    """Whether a job that was stopped goes on at the next start; else it is forgotten."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """Of its process."""

    def folder(self) -> Path:
        """Return where the files of its jobs lie."""
        return runs_folder() / ".cache" / self.name

    def make_folder(self) -> None:
        """Make that folder; `UserError` where it cannot be made."""
        try:
            self.folder().mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"cannot make the folder {self.folder()}: {explain(error)}") from None

    def job(self, key: str) -> Job:
        """Return the job of a key."""
        if not KEY.fullmatch(key):
            raise ValueError(f"not the key of a job: {key!r}")
        return Job(self.folder() / key, self.what)

    def found(self, job: Job) -> Result | None:
        """Return the result of a job, or None where it is missing or damaged."""
        try:
            return self.unpack(arrays.read(job.path("npz")))
        except DAMAGED:
            return None

    def start(self, key: str, content: Callable[[], bytes]) -> str:
        """Start a job on some content in a process of its own and return its key.

        Nothing happens where the result is there already or on its way; where an earlier start was
        stopped it goes on.

        Raises
        ------
        UserError
            When the cache folder cannot be written or the disk is full, and where who asks may
            start nothing.
        """
        job = self.job(key)
        self.make_folder()
        if self.found(job) is not None:
            return key
        locks.check_inherited(f"{self.what} beside the page")
        job.check_quota()
        with job.locked() as lock:
            job.wanted(lock)
            if lock is not None and self.found(job) is None:
                job.make_room(KEPT)
                write_atomically(job.path("input"), content())
                job.tell(state="running", phase="waiting", started=time.time())
                environ = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE", **self.environ}
                job.launch([self.name, str(job.base.absolute())], lock, environ)
        return key

    def status(self, key: str) -> JobStatus:
        """Tell how far a job is; damaged files read as a job that never was."""
        job = self.job(key)
        return job.status(lambda: self.found(job) is not None)

    def result(self, key: str) -> Result:
        """Return what a finished job found; `UserError` where there is none."""
        found = self.found(self.job(key))
        if found is None:
            raise UserError(f"{self.what} is not there or its file is damaged; start it again")
        return found

    def cancel(self, key: str) -> None:
        """Stop a job; a finished one stays, and nothing happens where there is none.

        It runs on while another visitor of a shared server wants it.
        """
        job = self.job(key)
        if job.leave():
            job.stop()
            if not self.goes_on and self.found(job) is None:
                job.forget()

    def run(self, base: str | Path) -> None:
        """Do the job whose files begin with the path ``base``: what its process runs."""
        job = Job(Path(base), self.what)
        os.nice(10)
        try:
            wanted = self.read(job)
        except UserError as error:
            job.tell(state="failed", error=str(error))
            raise
        with job.turn():
            self.carry_out(job, wanted)

    def carry_out(self, job: Job, wanted: Input, progress: Progress | None = None) -> Result:
        """Do the work of a job whose lock is held, and write down how it ended."""
        begun = time.time()
        reporter = Reporter(job.tell, begun)

        def report(done: int, total: int) -> None:
            reporter(done, total)
            if progress:
                progress(done, total)

        try:
            made = self.work(job, wanted, report)
            write_atomically(job.path("npz"), arrays.write(**made))
            for kind in ("input", "partial"):
                job.path(kind).unlink(missing_ok=True)
        except (UserError, *FAILURES) as error:
            said = str(error) if isinstance(error, UserError) else self._failure(error)
            job.tell(state="failed", seconds=time.time() - begun, error=said)
            raise UserError(said) from error
        job.tell(state="finished", seconds=time.time() - begun)
        return self.unpack(made)

    def _failure(self, error: Exception) -> str:
        if isinstance(error, MemoryError):
            return f"{self.what} needs more memory than there is; choose fewer images"
        if isinstance(error, OSError):
            return f"{self.what} cannot use its files: {explain(error)}"
        return f"{self.what} failed ({type(error).__name__}: {error}); choose other options"
