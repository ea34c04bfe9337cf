"""The files of one projection job, and the lock that tells whether its process lives.

`vae.jobs.projections` says what each is for.
"""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from vae.errors import UserError
from vae.files import arrays, locks, plain_json, regular
from vae.files.writing import explain, write_atomically
from vae.latent.projection import PROJECTIONS
from vae.options import from_json, to_json

STOP_SECONDS = 5.0
READER_SECONDS = 0.1
LONGEST_TEXT, LONGEST_TIME = 2000, 1e12


@dataclass(frozen=True)
class Progress:
    """How far a job is by its own account."""

    state: str = ""
    """Empty where nothing sensible can be read."""
    phase: str = "waiting"
    progress: float = 0.0
    """Share of the steps done, 0 to 1."""
    seconds: float = 0.0
    started: float | None = None
    """Unix time in seconds."""
    ends: float | None = None
    """Unix time in seconds, as an estimate."""
    error: str | None = None


class JobFiles:
    """The files of one job."""

    def __init__(self, base: Path):
        self.base = base

    def path(self, kind: str) -> Path:
        """Path of one of them: npz, json, input or lock."""
        return self.base.with_name(f"{self.base.name}.{kind}")

    @contextmanager
    def locked(self) -> Iterator[IO[bytes] | None]:
        """Take the lock, or give None where a process of the job holds it."""
        with opened(self.path("lock")) as file:
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
            running = self.status().state == "running"
            if waited > (READER_SECONDS if running else STOP_SECONDS):
                return False
            time.sleep(0.01)
        return True

    def is_locked(self) -> bool:
        """Whether a process of the job lives."""
        try:
            with regular.opened(self.path("lock")) as file:
                return not locks.lock(file, shared=True)
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
        pid = int(regular.read(self.path("lock"), LONGEST_TEXT))
        if not hasattr(os, "pidfd_open"):
            os.kill(pid, signal.SIGTERM)
            return
        # the handle stays with the process of now, and a lock still held shows it is the job's
        handle = os.pidfd_open(pid)
        try:
            if self.is_locked() and pid == int(regular.read(self.path("lock"), LONGEST_TEXT)):
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
        """Read what `write_input` kept; `UserError` where it is gone or damaged."""
        try:
            found = arrays.read(self.path("input"))
            options = plain_json.strict(str(found["options"]))
            loc = found["loc"]
        except OSError as error:
            raise UserError(f"the projection cannot use its files: {explain(error)}") from None
        except (arrays.DamagedArchive, KeyError, ValueError):
            raise UserError("the input of the projection is damaged; start it again") from None
        if loc.ndim != 2 or loc.dtype.kind != "f" or not np.isfinite(loc).all():
            raise UserError("the points to project are not finite numbers; start it again")
        return loc, from_json(PROJECTIONS, options, "projection")

    def write_places(self, xy: np.ndarray) -> None:
        """Keep the result."""
        self._write_arrays("npz", xy=xy.astype(np.float32))

    def places(self) -> np.ndarray | None:
        """Return the result, or None where it is missing or damaged."""
        try:
            xy = arrays.read(self.path("npz"))["xy"]
        except (OSError, arrays.DamagedArchive, KeyError):
            return None
        whole = xy.ndim == 2 and xy.shape[1] == 2 and xy.dtype == np.float32
        return xy if whole and np.isfinite(xy).all() else None

    def _write_arrays(self, kind: str, **written: np.ndarray) -> None:
        write_atomically(self.path(kind), arrays.write(**written))

    def write_status(self, **values: Any) -> None:
        """Replace the progress."""
        write_atomically(self.path("json"), json.dumps(values).encode(), sync=False)

    def status(self) -> Progress:
        """Read the progress; all defaults where there is none or it is damaged."""
        found = plain_json.read_object(self.path("json"))
        return Progress(
            state=plain_json.text_of(found.get("state")) or "",
            phase=plain_json.text_of(found.get("phase")) or "waiting",
            progress=plain_json.finite(found.get("progress"), 0, 1) or 0.0,
            seconds=plain_json.finite(found.get("seconds"), 0, LONGEST_TIME) or 0.0,
            started=plain_json.finite(found.get("started"), 0, LONGEST_TIME),
            ends=plain_json.finite(found.get("ends"), 0, LONGEST_TIME),
            error=(plain_json.text_of(found.get("error")) or "")[:LONGEST_TEXT] or None,
        )


def opened(path: Path) -> IO[bytes]:
    """Open a file for a lock, made where it is not there."""
    try:
        return open(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0)
    except OSError as error:
        raise UserError(f"cannot write {path}: {explain(error)}") from None
