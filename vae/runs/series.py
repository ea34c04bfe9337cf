"""The members of a sweep trained in this process, one after the other."""

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vae.errors import UserError
from vae.files.locks import LOCK_VARIABLE, take
from vae.files.writing import explain
from vae.runs import control, driver, ending, orders
from vae.runs.folder import RunFolder
from vae.runs.members import MemberView, look
from vae.sweep import Member, Sweep
from vae.training.report import Closing, Report


@dataclass(frozen=True)
class Place:
    """Which member is being trained, and how much is left."""

    number: int
    """From 1."""
    count: int
    """Members of the sweep."""
    member: Member
    per_member: float | None
    """Seconds that the members trained here took, mean; None before the first has ended."""
    after: int
    """Members that are still to be trained after this one."""

    def __str__(self) -> str:
        return f"member {self.number} of {self.count}"

    def left(self, own: float, past: float) -> float:
        """Estimate the seconds left in all, from those left of this member and past of it."""
        each = own + past if self.per_member is None else self.per_member
        return own + self.after * each


Tells = Callable[[Place, Report | Closing], None]


def train(
    sweep: Sweep,
    begins: Callable[[Place], None] | None = None,
    watch: Tells | None = None,
    waits: Callable[[int], None] | None = None,
    ended: Callable[[Place, str], None] | None = None,
) -> None:
    """Train each member that has not finished; one that was interrupted goes on bit for bit.

    Members that wait are held, so that nobody else trains them meanwhile. What one of them is
    asked by an order in its folder, to pause or to end, is obeyed, and the next one begins; so it
    does where one fails. ``ended(place, what)`` hears of either. Deleted members stay so.

    Raises
    ------
    UserError
        When another process trains a member.
    ending.Stopped
        After Ctrl-C or SIGTERM; what was learnt is kept.
    """
    every = look(sweep)
    with ExitStack() as stack:
        held = _Held(_take_all(every, stack))
        took: list[float] = []
        for number, seen in enumerate(every, start=1):
            if seen.member.run not in held.locks:
                continue
            each = sum(took) / len(took) if took else None
            after = sum(one.member.run in held.locks for one in every[number:])
            place, began = Place(number, len(every), seen.member, each, after), time.monotonic()
            if begins:
                begins(place)
            problem = _train_one(sweep, place, held, watch, waits)
            if problem is None:
                took.append(time.monotonic() - began)
            elif ended:
                ended(place, problem)


class _Held:
    """The locks of members that wait for their turn, by the names of their runs."""

    def __init__(self, locks: dict[str, tuple[Path, IO[bytes]]]):
        self.locks = locks

    def release(self, run: str) -> None:
        """Let go of a member."""
        self.locks.pop(run)[1].close()

    def obey(self) -> None:
        """Write down of members that wait that they were cancelled, as soon as it was asked."""
        for run, (path, _) in list(self.locks.items()):
            state = orders.ending(orders.pending(path))
            if state:
                folder = RunFolder(path)
                folder.status(state)
                folder.event(state, folder.last_step())
                self.release(run)


def _take_all(every: tuple[MemberView, ...], stack: ExitStack) -> dict[str, tuple[Path, IO[bytes]]]:
    """Hold all members that can go on; `UserError` where another process has one of them."""
    locks = {}
    for seen in every:
        if seen.run is None or not (seen.run.active or seen.run.resumable):
            continue
        path = seen.run.path
        try:
            lock = take(path / "lock", control.READER_SECONDS)
        except OSError as error:
            raise UserError(f"cannot lock the run {path.name}: {explain(error)}") from None
        if lock is None:
            raise UserError(
                f"the run {path.name} is trained by another process; wait for it or cancel it"
            )
        locks[path.name] = (path, stack.enter_context(lock))
    for path, _ in locks.values():
        # what was asked of it before no longer counts
        orders.add(path, orders.RESUME)
        RunFolder(path).status("queued")
    return locks


def _train_one(
    sweep: Sweep,
    place: Place,
    held: _Held,
    watch: Tells | None,
    waits: Callable[[int], None] | None,
) -> str | None:
    """Train a member, or go on; return why it has not finished, None where it has."""
    path, lock = held.locks[place.member.run]

    def tell(report: Report | Closing) -> None:
        held.obey()
        if watch:
            watch(place, report)

    # the run closes what it adopts, and the lock is held by either
    os.environ[LOCK_VARIABLE] = str(os.dup(lock.fileno()))
    del held.locks[place.member.run]
    try:
        driver.resume(path, tell, waits)
    except ending.Stopped as stopped:
        if orders.ending(orders.pending(path)) is None:
            raise  # it was asked of this process
        return stopped.state
    except UserError as error:
        return str(error)
    finally:
        if left := os.environ.pop(LOCK_VARIABLE, ""):
            os.close(int(left))  # it was never adopted
        lock.close()
    return None
