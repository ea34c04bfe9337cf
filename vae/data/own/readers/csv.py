"""Tables of pixels as text: commas, semicolons or tabs, with a label column or without."""

import codecs
import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, ClassVar

import numpy as np

from vae.data.own import archive, given
from vae.data.own.block import Block
from vae.data.own.files import File, PastLimit, Skip
from vae.data.own.limits import BLOCK_BYTES
from vae.data.own.readers.asked import Asked
from vae.data.own.readers.columns import label_text
from vae.data.own.readers.form import Form, form_of
from vae.data.own.readers.readable import Unreadable, readable
from vae.data.own.readers.reader import Context, Stream
from vae.data.own.readers.table import Columns, NoSize, columns_of, is_number, part_in

LONGEST_LINE = 4 << 20
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Csv:
    """Each line one picture, as in Kaggle's form of MNIST."""

    name: ClassVar[str] = "csv"
    title: ClassVar[str] = "tables of pixels (CSV)"

    def recognises(self, file: File) -> bool:
        """Tell whether a file is text with many numbers in a line."""
        text = _text(file.head)
        return text is not None and form_of(text) is not None

    def streams(self, files: list[File], context: Context) -> list[Stream]:
        """Find the columns of each table."""
        opening = partial(_table, context)
        return [*readable(files, opening, context, (*archive.DAMAGED, csv.Error))]


@dataclass(frozen=True)
class _Table:
    file: File
    form: Form
    columns: Columns
    width: int
    has_header: bool
    line_bytes: int

    @property
    def count(self) -> int:
        return max(1, (self.file.size or 0) // self.line_bytes)

    def blocks(self, skip: Skip) -> Iterator[Block]:
        most = max(1, BLOCK_BYTES // (4 * math.prod(self.columns.shape)))
        kept: list[tuple[str, list[str]]] = []
        try:
            for name, row in self._rows(skip):
                kept.append((name, row))
                if len(kept) >= most:
                    yield from self._block(kept, skip)
                    kept = []
            yield from self._block(kept, skip)
        except Unreadable as error:
            yield from self._block(kept, skip)
            skip(self.file.name, f"{error}; what follows is left out")

    def _rows(self, skip: Skip) -> Iterator[tuple[str, list[str]]]:
        """Read the rows that are as long as the first."""
        try:
            with self.file.opener() as stream:
                for number, row in enumerate(self.form.rows(_lines(stream)), 1):
                    if not row or (number == 1 and self.has_header):
                        continue
                    row = self.form.spread(row)
                    name = f"{self.file.name}, line {number:,}"
                    if len(row) == self.width:
                        yield name, row
                    else:
                        skip(name, f"has {len(row):,} fields, not {self.width:,}")
        except (PastLimit, Unreadable):
            raise
        except csv.Error as error:
            raise Unreadable(f"is no table ({error})") from error
        except archive.DAMAGED as error:
            raise Unreadable("is damaged") from error

    def _block(self, rows: list[tuple[str, list[str]]], skip: Skip) -> Iterator[Block]:
        read = [(name, self._values(row), row) for name, row in rows]
        good = [(name, values, row) for name, values, row in read if values is not None]
        for name, values, _ in read:
            if values is None:
                skip(name, "holds something that is no number where a pixel belongs")
        if not good:
            return
        values = np.stack([values for _, values, _ in good if values is not None])
        label = self.columns.label
        labels = [None if label is None else label_of(row[label]) for _, _, row in good]
        pixels = values.reshape(-1, *self.columns.shape).transpose(0, 3, 1, 2)
        mine = given.of_file(self.file.name)
        parts = [part_in(self.columns, row) or mine for _, _, row in good]
        yield Block(pixels, [name for name, _, _ in good], labels, None, parts)

    def _values(self, row: list[str]) -> np.ndarray | None:
        fields = [row[column] for column in self.columns.pixels]
        if self.form.decimal_comma:
            fields = [field.replace(",", ".") for field in fields]
        try:
            # what is too large becomes infinite, and is left out for that
            with np.errstate(over="ignore"):
                return np.array(fields, dtype=np.float64).astype(np.float32)
        except ValueError:
            return None


def label_of(text: str) -> str | None:
    """Write a label as text, whole numbers without a point; None for an empty field."""
    text = text.strip()
    if is_number(text):
        return label_text(float(text.replace(",", ".")))
    return label_text(text)


def _table(context: Context, file: File) -> _Table:
    form = form_of(_text(file.head) or "") or Form(",")
    with file.opener() as stream:
        rows = form.rows(_lines(stream))
        found = [row for row, _ in zip((row for row in rows if row), range(2), strict=False)]
    if not found:
        raise Unreadable("holds no rows")
    has_header = form.has_names(found[0])
    if has_header and len(found) == 1:
        raise Unreadable("has a first line of names, and no rows")
    row = found[int(has_header)]
    header = form.names(found[0] if has_header else None, row)
    first = form.spread(row)
    try:
        columns = columns_of(header, first, context.pixels)
    except NoSize as error:
        shown = [float(one.replace(",", ".")) for one in error.fields]
        context.asked.append(Asked(file.name, error.count, error.sizes, np.array(shown)))
        raise
    line = sum(map(len, first)) + len(first)
    return _Table(file, form, columns, len(first), has_header, line)


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """Read lines of text; none may be longer than four million characters."""
    start = stream.read(4)
    coding = "utf-16" if start[:2] in WIDE_MARKS else "utf-8-sig"
    stream.seek(0)
    with io.TextIOWrapper(stream, coding, errors="replace", newline="") as text:
        while line := text.readline(LONGEST_LINE):
            if len(line) >= LONGEST_LINE:
                raise Unreadable(f"has a line of more than {LONGEST_LINE:,} characters")
            yield line.replace("\0", "")


def _text(head: bytes) -> str | None:
    """Decode the beginning of a text file; None for what is no text or another kind of text."""
    wide = head[:2] in WIDE_MARKS
    text = head.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    if "\0" in text or text.lstrip()[:1] in ("<", "{", "[", ""):
        return None
    odd = sum(not (one.isprintable() or one in "\r\n\t") or one == "\ufffd" for one in text)
    return text if odd <= len(text) // 20 else None
