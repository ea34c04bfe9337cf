"""NumPy arrays: .npy, and .npz with the labels beside the images; never unpickled."""

import math
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, ClassVar

import numpy as np
from numpy.lib import format as npy

from vae.data.own import archive
from vae.data.own.files import File, PastLimit, megabytes, shown
from vae.data.own.readers.asked import Asked, no_square
from vae.data.own.readers.columns import Column, paired
from vae.data.own.readers.readable import Unreadable, readable
from vae.data.own.readers.reader import Context, Stream

MOST_ARRAYS = 1_000
BROKEN = (*archive.DAMAGED, TypeError, KeyError, SyntaxError, AttributeError, Warning, IndexError)
"""What NumPy's reader of headers raises for a damaged one."""


class Arrays:
    """Arrays (N,H,W), (N,H,W,C), (N,C,H,W) or (N, pixels), and one picture (H,W) or (H,W,3)."""

    name: ClassVar[str] = "arrays"
    title: ClassVar[str] = "NumPy arrays"

    def recognises(self, file: File) -> bool:
        """Tell whether a file is an array or an archive of arrays."""
        return file.head.startswith(archive.NPY) or archive.is_arrays(file)

    def streams(self, files: list[File], context: Context) -> list[Stream]:
        """Find the arrays of pictures, and for each the array of its labels."""
        arrays = (one for file in files for one in _arrays_of(file, context))
        columns = readable(arrays, partial(column_of, context, npy_header), context, BROKEN)
        return paired(
            [one for one in columns if not _is_asked(one, columns, context)], context.skip
        )


def _arrays_of(file: File, context: Context) -> list[File]:
    """List the arrays in a file, each as a file of its own."""
    if not archive.is_zip(file):
        return [file]
    try:
        with file.opener() as stream, zipfile.ZipFile(stream) as opened:
            infos = opened.infolist()
    except archive.DAMAGED:
        context.skip(file.name, "is a damaged archive of arrays")
        return []
    if len(infos) > MOST_ARRAYS:
        context.skip(file.name, f"holds more than {MOST_ARRAYS:,} arrays")
        return []
    return [_inside(file, info, context) for info in infos if not info.is_dir()]


def _inside(file: File, info: zipfile.ZipInfo, context: Context) -> File:
    name = shown(f"{file.name}/{info.filename.removesuffix('.npy')}")
    return File(name, lambda: archive.member(file, info, context.meter), info.file_size)


def _is_asked(column: Column, columns: list[Column], context: Context) -> bool:
    """Ask for the size of an array of rows of values; true where it cannot be read without.

    Where no array beside it has a value for each of its rows it may be one picture, and is read
    as that.
    """
    if not column.sizes:
        return False
    if not context.asked:
        first = next(column.read(1), np.empty(0)).reshape(-1)
        asked = Asked(column.name, column.shape[1], tuple(column.sizes), first, channels_last=False)
        context.asked.append(asked)
    count = column.shape[0]
    labelled = any(one.may_hold_labels and one.shape[0] == count for one in columns)
    if labelled:
        context.skip(column.name, no_square(column.shape[1]))
    return labelled


@dataclass(frozen=True)
class Header:
    shape: tuple[int, ...]
    dtype: np.dtype
    by_column: bool

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def npy_header(stream: IO[bytes]) -> Header:
    version = npy.read_magic(stream)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, by_column, dtype = read(stream)
    return Header(shape, dtype, by_column)


def column_of(context: Context, read_header: Callable[[IO[bytes]], Header], file: File) -> Column:
    """Check what an array claims, before anything of it is read."""
    with file.opener() as stream:
        header = read_header(stream)
    check(header, context)

    def read(rows: int) -> Iterator[np.ndarray]:
        return rows_of(file, header, rows, read_header)

    return Column(file.name, header.shape, header.dtype, read, context.pixels)


def check(header: Header, context: Context) -> None:
    """Refuse what an array claims to be, as `Unreadable`, where it is no array of pixels."""
    limits = context.meter.limits
    if header.dtype.hasobject:
        raise Unreadable("holds Python objects, which are never unpickled; save plain numbers")
    if header.dtype.kind not in "biufUS" or header.dtype.itemsize > 1024:
        raise Unreadable(f"holds {header.dtype.name} values, which are no pixels")
    if len(header.shape) > 8 or min(header.shape, default=0) < 0:
        raise Unreadable("has a shape that is none")
    if header.bytes > limits.unpacked_bytes:
        raise Unreadable(f"claims {megabytes(header.bytes)}, more than are read")
    if header.by_column and len(header.shape) > 1 and header.bytes > limits.whole_bytes:
        raise Unreadable("is stored column by column (Fortran order); save it in C order")


def rows_of(
    file: File, header: Header, rows: int, read_header: Callable[[IO[bytes]], object]
) -> Iterator[np.ndarray]:
    """Read an array so many rows at a time."""
    with _values(file, read_header) as stream:
        if header.by_column and len(header.shape) > 1:
            whole = _take(stream, math.prod(header.shape), header.dtype)
            whole = whole.reshape(header.shape, order="F")
            yield from (whole[at : at + rows] for at in range(0, len(whole), rows))
            return
        inner = header.shape[1:]
        for at in range(0, header.shape[0], rows):
            count = min(rows, header.shape[0] - at)
            yield _take(stream, count * math.prod(inner), header.dtype).reshape(count, *inner)


def _values(file: File, read_header: Callable[[IO[bytes]], object]) -> IO[bytes]:
    """Open an array behind its header; `Unreadable` where the file is another by now."""
    try:
        stream = file.opener()
        read_header(stream)
        return stream
    except PastLimit:
        raise
    except BROKEN as error:
        raise Unreadable("is damaged") from error


def _take(stream: IO[bytes], count: int, dtype: np.dtype) -> np.ndarray:
    """Read values; memory grows with what comes, not with what the header claims."""
    content, wanted = bytearray(), count * dtype.itemsize
    while len(content) < wanted:
        try:
            piece = stream.read(min(1 << 20, wanted - len(content)))
        except PastLimit:
            raise
        except archive.DAMAGED:
            piece = b""
        if not piece:
            raise Unreadable("ends within its values")
        content += piece
    return np.frombuffer(content, dtype)
