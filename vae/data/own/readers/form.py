"""How a table of text is written: what parts its fields, and whether one field holds all pixels."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vae.data.own.given import of_cell
from vae.data.own.readers.table import LABEL_NAMES, PART_NAMES, is_number

DELIMITERS = (";", "\t", ",")
"""In this order: where fields are parted by semicolons, commas are decimal."""
FEWEST = 16
"""So many numbers at least are in a line."""
LOOKED_AT = 2
"""Lines, of which the first may hold names."""
UNNAMED = LABEL_NAMES[0], PART_NAMES[0]
"""What fields are taken for that have no name."""


@dataclass(frozen=True)
class Form:
    """How a table is written; ``packed`` is the field that holds all pixels, blanks between."""

    delimiter: str
    packed: int | None = None

    @property
    def decimal_comma(self) -> bool:
        """Tell whether a comma may stand for a decimal point."""
        return self.delimiter != "," and self.packed is None

    def rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Read rows of fields as they are written."""
        return csv.reader(lines, delimiter=self.delimiter)

    def spread(self, row: list[str]) -> list[str]:
        """Give each pixel a field of its own, after all other fields."""
        if self.packed is None or self.packed >= len(row):
            return row
        return self._others(row) + row[self.packed].split()

    def has_names(self, first: Sequence[str]) -> bool:
        """Tell whether the first row, as it is written, holds the names of the columns."""
        if self.packed is not None:
            return self.packed >= len(first) or len(first[self.packed].split()) < FEWEST
        # a label alone may be text
        return sum(not is_number(field) for field in first if field.strip()) > 1

    def names(self, header: list[str] | None, first: list[str]) -> list[str] | None:
        """Name the fields of a row that was spread, from two rows as they are written.

        Without a header what says a part of the data set is its part, and another field the label.
        """
        if self.packed is None:
            return header
        known = [UNNAMED[of_cell(field) is not None] for field in self._others(first)]
        if header is not None:
            known = self._others(header)
        return known + [f"pixel{at}" for at, _ in enumerate(first[self.packed].split())]

    def _others(self, row: list[str]) -> list[str]:
        return [field for at, field in enumerate(row) if at != self.packed]


def form_of(text: str) -> Form | None:
    """Tell how the text that a file begins with is written; None where it is no table of pixels."""
    lines = text.lstrip().splitlines()[:LOOKED_AT] if text.strip() else []
    for one in DELIMITERS:
        if lines and lines[0].count(one) >= FEWEST - 1:
            return Form(one)
    found = (_packed(line, one) for one in DELIMITERS for line in reversed(lines))
    return next((form for form in found if form is not None), None)


def _packed(line: str, delimiter: str) -> Form | None:
    """Find the field of a line that holds many numbers; the line may be cut short."""
    for place, field in enumerate(next(csv.reader([line], delimiter=delimiter), [])):
        values = field.split()
        # a comma parts fields here
        plain = "," not in field and all(map(is_number, values[:-1]))
        if len(values) >= FEWEST and plain:
            return Form(delimiter, place)
    return None
