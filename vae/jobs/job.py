"""One job: its files, and the lock that tells whether its process lives.

The files share a name: ``<name>.npz`` is the result, ``<name>.json`` the progress, ``<name>.input``
what is to be worked on, ``<name>.partial`` what a job that can go on has found so far, and
``<name>.lock`` an advisory lock, held from the start until the process ends, however it ends,
and ``<name>.owner`` tells which visitors of a shared server have asked for it.
"""

import json
import math
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from vae.errors import UserError
from vae.files import locks, owner, quota, regular
from vae.files.writing import explain, write_atomically
from vae.jobs import cache, processes, progress
from vae.jobs.launch import launch
from vae.jobs.progress import JobStatus, Progress

STOP_SECONDS = 5.0
READER_SECONDS = 0.1
KINDS = ("npz", "json", "input", "partial", owner.OWNER)


class Job:
    """The files of one job and its process."""

    def __init__(self, base: Path, what: str):
        # what it is called in messages, as in "the projection"
        self.base, self.what = base, what

    def path(self, kind: str) -> Path:
        """Path of one of them: npz, json, input, partial, owner or lock."""
        return self.base.with_name(f"{self.base.name}.{kind}")

    @contextmanager
    def locked(self) -> Iterator[IO[bytes] | None]:
        """Take the lock, or give None where a process of the job holds it."""
        with _opened(self.path("lock")) as file:
            taken = self._take(file)
            if taken:
                # it still named the last process, whose number may be another's by now
                with suppress(OSError):
                    file.truncate(0)
            yield file if taken else None

    def _take(self, file: IO[bytes]) -> bool:
        begun = time.monotonic()
        while not locks.lock(file):
            waited = time.monotonic() - begun
            # readers asking `is_locked` hold it for microseconds, a process that is done for a
            # moment until it has ended
            running = self.told().state == "running"
            if waited > (READER_SECONDS if running else STOP_SECONDS):
                return False
            time.sleep(0.01)
        return True

    def check_quota(self) -> None:
        """Raise `UserError` where a visitor may start no more jobs of this folder for now."""
        owner.check_start()
        if owner.asking().sees_all:
            return
        most = quota.allowed(quota.RUNS)
        files = self.base.parent.glob(f"*.{owner.OWNER}")
        theirs = (Job(file.with_suffix(""), self.what) for file in files if owner.is_among(file))
        if sum(job.is_locked() for job in theirs if job.base != self.base) >= most:
            raise UserError(
                f"you have {most} such computations waiting or under way, as many as a visitor may "
                "have here; wait until one ends, or stop one"
            )

    def wanted(self, lock: IO[bytes] | None) -> None:
        """Note that who asks wants it, which begins where they have its lock."""
        note = owner.join if lock is None else owner.begin
        note(self.path(owner.OWNER))

    def leave(self) -> bool:
        """Note that who asks no longer wants it; tell whether nobody does, or none is at work.

        Raises
        ------
        UserError
            Where a process is at work that they have not asked for: it is not theirs to end.
        """
        return not self.is_locked() or owner.leave(self.path(owner.OWNER))

    def launch(self, words: Sequence[str], lock: IO[bytes], environ: Mapping[str, str]) -> None:
        """Start its process, ``python -m vae.jobs WORDS``, and write down which it is."""
        process = launch(words, lock, environ, module="vae.jobs")
        try:
            lock.write(processes.named(process.pid))
        except OSError as error:
            # a process that nobody could cancel is none to leave
            process.kill()
            raise UserError(f"cannot write {self.path('lock')}: {explain(error)}") from None

    def is_locked(self) -> bool:
        """Whether a process of the job lives."""
        return locks.is_held(self.path("lock"))

    def stop(self) -> None:
        """End the process that holds the lock, if there is one.

        Raises
        ------
        UserError
            Where it does not end, or runs on another machine that shares the folder.
        """
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_locked():
            pid = self._pid()
            if pid is not None:
                with suppress(OSError):
                    self._terminate(pid)
            if time.monotonic() > deadline:
                raise UserError(f"{self.what} does not stop; try again in a moment")
            time.sleep(0.02)

    def _terminate(self, pid: int) -> None:
        if not hasattr(os, "pidfd_open"):
            os.kill(pid, signal.SIGTERM)
            return
        # the handle stays with the process of now, and a lock still held shows it is the job's
        handle = os.pidfd_open(pid)
        try:
            if self.is_locked() and pid == self._pid():
                signal.pidfd_send_signal(handle, signal.SIGTERM)
        finally:
            os.close(handle)

    def _pid(self) -> int | None:
        """Read which process holds the lock; None where that is not written down yet."""
        try:
            text = regular.read(self.path("lock"), progress.LONGEST_TEXT)
            pid = processes.number_in(text)
        except (OSError, ValueError):
            return None
        if pid is None:
            # here that number is another process's
            raise UserError(
                f"{self.what} runs on another machine, or in another container, that shares this "
                "folder; stop it there, or wait for its end"
            )
        return pid

    def forget(self) -> None:
        """Remove all but the lock, unless a process is at work."""
        if not self.path("lock").exists():
            return
        with self.locked() as lock:
            if lock is not None:
                for kind in KINDS:
                    self.path(kind).unlink(missing_ok=True)

    def make_room(self, kept: int) -> None:
        """Forget the oldest jobs beside this one, so that there are ``kept`` with it.

        Their locks, a few bytes, stay so that nobody loses one held.
        """
        for path in cache.outdated(self.base.parent.glob("*.json"), kept - 1):
            Job(path.with_suffix(""), self.what).forget()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other job of this folder computes."""
        file = locks.take(self.base.parent / ".slot", math.inf)
        assert file is not None, "there is no end to that patience"
        with file:
            yield

    def tell(self, **values: Any) -> None:
        """Replace the progress, fields of `Progress`."""
        write_atomically(self.path("json"), json.dumps(values).encode(), sync=False)

    def told(self) -> Progress:
        """Read the progress; all defaults where there is none or it is damaged."""
        return progress.read(self.path("json"))

    def status(self, has_result: Callable[[], bool]) -> JobStatus:
        """Tell how far it is; damaged files read as a job that never was."""
        # the lock first: a job that ends in between has then written how
        held, said = self.is_locked(), self.told()
        if held and said.state not in ("finished", "failed"):
            return progress.running(said)
        if has_result():
            return JobStatus("finished", progress=1.0, seconds=said.seconds)
        ended = (
            f"{self.what} ended before it was done (stopped, out of memory, or the disk is full); "
            "start it again"
        )
        if said.state == "running":
            return JobStatus("interrupted", progress=said.progress, error=ended)
        if said.state == "failed":
            return JobStatus("failed", seconds=said.seconds, error=said.error or ended)
        return JobStatus("none")


def _opened(path: Path) -> IO[bytes]:
    """Open a file for a lock, made where it is not there."""
    try:
        return open(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0)
    except OSError as error:
        raise UserError(f"cannot write {path}: {explain(error)}") from None
