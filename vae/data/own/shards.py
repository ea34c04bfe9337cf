"""An array in one file or, above a size, in several that follow one another: its shards.

Joined in their order they are the one file, ``cat images.npy.* > images.npy``. They are mapped into
memory side by side, so that whoever reads the array need not know of them, an image may begin in
one shard and end in the next, and only the pages that are looked at are read.
"""

import ctypes
import mmap
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import numpy as np

from vae.errors import UserError
from vae.files import disk, regular
from vae.files.writing import explain

STEP = 1 << 16
"""Shards are a multiple of this long, as memory is mapped by pages: 4, 16 or 64 KiB."""
MOST = 512
"""Shards of a set: all of them are open while it is prepared."""
FIXED = 0x10
"""MAP_FIXED, on Linux and macOS."""
READ_BYTES = 1 << 22


class Shards:
    """The files of an array of so many bytes, its header among them.

    Parameters
    ----------
    path
        The array's name, which is the file where there is one alone.
    total
        Bytes of all files together.
    each
        Bytes of a shard, the last of which may be shorter; 0 for one file.
    """

    def __init__(self, path: Path, total: int, each: int):
        each = each or total
        starts = range(0, total, each)
        self.each, self.total = each, total
        self.paths = [path] if each == total else [named(path, n) for n in range(len(starts))]
        self.sizes = [min(each, total - start) for start in starts]

    def check(self) -> None:
        """Raise `UserError` where a shard is missing or of another size, and name it."""
        for path, size in zip(self.paths, self.sizes, strict=True):
            try:
                with regular.opened(path) as file:
                    found = os.fstat(file.fileno()).st_size
            except OSError as error:
                raise UserError(f"cannot read {path}: {explain(error)}") from None
            if found != size:
                raise damaged(path)

    def mapped(self) -> np.ndarray:
        """Map all into memory, uint8 (total,); writing to it changes no file."""
        self.check()
        if len(self.paths) == 1:
            return np.memmap(self.paths[0], np.uint8, "c")
        if os.name != "posix" or STEP % mmap.PAGESIZE:
            return np.concatenate([np.fromfile(path, np.uint8) for path in self.paths])
        place = mmap.mmap(-1, self.total, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        found = np.frombuffer(place, np.uint8)
        for number, path in enumerate(self.paths):
            with regular.opened(path) as file:
                _lay(file, found.ctypes.data + number * self.each, self.sizes[number])
        return found

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Read the bytes from ``start`` to ``stop``, a few megabytes at a time."""
        for number, path in enumerate(self.paths):
            before = number * self.each
            left = min(stop, before + self.sizes[number]) - max(start, before)
            if left <= 0:
                continue
            with open(path, "rb") as file:
                file.seek(max(0, start - before))
                while left > 0 and (piece := file.read(min(left, READ_BYTES))):
                    yield piece
                    left -= len(piece)


class Writing:
    """Writes shards, in any order of their bytes; the disk says at once whether there is room."""

    def __init__(self, shards: Shards):
        if len(shards.paths) > MOST:
            raise UserError(
                f"that would be {len(shards.paths):,} shards, more than {MOST}; make them larger"
            )
        self.shards, self._open = shards, ExitStack()
        self._files: list[disk.Sink] = []

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            for path, size in zip(self.shards.paths, self.shards.sizes, strict=True):
                self._files.append(opening.enter_context(disk.created(path)))
                self._files[-1].reserve(size)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # files of work that was given up are not waited for
        self._open.__exit__(kind, error, trace)

    def write(self, at: int, data: bytes) -> None:
        """Write bytes at their place in the whole."""
        while data:
            number, within = divmod(at, self.shards.each)
            part = data[: self.shards.each - within]
            self._files[number].seek(within)
            done = self._files[number].write(part)
            at, data = at + done, data[done:]


def named(path: Path, number: int) -> Path:
    """Name a shard of an array."""
    return path.with_name(f"{path.name}.{number:03}")


def first(path: Path) -> Path:
    """Return the file that an array begins in."""
    return path if regular.is_regular(path) else named(path, 0)


def damaged(path: Path) -> UserError:
    """Say that a file is not what it should be."""
    return UserError(f"{path} is damaged; prepare the images again")


def _lay(file: IO[bytes], address: int, size: int) -> None:
    """Map a file over memory that is ours already, and stays one block until it is given back."""
    library = ctypes.CDLL(None, use_errno=True)
    library.mmap.restype = ctypes.c_void_p
    library.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    allowed, how = mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | FIXED
    if library.mmap(address, size, allowed, how, file.fileno(), 0) != address:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), file.name)
