"""Who trains next: one run at a time on a machine, the others wait in the order they came.

Two training processes of two threads each starve one another on two cores. The one that trains
holds the lock of ``VAE_RUNS/.slot``. Each that waits has a ticket in ``VAE_RUNS/.queue``: a file
named by the time it came, which names its run; the ticket of a run that no process holds is void.

Visitors of a shared server take turns: next is a run of who was served least recently, or never;
between two of them, and among the runs of one, who came first. Who trained last is written in
``VAE_RUNS/.queue/.served``. All that was started at the machine counts as one visitor's.
"""

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from vae.errors import UserError
from vae.files import leftovers, owner, regular
from vae.files.locks import is_held, take
from vae.files.writing import DiskFull, runs_folder, write_atomically

LOOK_SECONDS = 0.2
TICKET = re.compile(r"0\d{19}", re.ASCII)
"""Nanoseconds since 1970; a later number than that would leave no room for the next."""
LONGEST_PATH = 65_536
SERVED = ".served"
MACHINE = "machine"
"""Stands for an owner where a run was started at the machine."""
KEPT = 1000
"""So many visitors are remembered with the order in which they were served."""


def enter(run: Path) -> None:
    """Let a run join the end of the queue; it stays where it is if it waits already.

    Raises
    ------
    OSError, UserError
        When the queue cannot be written.
    """
    run, tickets = run.resolve(), _tickets()
    if run in (waiting for _, waiting in tickets):
        return
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    leftovers.sweep(folder)
    # after the last one also where the clock was put back
    number = max(time.time_ns(), *(int(ticket.name) + 1 for ticket, _ in tickets), 0)
    # replaced whole, so that no ticket is ever seen half-written
    write_atomically(folder / f"{number:020d}", os.fsencode(run), sync=False)


def leave(run: Path) -> None:
    """Take a run out of the queue."""
    for ticket, waiting in _tickets():
        if waiting == run.resolve():
            ticket.unlink(missing_ok=True)


def waiting() -> list[Path]:
    """List the runs that wait, the next first; void tickets are thrown away."""
    runs: list[Path] = []
    for ticket, run in _tickets():
        if is_held(run / "lock"):
            runs.append(run)
        else:
            with suppress(OSError):
                ticket.unlink(missing_ok=True)
    return [runs[at] for at in in_turn([_owner(run) for run in runs], _served())]


def in_turn(owners: Sequence[str], served: Sequence[str]) -> list[int]:
    """Order what waits so that the owners take turns; return its places in ``owners``.

    Parameters
    ----------
    owners
        Whose each run is, in the order they came.
    served
        Owners in the order in which they were last served, the latest last.
    """
    lines: dict[str, list[int]] = {}
    for at, name in enumerate(owners):
        lines.setdefault(name, []).append(at)
    last = {name: number for number, name in enumerate(served, 1)}
    order: list[int] = []
    while lines:
        name = min(lines, key=lambda name: (last.get(name, 0), lines[name][0]))
        order.append(lines[name].pop(0))
        last[name] = len(served) + len(order)
        if not lines[name]:
            del lines[name]
    return order


def ahead(name: str | None) -> int:
    """Count the runs that train before one that this owner would let join now."""
    owners = [*map(_owner, waiting()), name or MACHINE]
    return in_turn(owners, _served()).index(len(owners) - 1) + is_held(_slot())


def position(run: Path) -> int | None:
    """Say at which position in the queue a run is, from 1; None where it does not wait."""
    runs = waiting()
    return runs.index(run.resolve()) + 1 if run.resolve() in runs else None


@contextmanager
def turn(run: Path, given_up: Callable[[], bool], waits: Callable[[int], None]) -> Iterator[bool]:
    """Wait for a run's turn and hold it; False where ``given_up()`` came true before.

    ``waits(position)`` is called when the position in the queue has changed. Where no queue can be
    kept, because the folder of all runs cannot be written, the turn comes at once.
    """
    if not _can_keep(run):
        yield True
        return
    try:
        slot = _wait(run, given_up, waits)
    finally:
        with suppress(OSError):
            leave(run)
    if slot is None:
        yield False
        return
    with slot:
        yield True


def _can_keep(run: Path) -> bool:
    try:
        # without room for a ticket it waits without one, behind those that have one
        with suppress(DiskFull):
            enter(run)
        with regular.opened(_slot(), "ab"):
            return True
    except (OSError, UserError):
        return False


def _wait(
    run: Path, given_up: Callable[[], bool], waits: Callable[[int], None]
) -> IO[bytes] | None:
    told = None
    while not given_up():
        place = position(run) or 1
        if place == 1 and (slot := take(_slot())):
            _note_served(_owner(run))
            return slot
        if place != told:
            told = place
            waits(place)
        time.sleep(LOOK_SECONDS)
    return None


def _tickets() -> list[tuple[Path, Path]]:
    """Tickets in their order, each with the run it names; what is no ticket is thrown away."""
    tickets = []
    for ticket in sorted(_folder().glob("[0-9]*")):
        with suppress(OSError):
            named = os.fsdecode(regular.read(ticket, LONGEST_PATH))
            if TICKET.fullmatch(ticket.name) and os.path.isabs(named) and "\0" not in named:
                tickets.append((ticket, Path(named)))
            else:
                ticket.unlink(missing_ok=True)
    return tickets


def _owner(run: Path) -> str:
    return owner.of(run) or MACHINE


def _served() -> list[str]:
    try:
        return regular.read(_folder() / SERVED, 100 * KEPT).decode("ascii", "replace").split()
    except OSError:
        return []


def _note_served(name: str) -> None:
    """Write down whose turn it was; only who holds the slot does so."""
    before = _served()
    if not before and name == MACHINE:
        return  # nobody shares this machine
    names = [*(one for one in before if one != name), name][-KEPT:]
    with suppress(UserError):
        # without it turns are less fair, and runs train all the same
        write_atomically(_folder() / SERVED, "\n".join(names).encode(), sync=False)


def _folder() -> Path:
    return runs_folder() / ".queue"


def _slot() -> Path:
    return runs_folder() / ".slot"
