"""Advisory file locks: a process lets go of them however it dies, so no pid is ever trusted.

Where there is ``fcntl`` (Linux, macOS) a lock belongs to the open file, so that a process can be
started with it; elsewhere it belongs to the process, and no work can be handed to another one.
"""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from vae.errors import UserError
from vae.files import regular

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]  # a name for a module may stand for none
try:
    import msvcrt
except ImportError:
    msvcrt = None  # type: ignore[assignment]  # as above

FREE_SECONDS = 0.02
LOCK_VARIABLE = "VAE_RUN_LOCK"
"""Names, to a process that is started for a run, the open file that holds the run's lock."""
LOCKED_BYTE = 1 << 30
"""Where only a range of bytes can be locked: one that nobody reads or writes."""


def lock(file: IO[Any], shared: bool = False) -> bool:
    """Lock an open file if nobody else holds it; closing the file lets go.

    Raises
    ------
    OSError
        Where the system or the file system has no locks.
    """
    if fcntl is not None:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
    if msvcrt is None:
        raise OSError(errno.ENOSYS, "this system has no file locks")
    place = os.lseek(file.fileno(), 0, os.SEEK_CUR)
    os.lseek(file.fileno(), LOCKED_BYTE, os.SEEK_SET)
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except PermissionError:
        return False
    finally:
        os.lseek(file.fileno(), place, os.SEEK_SET)
    return True


def take(path: Path, patience: float = 0.0) -> IO[bytes] | None:
    """Open a file, made where it is missing, and lock it; None where another process holds it.

    ``patience`` is how many seconds to try for: who looks whether a lock is held, by `is_held`,
    holds it for an instant too. Closing the file lets go. Raises OSError as `open` and `lock` do.
    """
    deadline = time.monotonic() + patience
    file = regular.opened(path, "ab")
    try:
        while not lock(file):
            if time.monotonic() >= deadline:
                file.close()
                return None
            time.sleep(FREE_SECONDS)
    except BaseException:
        file.close()
        raise
    return file


def is_held(path: Path) -> bool:
    """Tell whether a living process holds the lock of a file; a missing file is not held."""
    try:
        with regular.opened(path) as file:
            return not lock(file, shared=True)
    except OSError as error:
        # out of file handles is no sign of death
        return error.errno in (errno.EMFILE, errno.ENFILE)


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Wait for the lock of a file, made where it is missing, and hold it; no process inherits it.

    It is the same lock as `take`'s where there is ``fcntl``.
    """
    from filelock import FileLock

    with FileLock(path):
        yield


def is_of(file: IO[Any], path: Path) -> bool:
    """Tell whether an open file is the one at a path now; folders are renamed, and replaced."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def adopt(path: Path, descriptor: int) -> IO[bytes] | None:
    """Take over a lock that the parent process took and left open; None where it is another's."""
    try:
        same = os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return None
    return os.fdopen(descriptor, "ab") if same else None


def check_inherited(what: str) -> None:
    """Raise `UserError` where no process can be started with a lock that is held for it."""
    if fcntl is None:
        raise UserError(
            f"{what} needs a lock that a process hands to another, which this system lacks; "
            "use Linux or macOS, or the command line (python -m vae)"
        )
