"""The files of one projection job, and the lock that tells whether its process lives.

`vae.projection_jobs` says what each is for.
"""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any

import numpy as np

from vae import snapshots
from vae.errors import UserError
from vae.files import explain, read_object, write_atomically
from vae.options import from_json, to_json
from vae.projection import PROJECTIONS

STOP_SECONDS = 5.0
READER_SECONDS = 0.1
DAMAGED = (*snapshots.DAMAGED, AttributeError)
"""What reading a damaged file raises."""


class JobFiles:
    """The files of one job."""

    def __init__(self, base: Path):
        self.base = base

    def path(self, kind: str) -> Path:
        """Path of one of them: npz, json, input or lock."""
        return self.base.with_name(f"{self.base.name}.{kind}")

    @contextmanager
    def locked(self) -> Iterator[RawIOBase | None]:
        """Take the lock, or give None where a process of the job holds it."""
        with opened(self.path("lock")) as file:
            taken = self._take(file)
            if taken:
                # it still named the last process, whose number may be another's by now
                with suppress(OSError):
                    file.truncate(0)
            yield file if taken else None

    def _take(self, file: RawIOBase) -> bool:
        begun = time.monotonic()
        while not _try_lock(file, fcntl.LOCK_EX):
            waited = time.monotonic() - begun
            # readers asking `is_locked` hold it for microseconds, a process that is done for a
            # moment until it has ended
            running = self.status().get("state") == "running"
            if waited > (READER_SECONDS if running else STOP_SECONDS):
                return False
            time.sleep(0.01)
        return True

    def is_locked(self) -> bool:
        """Whether a process of the job lives."""
        try:
            with self.path("lock").open("rb") as file:
                return not _try_lock(file, fcntl.LOCK_SH)
        except OSError:
            return False

    def stop(self) -> None:
        """End the process that holds the lock, if there is one."""
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_locked():
            with suppress(OSError, ValueError):
                self._terminate()
            if time.monotonic() > deadline:
                raise UserError("the projection does not stop; try again in a moment")
            time.sleep(0.02)

    def _terminate(self) -> None:
        pid = int(self.path("lock").read_bytes())
        if not hasattr(os, "pidfd_open"):
            os.kill(pid, signal.SIGTERM)
            return
        # the handle stays with the process of now, and a lock still held shows it is the job's
        handle = os.pidfd_open(pid)
        try:
            if self.is_locked() and pid == int(self.path("lock").read_bytes()):
                signal.pidfd_send_signal(handle, signal.SIGTERM)
        finally:
            os.close(handle)

    def forget(self) -> None:
        """Remove all but the lock, unless a process is at work."""
        if not self.path("lock").exists():
            return
        with self.locked() as lock:
            if lock is not None:
                for kind in ("npz", "json", "input"):
                    self.path(kind).unlink(missing_ok=True)

    def write_input(self, loc: np.ndarray, options: Any) -> None:
        """Keep what is to be projected, and how, for the process."""
        text = json.dumps(to_json(options))
        self._write_arrays("input", loc=np.ascontiguousarray(loc), options=np.array(text))

    def input(self) -> tuple[np.ndarray, Any]:
        """Read what `write_input` kept."""
        arrays = self._read_arrays("input")
        options = from_json(PROJECTIONS, json.loads(str(arrays["options"])), "projection")
        return arrays["loc"], options

    def write_places(self, xy: np.ndarray) -> None:
        """Keep the result."""
        self._write_arrays("npz", xy=xy.astype(np.float32))

    def places(self) -> np.ndarray | None:
        """Return the result, or None where it is missing or damaged."""
        try:
            xy = self._read_arrays("npz")["xy"]
        except (OSError, *DAMAGED):
            return None
        whole = xy.ndim == 2 and xy.shape[1] == 2 and xy.dtype == np.float32
        return xy if whole and np.isfinite(xy).all() else None

    def _read_arrays(self, kind: str) -> dict[str, np.ndarray]:
        # from memory: for a damaged archive NumPy would leave the file itself open
        with np.load(BytesIO(self.path(kind).read_bytes()), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}

    def _write_arrays(self, kind: str, **arrays: np.ndarray) -> None:
        archive = BytesIO()
        np.savez(archive, **arrays)
        write_atomically(self.path(kind), archive.getvalue())

    def write_status(self, **values: Any) -> None:
        """Replace the progress."""
        write_atomically(self.path("json"), json.dumps(values).encode(), sync=False)

    def status(self) -> dict[str, Any]:
        """Read the progress; empty where there is none or it is damaged."""
        return read_object(self.path("json"))


def opened(path: Path) -> RawIOBase:
    """Open a file for a lock, made where it is not there."""
    try:
        return open(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0)
    except OSError as error:
        raise UserError(f"cannot write {path}: {explain(error)}") from None


def _try_lock(file: RawIOBase, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
