"""Archives of arrays (.npz) that anybody may have written: never a pickle, never more than said."""

import io
import lzma
import math
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from vae.files import regular

LARGEST_ARCHIVE = 64 << 20
"""Bytes of a file, and of all its arrays together once unpacked."""
MOST_ARRAYS = 32
SUFFIX = ".npy"
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = (
    *(ValueError, KeyError, TypeError, EOFError, NotImplementedError, RuntimeError, MemoryError),
    *(AttributeError, IndexError, OverflowError, SyntaxError, Warning),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
)
"""What Python's and NumPy's readers raise for a damaged archive."""


class DamagedArchive(Exception):
    """A file that is no archive of plain arrays; its text says why."""


def read(path: Path) -> dict[str, np.ndarray]:
    """Read the arrays of an archive; their sizes are checked before anything is allocated.

    Raises
    ------
    OSError
        As `regular.read`.
    DamagedArchive
        Where it is no archive of arrays of numbers or text.
    """
    # from memory: for a damaged archive the file itself could stay open
    content = regular.read(path, LARGEST_ARCHIVE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _arrays(archive)
    except _DAMAGED as error:
        raise DamagedArchive(type(error).__name__) from None


def write(**arrays: np.ndarray) -> bytes:
    """Pack arrays as `read` reads them."""
    return _packed(np.savez, arrays)


def write_small(**arrays: np.ndarray) -> bytes:
    """Pack arrays as `write` does, in fewer bytes and more time."""
    return _packed(np.savez_compressed, arrays)


def _packed(save: Callable[..., None], arrays: dict[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    save(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _arrays(archive: zipfile.ZipFile) -> dict[str, np.ndarray]:
    members = archive.infolist()
    if len(members) > MOST_ARRAYS or sum(one.file_size for one in members) > LARGEST_ARCHIVE:
        raise DamagedArchive("it unpacks to more than such a file may hold")
    found = {}
    for member in members:
        if member.compress_type not in _PACKINGS:
            raise DamagedArchive("it is packed in a way that is not known")
        with archive.open(member) as stream:
            found[member.filename.removesuffix(SUFFIX)] = _array(stream, member.file_size)
    return found


def _array(stream: IO[bytes], size: int) -> np.ndarray:
    version = npy.read_magic(stream)
    header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, by_column, dtype = header(stream)
    needed = math.prod(shape) * dtype.itemsize
    plain = dtype.kind in "biufU" and len(shape) <= 8 and not by_column
    if not plain or min(shape, default=0) < 0 or not 0 <= needed <= size:
        raise DamagedArchive("an array in it is not of plain numbers, or larger than the file says")
    content = stream.read(needed)
    if len(content) != needed:
        raise DamagedArchive("it ends within an array")
    # a copy, since bytes cannot be written
    return np.frombuffer(content, dtype).reshape(shape).copy()
