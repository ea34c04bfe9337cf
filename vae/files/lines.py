"""Files of one record a line (.jsonl, logs): a line is appended whole, or as if it never was."""

import os
from contextlib import suppress
from pathlib import Path

from vae.files import disk, regular


def append(path: Path, line: bytes) -> None:
    """Append a line, which a crash before it did not end is kept apart from.

    Raises
    ------
    OSError
        When it cannot be written. What came of it is taken away again, and never read as a line.
    """
    with regular.opened(path, "a+b") as file:
        handle = file.fileno()
        size = os.fstat(handle).st_size
        text = b"\n" * _is_torn(handle, size) + line + b"\n"
        try:
            disk.write(handle, text)
        except OSError:
            _take_back(handle, size, len(text))
            raise


def make(path: Path) -> None:
    """Make an empty file where there is none; `OSError` as `append`."""
    regular.opened(path, "ab").close()


def _is_torn(handle: int, size: int) -> bool:
    """Tell whether a file ends within a line."""
    if not size:
        return False
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1) != b"\n"


def _take_back(handle: int, size: int, most: int) -> None:
    # where it has grown by more, somebody else has written a line meanwhile
    with suppress(OSError):
        if size < os.fstat(handle).st_size < size + most:
            os.ftruncate(handle, size)
