"""IDX, the file format of MNIST and its descendants: big-endian header, then unsigned bytes.

The header's claims are checked against what the file holds before they are believed, and no more
is ever unpacked than one byte past the claim.
"""

import gzip
import zlib
from math import prod
from pathlib import Path
from typing import IO

import numpy as np

from vae.data.splits import Split
from vae.errors import UserError
from vae.files import regular
from vae.files.writing import write_atomically

Stream = IO[bytes] | gzip.GzipFile

# 0x08 is "unsigned byte", the last byte is the number of dimensions.
MAGIC = {"labels": 0x0801, "images": 0x0803}
GZIP_MAGIC = b"\x1f\x8b"
CHUNK = 1 << 20
MAX_BYTES = 1 << 30
REMEDY = "put the original file there, or delete this one to have it downloaded again"


def read_images(path: Path) -> np.ndarray:
    """Read an IDX file of images, compressed or not: uint8 of shape (N, 1, height, width)."""
    return _read(path, "images")[:, None]


def read_labels(path: Path) -> np.ndarray:
    """Read an IDX file of labels, compressed or not: int64 of shape (N,)."""
    return _read(path, "labels").astype(np.int64)


def read_split(images: Path, labels: Path, shape: tuple[int, int, int], classes: int) -> Split:
    """Read two files that belong together and check that they fit each other and the data set.

    Raises
    ------
    UserError
        If the images are not of that (channels, height, width), the counts differ, or a label is
        not below the number of classes.
    """
    x, y = read_images(images), read_labels(labels)
    if x.shape[1:] != shape:
        found, wanted = ("x".join(map(str, size[1:])) for size in (x.shape[1:], shape))
        raise UserError(f"{images} holds images of {found} pixels, not {wanted}; {REMEDY}")
    if len(x) != len(y):
        both = f"{images} holds {len(x)} images but {labels} holds {len(y)} labels"
        raise UserError(f"{both}; {REMEDY}")
    if y.max() >= classes:
        bad = f"{labels} holds the label {y.max()}, but labels run from 0 to {classes - 1}"
        raise UserError(f"{bad}; {REMEDY}")
    return Split(x, y)


def read_splits(*paths: Path, shape: tuple[int, int, int], classes: int) -> tuple[Split, Split]:
    """Read training images, training labels, test images and test labels, in that order."""
    train_x, train_y, test_x, test_y = paths
    return read_split(train_x, train_y, shape, classes), read_split(test_x, test_y, shape, classes)


def write(path: Path, array: np.ndarray) -> None:
    """Write an uncompressed IDX file of a uint8 array of one to 255 dimensions."""
    header = (0x0800 + array.ndim, *array.shape)
    write_atomically(path, np.array(header, ">u4").tobytes() + array.astype(np.uint8).tobytes())


def _read(path: Path, kind: str) -> np.ndarray:
    try:
        with regular.opened(path) as raw:
            packed = raw.read(2) == GZIP_MAGIC
            raw.seek(0)
            return _parse(path, gzip.GzipFile(fileobj=raw) if packed else raw, kind)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{path} is truncated or damaged ({error}); {REMEDY}") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from error


def _parse(path: Path, stream: Stream, kind: str) -> np.ndarray:
    """Read header and content from an unpacked stream."""
    shape = _shape(path, stream, kind)
    size = prod(shape)
    if not 0 < size <= MAX_BYTES:
        raise UserError(f"{path} claims the size {shape}, not 1 byte to 1 GiB; {REMEDY}")
    content = _take(stream, size + 1)
    if len(content) != size:
        found = f"only {len(content)}" if len(content) < size else "more"
        raise UserError(
            f"{path} should hold {size} bytes by its header but holds {found}; {REMEDY}"
        )
    return np.frombuffer(content, np.uint8).reshape(shape)


def _shape(path: Path, stream: Stream, kind: str) -> tuple[int, ...]:
    """Check the magic number and read the dimensions."""
    magic = int.from_bytes(stream.read(4), "big")
    if magic != MAGIC[kind]:
        other = next((name for name, number in MAGIC.items() if number == magic), None)
        if other:
            problem = f"holds {other} where {kind} belong: were two files swapped?"
            raise UserError(f"{path} {problem} rename them, or {REMEDY}")
        problem = f"is not an IDX file of {kind}: it begins with 0x{magic:08x}"
        raise UserError(f"{path} {problem}, not 0x{MAGIC[kind]:08x}; {REMEDY}")
    count = magic & 0xFF
    header = stream.read(4 * count)
    if len(header) < 4 * count:
        raise UserError(f"{path} ends within its header; {REMEDY}")
    return tuple(int(n) for n in np.frombuffer(header, ">u4"))


def _take(stream: Stream, most: int) -> bytearray:
    """Read up to `most` bytes; memory grows with what comes, not with what was asked for."""
    content = bytearray()
    while len(content) < most:
        piece = stream.read(min(CHUNK, most - len(content)))
        if not piece:
            break
        content += piece
    return content
