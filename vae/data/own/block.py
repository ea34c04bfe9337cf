"""Pictures as they stand in a file, a few at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


class Numbered(Sequence[str]):
    """Names of the pictures in one array: "digits.npy, picture 17", counted from 1."""

    def __init__(self, stem: str, first: int, count: int):
        self._stem, self._first, self._count = stem, first, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # a slice is not asked for
        if not 0 <= index < self._count:
            raise IndexError(index)
        return f"{self._stem}, picture {self._first + index + 1:,}"


@dataclass(frozen=True)
class Block:
    """Pictures of one size that follow one another.

    Attributes
    ----------
    values : array of numbers or bool, (n, C, H, W), C being 1 or 3
        As they stand in the file; what is black and white is decided for all pictures together.
    names : sequence of str, n
    labels : sequence of str or None, n
        The class of each picture; None where it has none.
    size : (int, int), optional
        Height and width in the file, where the picture was averaged down since.
    parts : sequence of str or None, n; optional
        The part of the data set that each picture is said to be of, a name of `SPLITS`.
    """

    values: np.ndarray
    names: Sequence[str]
    labels: Sequence[str | None]
    size: tuple[int, int] | None = None
    parts: Sequence[str | None] | None = None

    def __len__(self) -> int:
        return len(self.values)

    @property
    def kind(self) -> str:
        """What numbers they are; those of one kind have black and white in common."""
        return self.values.dtype.name

    @property
    def height_width(self) -> tuple[int, int]:
        """Height and width in the file."""
        return self.size or (int(self.values.shape[2]), int(self.values.shape[3]))

    def take(self, rows: np.ndarray) -> "Block":
        """Keep some rows, int64 ascending."""
        return Block(
            self.values[rows],
            [self.names[row] for row in rows],
            [self.labels[row] for row in rows],
            self.size,
            None if self.parts is None else [self.parts[row] for row in rows],
        )
