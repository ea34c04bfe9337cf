"""IDX files, the format of MNIST: images in one file, their labels in another."""

from functools import partial
from typing import IO, ClassVar

import numpy as np

from vae.data.own import archive
from vae.data.own.files import File
from vae.data.own.readers.arrays import Header, column_of
from vae.data.own.readers.columns import paired
from vae.data.own.readers.readable import Unreadable, readable
from vae.data.own.readers.reader import Context, Stream

TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_AXES = 4


class Idx:
    """IDX files, packed by gzip or not; an array that is not of bytes is read too."""

    name: ClassVar[str] = "idx"
    title: ClassVar[str] = "IDX files"

    def recognises(self, file: File) -> bool:
        """Tell whether a file begins with two zeros, a known type and a number of axes."""
        start = file.head[:4]
        known = len(start) == 4 and start[:2] == b"\0\0" and start[2] in TYPES
        return known and 1 <= start[3] <= MOST_AXES and len(file.head) > 4 + 4 * start[3]

    def streams(self, files: list[File], context: Context) -> list[Stream]:
        """Find the images, and for each file of images the file of their labels."""
        opening = partial(column_of, context, _header)
        columns = readable(files, opening, context, archive.DAMAGED)
        return paired(columns, context.skip)


def _header(stream: IO[bytes]) -> Header:
    magic = stream.read(4)
    axes = stream.read(4 * magic[3])
    shape = tuple(int(one) for one in np.frombuffer(axes, ">u4"))
    if len(shape) != magic[3]:
        raise Unreadable("ends within its header")
    return Header(shape, np.dtype(TYPES[magic[2]]), by_column=False)
