"""What a run does where its disk is full: it waits for room, says so, and then goes on.

While a run trains a few blocks are kept aside in its folder. They are let go where the disk is
full, so that this can be told, and the run can still be asked to end.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

from vae.errors import UserError
from vae.files import disk
from vae.files.writing import DiskFull

RESERVE = "reserve"
RESERVE_BYTES = 1 << 16
PHASE = "paused: the disk is full; it goes on by itself when there is room"
FULL = "the disk is full; it goes on when there is room"
TRY_SECONDS = 2.0
LOOK_SECONDS = 0.1


class NoRoom(UserError):
    """A run was asked to end while it waited for room."""


class Room:
    """Writes into a run's folder; where the disk is full it tries again until there is room.

    It fails at once until its trainer says, by `wait_by`, how to wait.
    """

    def __init__(self, run: Path):
        self.run, self.waiting = run, False
        self._ends: Callable[[], bool] | None = None
        self._tell: Callable[[bool], None] = lambda full: None
        self.still: Callable[[], AbstractContextManager[None]] = nullcontext
        """Stops the clock of the training meanwhile."""

    def wait_by(self, ends: Callable[[], bool], tell: Callable[[bool], None]) -> None:
        """Wait from now on, until there is room or ``ends()`` is true.

        ``tell`` hears True where the disk is full, again and again until it does not fail, and
        False when there is room.
        """
        self._ends, self._tell = ends, tell

    def write(self, put: Callable[[], object]) -> None:
        """Write something, all of it or nothing.

        Raises
        ------
        NoRoom
            Where the run was asked to end before there was room.
        UserError
            Where it cannot be written for another reason.
        """
        try:
            put()
        except DiskFull:
            # what is written of the wait itself does not wait
            if self._ends is None or self.waiting:
                raise
            self.waiting = True
            try:
                with self.still():
                    told = self._wait(put, self._ends)
            finally:
                self.waiting = False
            if told:
                self._tell(False)

    def _wait(self, put: Callable[[], object], ends: Callable[[], bool]) -> bool:
        """Wait for room and write; tell whether it could be told meanwhile."""
        told = False
        while True:
            let_go(self.run)
            if not told:
                with suppress(DiskFull):
                    self._tell(True)
                    told = True
            self._rest(ends)
            if keep_aside(self.run):
                with suppress(DiskFull):
                    put()
                    return told

    def _rest(self, ends: Callable[[], bool]) -> None:
        until = time.monotonic() + TRY_SECONDS
        while not ends():
            if time.monotonic() >= until:
                return
            time.sleep(LOOK_SECONDS)
        raise NoRoom(f"there was no room to write into {self.run}; make room")


def keep_aside(run: Path) -> bool:
    """Keep a few blocks for a run's last words; False where the disk has none."""
    try:
        with disk.created(run / RESERVE) as file:
            file.reserve(RESERVE_BYTES)
        return True
    except OSError:
        let_go(run)
        return False


def let_go(run: Path) -> None:
    """Give back what was kept aside."""
    with suppress(OSError):
        (run / RESERVE).unlink()
