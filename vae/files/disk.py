"""The few calls that put bytes on a disk; all that this program writes goes through them.

A call that fails raises `OSError` at once: nothing stays in a buffer that is lost when the file is
closed.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_UNABLE = (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EACCES, errno.EBADF)
"""What systems answer that cannot wait for a folder, or set room aside."""
Bytes = bytes | bytearray | memoryview
LARGEST_WRITE = 1 << 24


def write(handle: int, data: Bytes) -> None:
    """Write all bytes; one call of the system may take only some of them."""
    left = memoryview(data).cast("B")
    while left:
        left = left[os.write(handle, left[:LARGEST_WRITE]) :]


def sync(handle: int) -> None:
    """Wait until the disk holds what was written."""
    os.fsync(handle)


def sync_file(path: Path) -> None:
    """Wait until the disk holds what was ever written to a file."""
    handle = os.open(path, os.O_RDWR | _BINARY)
    try:
        sync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Wait until the disk holds the names in a folder, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY | _BINARY)
    try:
        sync(handle)
    except OSError as error:
        if error.errno not in _UNABLE:
            raise
    finally:
        os.close(handle)


def reserve(handle: int, size: int) -> None:
    """Make a file so long; `OSError` where the disk has no room for all of it."""
    try:
        if hasattr(os, "posix_fallocate") and size:
            return os.posix_fallocate(handle, 0, size)
    except OSError as error:
        # some file systems cannot tell before it is written
        if error.errno not in _UNABLE:
            raise
    os.ftruncate(handle, size)


class Sink:
    """A file that is being written; each write reaches the system whole, or raises."""

    def __init__(self, handle: int):
        self.handle = handle

    def write(self, data: Bytes) -> int:
        """Write all bytes where the file stands; return their number."""
        write(self.handle, data)
        return memoryview(data).nbytes

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Stand at another place of the file."""
        return os.lseek(self.handle, offset, whence)

    def tell(self) -> int:
        """Say where the file stands."""
        return os.lseek(self.handle, 0, os.SEEK_CUR)

    def reserve(self, size: int) -> None:
        """Make the file so long; `OSError` where the disk has no room for all of it."""
        reserve(self.handle, size)


@contextmanager
def created(path: Path) -> Iterator[Sink]:
    """Make a file anew and write it bit by bit; the disk holds all of it after the block.

    It is for files in a folder that nobody looks into yet: readers could find it half-written.
    """
    with _sink(path, os.O_TRUNC) as sink:
        yield sink


@contextmanager
def continued(path: Path) -> Iterator[Sink]:
    """Write on at the end of a file, made where it is missing; as `created`."""
    with _sink(path, 0) as sink:
        sink.seek(0, os.SEEK_END)
        yield sink


@contextmanager
def _sink(path: Path, flags: int) -> Iterator[Sink]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | _BINARY | flags, 0o644)
    try:
        yield Sink(handle)
        sync(handle)
    finally:
        os.close(handle)
