"""Advisory file locks: a process lets go of them however it dies, so no pid is ever trusted."""

import errno
import fcntl
import os
import time
from pathlib import Path
from typing import IO

from vae import regular

FREE_SECONDS = 0.02
LOCK_VARIABLE = "VAE_RUN_LOCK"
"""Names, to a process that is started for a run, the open file that holds the run's lock."""


def take(path: Path, patience: float = 0.0) -> IO[bytes] | None:
    """Open a file, made where it is missing, and lock it; None where another process holds it.

    ``patience`` is how many seconds to try for: who looks whether a lock is held, by `is_held`,
    holds it for an instant too. Closing the file lets go. Raises OSError as `open` does.
    """
    deadline = time.monotonic() + patience
    file = regular.opened(path, "ab")
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except BlockingIOError:
            if time.monotonic() >= deadline:
                file.close()
                return None
            time.sleep(FREE_SECONDS)


def is_held(path: Path) -> bool:
    """Tell whether a living process holds the lock of a file; a missing file is not held."""
    try:
        file = regular.opened(path)
    except OSError as error:
        # out of file handles is no sign of death
        return error.errno in (errno.EMFILE, errno.ENFILE)
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def adopt(path: Path, descriptor: int) -> IO[bytes] | None:
    """Take over a lock that the parent process took and left open; None where it is another's."""
    try:
        same = os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return None
    return os.fdopen(descriptor, "ab") if same else None
