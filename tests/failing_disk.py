"""A disk that fails at its n-th call: one to write, to wait, to name, to make or to set room aside.

It fails below a folder only. A write that fails has put half of its bytes on the disk, as a full
disk does; all calls after the n-th work again.
"""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

FULL, BROKEN = errno.ENOSPC, errno.EIO
BY_PATH = {"mkdir": 0, "replace": 1, "rename": 1}
"""Calls that name what they make, and at which argument."""
BY_HANDLE = ("write", "fsync", "ftruncate", "posix_fallocate")
MAKES = os.O_CREAT


class Disk:
    """Counts the calls below a folder, and lets some of them fail."""

    def __init__(self, folder: Path, fails: Callable[[int], int | None], end: "End"):
        self.folder, self.fails, self.calls = str(folder.resolve()), fails, 0
        self.end = end
        self.failed: list[str] = []

    def meet(self, what: str, path: str | bytes) -> int | None:
        """Count a call; return the error it ends with, if any."""
        if not os.path.abspath(os.fsdecode(path)).startswith(self.folder + os.sep):
            return None
        self.calls += 1
        if (number := self.fails(self.calls)) is not None:
            self.failed.append(f"{what} {os.path.basename(os.fsdecode(path))}")
        return number


End = Callable[[int, Any], NoReturn]


def _raise(error: int, path: Any) -> NoReturn:
    raise OSError(error, os.strerror(error), str(path))


@contextmanager
def disk(folder: Path, fails: Callable[[int], int | None], end: End = _raise) -> Iterator[Disk]:
    """Let calls below a folder fail inside the block: those whose number ``fails`` gives an errno.

    Numbers are from 1. ``end`` is what comes of such a call, in place of an `OSError`.
    """
    counted = Disk(folder, fails, end)
    with pytest.MonkeyPatch.context() as patch:
        for name, place in BY_PATH.items():
            patch.setattr(os, name, _by_path(counted, name, getattr(os, name), place))
        for name in BY_HANDLE:
            patch.setattr(os, name, _by_handle(counted, name, getattr(os, name)))
        patch.setattr(os, "open", _opening(counted, os.open))
        yield counted


def failing(folder: Path, number: int, error: int) -> Any:
    """Let the call of one number fail."""
    return disk(folder, lambda call: error if call == number else None)


def _by_path(counted: Disk, name: str, call: Callable[..., Any], place: int) -> Any:
    def meet(*args: Any, **named: Any) -> Any:
        if error := counted.meet(name, os.fspath(args[place])):
            counted.end(error, args[place])
        return call(*args, **named)

    return meet


def _by_handle(counted: Disk, name: str, call: Callable[..., Any]) -> Any:
    def meet(handle: int, *args: Any) -> Any:
        if error := counted.meet(name, _name_of(handle)):
            if name == "write":
                call(handle, bytes(args[0])[: len(args[0]) // 2])
            counted.end(error, _name_of(handle))
        return call(handle, *args)

    return meet


def _opening(counted: Disk, call: Callable[..., Any]) -> Any:
    def meet(path: Any, flags: int, *args: Any, **named: Any) -> Any:
        makes = flags & MAKES and not os.path.exists(path)
        if makes and (error := counted.meet("open", os.fspath(path))):
            counted.end(error, path)
        return call(path, flags, *args, **named)

    return meet


def _name_of(handle: int) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{handle}")
    except OSError:
        return ""
