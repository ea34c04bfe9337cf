"""Opening the files of one format: what cannot be read is told, and the others are kept."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from vae.data.own.files import File, PastLimit, TooLarge
from vae.data.own.readers.reader import Context

Opened = TypeVar("Opened")
Broken = tuple[type[BaseException], ...]


class Unreadable(Exception):
    """A file that cannot be read; its text ends a sentence that begins with its name."""


def readable(
    files: Iterable[File],
    open_one: Callable[[File], Opened],
    context: Context,
    broken: Broken,
    damaged: str = "is damaged",
) -> list[Opened]:
    """Open files one after the other; `Context.skip` hears of each that cannot be read.

    ``broken`` is what a damaged file raises, ``damaged`` what is said of it then.
    """
    opened: list[Opened] = []
    for file in files:
        try:
            opened.append(open_one(file))
        except PastLimit:
            raise
        except (Unreadable, TooLarge) as error:
            context.skip(file.name, str(error))
        except broken:
            context.skip(file.name, damaged)
    return opened
