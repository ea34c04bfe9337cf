"""Parquet files as data-set hubs give them: pictures as bytes, or pixels as lists or columns."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from vae.data import pictures
from vae.data.own import archive, given
from vae.data.own.block import Block, Numbered
from vae.data.own.files import File, PastLimit, Skip, megabytes
from vae.data.own.readers.asked import Asked, no_square, sizes_of
from vae.data.own.readers.columns import in_colours, label_text, layout
from vae.data.own.readers.readable import Unreadable, readable
from vae.data.own.readers.reader import Context, Stream
from vae.data.own.readers.table import LABEL_NAMES, Columns, NoSize, columns_of, shape_of
from vae.errors import UserError

if TYPE_CHECKING:
    from pyarrow import RecordBatch, Schema
    from pyarrow.parquet import ParquetFile

MAGIC = b"PAR1"
IMAGE_NAMES = ("image", "img", "images", "picture", "pixels", "pixel_values", "x", "data")
BATCH = 64
"""Rows in memory at once: each may be a picture file."""
MOST_COLUMNS = 100_000
STRING_BYTES, CONTAINERS = 64 << 20, 1 << 20
"""What the file's own description may hold."""


class Parquet:
    """Files with a column of pictures or of pixels."""

    name: ClassVar[str] = "parquet"
    title: ClassVar[str] = "Parquet files"

    def recognises(self, file: File) -> bool:
        """Tell whether a file begins as a Parquet file does."""
        return file.head.startswith(MAGIC)

    def streams(self, files: list[File], context: Context) -> list[Stream]:
        """Find the columns of each file."""
        opening = partial(_stream, context)
        return [*readable(files, opening, context, broken(), "is a damaged Parquet file")]


@dataclass(frozen=True)
class _Rows:
    """The rows of a file; either one column holds pictures, or many hold a pixel each."""

    file: File
    count: int
    image: str | None
    table: Columns | None
    names: tuple[str, ...]
    label: str | None
    classes: tuple[str, ...]
    size: tuple[int, int] | None = None
    """Height and width of pictures that are flat lists, where they are not square."""

    def blocks(self, skip: Skip) -> Iterator[Block]:
        done, part = 0, given.of_file(self.file.name)
        try:
            with _opened(self.file) as parquet:
                chosen = [self.image] if self.image else [self.names[i] for i in self._pixels]
                chosen += [self.label] if self.label else []
                for batch in parquet.iter_batches(BATCH, columns=chosen, use_threads=False):
                    labels = self._labels(batch)
                    names = Numbered(self.file.name, done, len(batch))
                    read = self._columns if self.table else self._pictures
                    for block in read(batch, names, labels, skip):
                        yield replace(block, parts=[part] * len(block))
                    done += len(batch)
        except PastLimit:
            raise
        except broken():
            skip(self.file.name, f"is damaged: {self.count - done:,} pictures are missing")

    @property
    def _pixels(self) -> tuple[int, ...]:
        return self.table.pixels if self.table else ()

    def _columns(
        self, batch: "RecordBatch", names: Sequence[str], labels: list[str | None], skip: Skip
    ) -> Iterator[Block]:
        if self.table is None:
            return
        columns = (batch.column(self.names[one]) for one in self._pixels)
        values = np.stack([one.to_numpy(zero_copy_only=False) for one in columns], axis=1)
        yield Block(values.reshape(-1, *self.table.shape).transpose(0, 3, 1, 2), names, labels)

    def _pictures(
        self, batch: "RecordBatch", names: Sequence[str], labels: list[str | None], skip: Skip
    ) -> Iterator[Block]:
        for name, label, value in zip(names, labels, batch.column(self.image), strict=True):
            try:
                values, size = _picture(value.as_py(), self.size)
                yield Block(values[None], [name], [label], size)
            except (UserError, Unreadable) as error:
                skip(name, str(error))

    def _labels(self, batch: "RecordBatch") -> list[str | None]:
        if self.label is None:
            return [None] * len(batch)
        return [self._class(value) for value in batch.column(self.label).to_pylist()]

    def _class(self, value: Any) -> str | None:
        known = type(value) is int and 0 <= value < len(self.classes)
        if known:
            return self.classes[value]
        return None if value is None else label_text(value)


def broken() -> tuple[type[BaseException], ...]:
    """What reading a damaged file raises."""
    import pyarrow

    return (*archive.DAMAGED, pyarrow.ArrowException, TypeError, KeyError, MemoryError)


def _opened(file: File) -> "ParquetFile":
    from pyarrow.parquet import ParquetFile

    return ParquetFile(
        file.opener(),
        pre_buffer=False,
        thrift_string_size_limit=STRING_BYTES,
        thrift_container_size_limit=CONTAINERS,
    )


def _stream(context: Context, file: File) -> _Rows:
    with _opened(file) as parquet:
        about, schema = parquet.metadata, parquet.schema_arrow
        groups = [about.row_group(one).total_byte_size for one in range(about.num_row_groups)]
        if sum(groups) > context.meter.limits.unpacked_bytes:
            raise Unreadable(f"unpacks to {megabytes(sum(groups))}, more than are read")
        if len(schema.names) > MOST_COLUMNS or len(set(schema.names)) < len(schema.names):
            raise Unreadable("has too many columns, or two of one name")
        context.meter.more_bytes(sum(groups))
        image, label = _image(schema), _label(schema)
        table, size = None, _size_of(parquet, image, file, context) if image else None
        if image is None:
            numbers = [one.name for one in schema if _is_number(one) or one.name == label]
            if not shape_of(len([one for one in numbers if one != label])):
                numbers = [one for one in numbers if one != label]
            try:
                table = columns_of(numbers, ["0"] * len(numbers), context.pixels)
            except NoSize as error:
                context.asked.append(Asked(file.name, error.count, error.sizes))
                raise
            names = tuple(numbers)
            label = names[table.label] if table.label is not None else label
        else:
            names = tuple(schema.names)
        classes = _class_names(schema, label)
        return _Rows(file, about.num_rows, image, table, names, label, classes, size)


def _size_of(
    parquet: "ParquetFile", image: str, file: File, context: Context
) -> tuple[int, int] | None:
    """Find height and width of pictures that are flat lists; None where each says it itself."""
    if not _is_flat(parquet.schema_arrow.field(image).type):
        return None
    batch = next(parquet.iter_batches(BATCH, columns=[image], use_threads=False), None)
    rows = [] if batch is None else batch.column(0).to_pylist()
    first = next((row for row in rows if row), None)
    if first is None:
        return context.pixels
    found = layout((1, len(first)), context.pixels)
    if found is not None:
        return found.size
    if sizes := sizes_of(len(first)):
        shown = np.array([0 if one is None else one for one in first], np.float64)
        context.asked.append(Asked(file.name, len(first), tuple(sizes), shown, channels_last=False))
    raise Unreadable(no_square(len(first)))


def _image(schema: "Schema") -> str | None:
    """Find the column of pictures: of bytes, or of lists of numbers."""
    fitting = [field.name for field in schema if _holds_pictures(field.type)]
    named = [name for name in IMAGE_NAMES if name in fitting]
    return next(iter([*named, *fitting]), None)


def _holds_pictures(kind: Any) -> bool:
    from pyarrow import types

    if types.is_struct(kind):
        return any(kind.field(n).name == "bytes" for n in range(kind.num_fields))
    while types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        kind = kind.value_type
        if types.is_integer(kind) or types.is_floating(kind):
            return True
    return bool(types.is_binary(kind) or types.is_large_binary(kind))


def _is_flat(kind: Any) -> bool:
    """Tell whether a column's cells are lists of numbers, not lists of lists."""
    from pyarrow import types

    if not (types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)):
        return False
    return bool(types.is_integer(kind.value_type) or types.is_floating(kind.value_type))


def _is_number(field: Any) -> bool:
    from pyarrow import types

    return bool(types.is_integer(field.type) or types.is_floating(field.type))


def _label(schema: "Schema") -> str | None:
    names = {name.lower(): name for name in schema.names}
    return next((names[one] for one in LABEL_NAMES if one in names), None)


def _class_names(schema: "Schema", label: str | None) -> tuple[str, ...]:
    """Read the names of the classes that hubs write beside the columns."""
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        said = json.loads((schema.metadata or {})[b"huggingface"])
        names = said["info"]["features"][label]["names"]
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            return tuple(names)
    return ()


def _picture(value: Any, flat: tuple[int, int] | None = None) -> tuple[np.ndarray, tuple[int, int]]:
    """Make the cell of a column a picture (C, H, W), with its height and width.

    ``flat`` is height and width of a list of numbers.
    """
    if isinstance(value, dict):
        value = value.get("bytes")
    if value is None:
        raise Unreadable("holds no picture, at most the name of a file")
    if isinstance(value, bytes):
        return pictures.open_values(value)
    try:
        pixels = np.array(value)
    except ValueError:
        raise Unreadable("holds lists of different lengths") from None
    # one picture is an array of pictures with one row
    found = layout((1, *pixels.shape), flat) if pixels.dtype.kind in "biuf" else None
    if found is None or found.count != 1 or (flat and found.size != flat):
        raise Unreadable("holds numbers that make no picture")
    made = in_colours(found.pictures(pixels[None]))[0]
    # whole numbers come as 64 bits, whatever they were
    if made.dtype.kind in "iu" and made.min() >= 0 and made.max() <= 255:
        made = made.astype(np.uint8)
    return made, (int(made.shape[1]), int(made.shape[2]))
