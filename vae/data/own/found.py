"""What was understood of files that a person brought, before anything is prepared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from vae.data.own import archive, given, parting
from vae.data.own.choices import DRAWN, Choices
from vae.data.own.levels import Levels
from vae.data.own.limits import OWN_DISK, Limits
from vae.data.own.readers import Stream
from vae.data.own.shaping import shaped
from vae.errors import UserError

Tell = Callable[[int, int], None]
"""Called with the pictures done and the pictures in all; what it raises ends the work."""


@dataclass(frozen=True)
class Skipped:
    """A file or picture that is left out; ``why`` is shown after its name and a colon."""

    name: str
    why: str


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture of the contact sheet."""

    name: str
    label: str | None
    values: np.ndarray
    """(C, H, W), C being 1 or 3, as they stand in the file; averaged down to 256 pixels."""


@dataclass(frozen=True, eq=False)
class Found:
    """What files hold: pictures, their labels, and what had to be left out.

    Attributes
    ----------
    title : str
        The name of the folder or file, for people.
    count : int
        Pictures that can be read.
    sizes : dict from (height, width) to int
        How many pictures have that size in pixels; the most frequent first, 1,000 at most.
    channels : int
        1 where all pictures are grey, else 3.
    class_names : tuple of str
        In order: numbers by their value, other names by the alphabet; empty without labels.
    labels : int32 array (count,)
        Class of each picture, −1 for none.
    pictures : tuple of Picture
        A few, of every class as far as there are classes: the contact sheet.
    skipped : tuple of Skipped
        The first 1,000; ``skipped_count`` is how many there are.
    notes : tuple of str
        What is to be known, a sentence each, such as "16-bit values stretched from 0..4095".
    duplicates : tuple of (str, str)
        Names of a picture and of one before it with the same pixels; the first 1,000 of
        ``duplicate_count``.
    nearly_empty : tuple of str
        Names of pictures in which hardly anything can be seen; the first 1,000 of
        ``nearly_empty_count``.
    suggested : Choices
        What suits these pictures: their own size and colours where they have them in common.
    """

    title: str
    count: int
    sizes: dict[tuple[int, int], int]
    channels: int
    class_names: tuple[str, ...]
    labels: np.ndarray
    pictures: tuple[Picture, ...]
    skipped: tuple[Skipped, ...]
    skipped_count: int
    notes: tuple[str, ...]
    duplicates: tuple[tuple[str, str], ...]
    duplicate_count: int
    nearly_empty: tuple[str, ...]
    nearly_empty_count: int
    suggested: Choices
    parts: np.ndarray
    """Split that the files give each picture, its place in `SPLITS`; int8 (count,), −1 for none."""
    copies: np.ndarray
    """Rows of the pictures that repeat an earlier one, int64, ascending."""
    empty: np.ndarray
    """Rows of the nearly empty pictures, int64, ascending."""
    digests: np.ndarray
    """Eight bytes of a hash of each picture's values, uint64 (count,)."""
    levels: dict[str, Levels]
    streams: Sequence[Stream] = field(default=(), repr=False)
    archives: Sequence[archive.Archive] = field(default=(), repr=False)
    limits: Limits = OWN_DISK

    def reading(
        self, streams: Sequence[Stream], archives: Sequence[archive.Archive], limits: Limits
    ) -> "Found":
        """Say where the pictures can be read again, for preparing them."""
        return replace(self, streams=streams, archives=archives, limits=limits)

    @property
    def class_counts(self) -> dict[str, int]:
        """How many pictures each class has."""
        counts = np.bincount(self.labels[self.labels >= 0], minlength=len(self.class_names))
        return dict(zip(self.class_names, counts.tolist(), strict=True))

    @property
    def unlabelled(self) -> int:
        """How many pictures have no label, where others have one."""
        return int((self.labels < 0).sum()) if self.class_names else 0

    @property
    def gives_split(self) -> bool:
        """Tell whether the files say which pictures are to be held out."""
        return given.is_split(self.parts)

    def kept(self, choices: Choices | None = None) -> np.ndarray:
        """Return the rows of the pictures that are used, int64, ascending."""
        choices = choices or self.suggested
        used = np.ones(self.count, bool)
        if choices.without_copies:
            used[self.copies] = False
        if choices.without_empty:
            used[self.empty] = False
        return np.flatnonzero(used)

    def splits(self, choices: Choices) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the rows to learn from, to validate and to test, each int64, ascending.

        Raises
        ------
        UserError
            Where they are too few, or a split is asked for that the files do not give.
        """
        kept = self.kept(choices)
        if choices.split == DRAWN:
            made = parting.parts(self.labels[kept])
        elif self.gives_split:
            made = parting.parts_given(self.labels[kept], self.parts[kept])
        else:
            raise UserError(
                f"{self.title} does not say which pictures are to be held out; choose the split "
                f"{DRAWN}"
            )
        train, validation, test = (kept[rows] for rows in made)
        return train, validation, test

    def preview(self, choices: Choices | None = None) -> list[np.ndarray]:
        """Make the pictures of the contact sheet into images, uint8 (channels, height, width)."""
        choices = choices or self.suggested
        return [
            shaped(one.values[None], self.levels[one.values.dtype.name], choices)[0]
            for one in self.pictures
        ]

    def prepared_bytes(self, choices: Choices) -> int:
        """How many bytes the images will have on disk."""
        return len(self.kept(choices)) * int(np.prod(choices.image_shape))
