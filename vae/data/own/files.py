"""Files that a person brought: on disk, sent by a browser, or inside an archive."""

import io
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Protocol

from vae.data.own.limits import LONGEST_NAME, Limits
from vae.errors import UserError
from vae.files import regular

HEAD = 4096
Skip = Callable[[str, str], None]
"""Hears the name of what is left out, and why, as the end of a sentence."""


@dataclass(frozen=True)
class File:
    """A file by its name with forward slashes, such as "cats/1.png".

    ``size`` is its length in bytes, None where that shows only when it is unpacked. Each call of
    ``opener`` opens it anew.
    """

    name: str
    opener: Callable[[], IO[bytes]]
    size: int | None = None

    @classmethod
    def at(cls, path: Path, name: str) -> "File":
        """Make one of a file on disk."""
        return cls(shown(name), lambda: regular.opened(path), path.stat().st_size)

    @classmethod
    def of(cls, name: str, content: bytes) -> "File":
        """Make one of bytes in memory, such as a browser sends."""
        return cls(shown(name.replace("\\", "/")), lambda: io.BytesIO(content), len(content))

    @cached_property
    def head(self) -> bytes:
        """Its first 4,096 bytes."""
        with self.opener() as stream:
            return stream.read(HEAD)

    def read(self, most: int) -> bytes:
        """Read it whole; `TooLarge` where it has more than ``most`` bytes."""
        if self.size is not None and self.size > most:
            raise TooLarge(f"it has more than {megabytes(most)}")
        with self.opener() as stream:
            content = stream.read(most + 1)
        if len(content) > most:
            raise TooLarge(f"it has more than {megabytes(most)}")
        return content

    @property
    def folder(self) -> str:
        """The name of the folder it lies in, "" for none."""
        return self.name.rpartition("/")[0].rpartition("/")[2]


class PastLimit(UserError):
    """A limit of what is read in all was passed: nothing more is read."""


class TooLarge(Exception):
    """A file that is larger than such a file may be; its text ends a sentence."""


class Meter:
    """Counts what one look reads, and ends it with `PastLimit` where a limit is passed."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.bytes = self.files = self.pictures = 0
        self._end = time.monotonic() + limits.seconds

    def more_bytes(self, count: int) -> None:
        """Hear that bytes were unpacked."""
        self.bytes += count
        if self.bytes > self.limits.unpacked_bytes:
            raise PastLimit(
                f"the files hold more than {megabytes(self.limits.unpacked_bytes)} once unpacked; "
                "bring fewer at a time"
            )
        self.check_time()

    def more_files(self, count: int = 1) -> None:
        """Hear that files were found."""
        self.files += count
        if self.files > self.limits.files:
            raise PastLimit(
                f"there are more than {self.limits.files:,} files; bring fewer at a time, or put "
                "the pictures into one .npz file"
            )

    def more_pictures(self, count: int) -> None:
        """Hear that pictures were read."""
        self.pictures += count
        if self.pictures > self.limits.pictures:
            raise PastLimit(
                f"there are more than {self.limits.pictures:,} pictures; bring fewer at a time"
            )
        self.check_time()

    def check_time(self) -> None:
        """End what takes too long."""
        if time.monotonic() > self._end:
            raise PastLimit(
                f"reading the files took more than {self.limits.seconds / 60:.0f} minutes; bring "
                "fewer at a time"
            )


class Closable(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Close it."""


class Counted(io.RawIOBase):
    """A stream that tells a meter of each byte that is read from it.

    Closing it closes the stream below too, and its ``owners``: what that stream was opened from.
    """

    def __init__(self, stream: IO[bytes], meter: Meter, *owners: Closable):
        self._stream, self._meter, self._owners = stream, meter, owners

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # a narrower name
        """Read some bytes."""
        # as much as there is: of a file that was cut short all that comes before the cut
        read = getattr(self._stream, "read1", self._stream.read)
        content: bytes = read(len(buffer))
        self._meter.more_bytes(len(content))
        buffer[: len(content)] = content
        return len(content)

    def seekable(self) -> bool:
        """Tell whether the stream below can go back."""
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Tell the place."""
        return self._stream.tell()

    def close(self) -> None:
        """Close the stream below, and what it was opened from."""
        if not self.closed:
            for one in (self._stream, *self._owners):
                one.close()
        super().close()


def shown(name: str) -> str:
    """Make a name that can be shown and written: no control characters, nothing too long."""
    name = name.encode("utf-8", "replace").decode("utf-8")
    name = "".join(letter if letter.isprintable() else "?" for letter in name)
    return name if len(name) <= LONGEST_NAME else f"…{name[-LONGEST_NAME + 1 :]}"


def megabytes(count: int) -> str:
    """Say a number of bytes."""
    return f"{count / 1e9:.3g} GB" if count >= 1e9 else f"{count / 1e6:.3g} MB"


def in_folder(path: Path, meter: Meter, skip: Skip) -> Iterable[File]:
    """Find the files in a folder and its sub-folders, in the order of their names."""
    for folder, inner, names in os.walk(path):
        inner.sort()
        here = Path(folder)
        for link in [name for name in inner if (here / name).is_symlink()]:
            skip(shown((here / link).relative_to(path).as_posix()), "is a link to another folder")
            inner.remove(link)
        for name in sorted(names):
            meter.more_files()
            one = here / name
            label = one.relative_to(path).as_posix()
            if one.is_symlink():
                skip(shown(label), "is a link to another file")
            elif not regular.is_regular(one):
                skip(shown(label), "is no regular file")
            else:
                yield File.at(one, label)
