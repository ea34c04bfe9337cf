"""Opening what is a regular file and nothing else: a pipe would hang its reader for ever."""

import errno
import os
import stat
from pathlib import Path
from typing import IO

LARGEST_READ = 64 << 20
# where there are pipes, opening one must not wait for its other end
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_FLAGS = {
    "rb": os.O_RDONLY,
    "ab": os.O_WRONLY | os.O_APPEND | os.O_CREAT,
    "a+b": os.O_RDWR | os.O_APPEND | os.O_CREAT,
}


def opened(path: str | Path, mode: str = "rb") -> IO[bytes]:
    """Open a regular file to read ("rb"), or to append to ("ab", "a+b"; made where it is missing).

    Raises
    ------
    OSError
        As `open`; also for a folder, pipe, socket or device, and a name that no file can have.
    """
    flags = _FLAGS[mode]
    try:
        _refuse_other(path, os.stat(path))
    except FileNotFoundError:
        if mode == "rb":
            raise
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error)) from None
    handle = os.open(path, flags | _AT_ONCE | _BINARY, 0o644)
    try:
        # it may be another thing by now
        _refuse_other(path, os.fstat(handle))
        return os.fdopen(handle, mode, buffering=0 if mode == "a+b" else -1)
    except BaseException:
        os.close(handle)
        raise


def read(path: str | Path, most: int = LARGEST_READ) -> bytes:
    """Read a regular file whole; OSError as `opened`, and where it has more than ``most`` bytes."""
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size > most:
            raise OSError(errno.EFBIG, "is too large", str(path))
        # it may grow meanwhile
        return file.read(most)


def is_regular(path: str | Path) -> bool:
    """Tell whether there is a regular file of that name; a link counts as what it leads to."""
    # os.path, since Path.is_file raises for a name that is too long instead of saying no
    return os.path.isfile(path)


def _refuse_other(path: str | Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder", str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.ENXIO, "is no regular file", str(path))
