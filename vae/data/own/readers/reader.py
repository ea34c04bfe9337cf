"""What a reader of one file format is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from vae.data.own.block import Block
from vae.data.own.files import File, Meter, Skip
from vae.data.own.readers.asked import Asked


class Stream(Protocol):
    """Pictures of one or more files, that can be read from the beginning again and again."""

    @property
    def count(self) -> int:
        """Return how many pictures there are, those among them that cannot be read."""

    def blocks(self, skip: Skip) -> Iterator[Block]:
        """Read them, a few at a time; ``skip`` hears of each that cannot be read."""


@dataclass(frozen=True)
class Context:
    """What a reader is given beside its files."""

    meter: Meter
    skip: Skip
    pixels: tuple[int, int] | None = None
    """Height and width of pictures whose file does not say them."""
    asked: list[Asked] = field(default_factory=list)
    """What had to be left out until it is said how high and wide a picture is."""


class Reader(Protocol):
    """An entry of `READERS`."""

    name: ClassVar[str]
    title: ClassVar[str]

    def recognises(self, file: File) -> bool:
        """Tell from a file's content, never from its name, whether this reader reads it."""

    def streams(self, files: list[File], context: Context) -> list[Stream]:
        """Open the files of this format; what cannot be used is told to ``context.skip``."""
