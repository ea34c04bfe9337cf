"""Whose a folder is and who asks: the one place that says what may be seen and what changed.

A folder below ``VAE_RUNS`` belongs to whom its file `OWNER` names: the hash of a visitor's token,
never the token itself. One without that file was made at the machine. Several servers may share
the folders, so nothing of this is kept by a process.

Who asks is told by a server: for a piece of work by `acting_as`, else by what it gave to
`answer_by`. The command line tells nothing, and sees all.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ParamSpec, TypeVar

from vae.errors import UserError
from vae.files import regular
from vae.files.writing import runs_folder, write_atomically

OWNER = "owner"
"""Name of the file in a folder, and last part of the names of files beside others."""
EVERYBODY = "everybody"
"""Written there by whom the machine belongs to: all visitors see such a folder, none changes it."""
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
LONGEST = 20_000
"""Bytes of such a file: a job may have many who asked for it."""
LOOKING = "on this server visitors only look"
NOBODY = (
    "this browser sends no cookie of this server, so nothing could be yours here; allow its "
    "cookie and open the page again"
)

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Asker:
    """Who asks to see or to change something."""

    name: str | None = None
    """Hash of a visitor's token; None for one without, who sees what is everybody's."""
    sees_all: bool = False
    """Whether it is all theirs: somebody at the machine, or a server that is not shared."""
    changes: bool = True
    """Whether anything may be changed or started at all."""


AT_THE_MACHINE = Asker(sees_all=True)
_acting: ContextVar[Asker | None] = ContextVar("acting", default=None)
_answers: list[Callable[[], Asker]] = [lambda: AT_THE_MACHINE]


def answer_by(answer: Callable[[], Asker]) -> Callable[[], Asker]:
    """Let ``answer`` say who asks wherever `acting_as` does not; return what said so before."""
    before, _answers[0] = _answers[0], answer
    return before


@contextmanager
def acting_as(asker: Asker) -> Iterator[None]:
    """Do what is inside for somebody; also in threads that copy the context."""
    token = _acting.set(asker)
    try:
        yield
    finally:
        _acting.reset(token)


def carried(work: Callable[P, R]) -> Callable[P, R]:
    """Return work that a thread of its own does for who asks now."""
    asker = asking()

    def carry(*args: P.args, **kwargs: P.kwargs) -> R:
        with acting_as(asker):
            return work(*args, **kwargs)

    return carry


def asking() -> Asker:
    """Tell who asks."""
    return _acting.get() or _answers[0]()


def hashed(token: str) -> str:
    """Name the owner that a visitor's token stands for."""
    return hashlib.sha256(token.encode()).hexdigest()


def of(folder: str | Path) -> str | None:
    """Tell whose a folder is; None where nobody's name stands in it."""
    return next(iter(_names(os.path.join(folder, OWNER))), None)


def may_see(folder: str | Path, asker: Asker | None = None) -> bool:
    """Tell whether who asks may know of a folder and read it.

    What does not lie below ``VAE_RUNS`` ships or was put on show: it is everybody's to see.
    """
    asker = asker or asking()
    if asker.sees_all or not _is_inside(folder):
        return True
    owner = of(folder)
    return owner is not None and owner in (EVERYBODY, asker.name)


def may_change(folder: str | Path, asker: Asker | None = None) -> bool:
    """Tell whether who asks may steer, rename or remove a folder, or add to it."""
    asker = asker or asking()
    if asker.sees_all or not asker.changes:
        return asker.changes
    return asker.name is not None and _is_inside(folder) and of(folder) == asker.name


def check_change(folder: str | Path) -> None:
    """Raise `UserError` where who asks may not change a folder."""
    check_start()
    if not may_change(folder):
        name = os.path.basename(folder).rstrip("+")
        raise UserError(f"{name} is not yours to change; make one of your own")


def check_start() -> None:
    """Raise `UserError` where who asks may not start any work."""
    asker = asking()
    if not asker.changes:
        raise UserError(f"{LOOKING}: it starts no work for them; ask who runs it")
    if not asker.sees_all and asker.name is None:
        raise UserError(NOBODY)


def claim(folder: str | Path) -> None:
    """Write down that a new folder belongs to who asks; at the machine nothing is written.

    Raises
    ------
    UserError
        Where they may not start anything, or it cannot be written.
    """
    check_start()
    name = asking().name
    if name is not None:
        write_atomically(os.path.join(folder, OWNER), name.encode())


def begin(file: Path) -> None:
    """Write down that who asks is the first to want what several may ask for, as a job is.

    At the machine there is no such file then, and visitors who join do not become its owners.
    """
    name = asking().name
    if name is None:
        file.unlink(missing_ok=True)
    else:
        write_atomically(file, name.encode(), sync=False)


def join(file: Path) -> None:
    """Write down that who asks wants it too, where others do."""
    if _names(file):
        add(file)


def add(file: Path) -> None:
    """Write down that it is theirs too who ask; at the machine nothing is written."""
    name, names = asking().name, _names(file)
    if name is not None and name not in names:
        write_atomically(file, " ".join([*names, name]).encode(), sync=False)


def leave(file: Path) -> bool:
    """Take who asks from the owners of what several asked for; tell whether none is left.

    Raises
    ------
    UserError
        Where they are not one of them: it is not theirs to end.
    """
    check_start()
    asker, names = asking(), _names(file)
    if asker.sees_all:
        return True
    if asker.name not in names:
        raise UserError("somebody else began this, and it is not yours to end; wait for its end")
    left = [name for name in names if name != asker.name]
    write_atomically(file, " ".join(left).encode(), sync=False)
    return not left


def is_among(file: Path) -> bool:
    """Tell whether who asks is one of the owners that a file of several names."""
    return asking().name in _names(file)


def _is_inside(folder: str | Path) -> bool:
    home = os.path.abspath(runs_folder())
    return os.path.abspath(folder).startswith(home + os.sep)


def _names(file: str | Path) -> tuple[str, ...]:
    try:
        found = os.stat(file)
    except (OSError, ValueError):
        return ()
    return _read(str(file), found.st_ino, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=8192)
def _read(file: str, *version: int) -> tuple[str, ...]:
    try:
        words = regular.read(file, LONGEST).decode("ascii", "replace").split()
    except OSError:
        return ()
    return tuple(word for word in words if word == EVERYBODY or HASH.fullmatch(word))
