"""Looking at files that a person brought: what is in them, decoded once and not kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vae.data.own import archive
from vae.data.own.block import Block
from vae.data.own.files import File, Meter, Skip, in_folder, shown
from vae.data.own.found import Found, Skipped, Tell
from vae.data.own.limits import FEWEST, OWN_DISK, SHOWN_SKIPPED, Limits
from vae.data.own.readers import READERS, Context, Stream, reader_of
from vae.data.own.readers.asked import SizeNeeded
from vae.data.own.tally import Tally
from vae.errors import UserError
from vae.files import regular

SYSTEM_FILES = {"Thumbs.db", "desktop.ini", ".DS_Store"}
MAC_FOLDER = "__MACOSX"
NAMED_REASONS = 3

Brought = Path | str | File


def look(
    paths: Brought | Iterable[Brought],
    tell: Tell | None = None,
    limits: Limits = OWN_DISK,
    pixels: tuple[int, int] | None = None,
) -> Found:
    """Read what files and folders hold, without keeping it: every picture is decoded once.

    Parameters
    ----------
    paths
        A folder, a file, or several; `File.of` makes one of bytes that a browser sent, its name
        with the folders that it lay in.
    tell : callable, optional
        Called with the pictures looked at and the pictures in all; what it raises ends the look.
    limits : Limits
        How much is read at most.
    pixels : (int, int), optional
        Height and width of pictures that stand as rows of values in a table, where the table does
        not say them and they are not square.

    Raises
    ------
    UserError
        When there is no such file, when no picture can be read, or when a limit is passed;
        `SizeNeeded` where only ``pixels`` is missing.
    """
    given = [paths] if isinstance(paths, Path | str | File) else list(paths)
    left, meter = _Left(), Meter(limits)
    archives: list[archive.Archive] = []
    try:
        context = Context(meter, left, pixels)
        streams = _streams(_files(given, meter, left, archives), context)
        tally, total = Tally(), sum(stream.count for stream in streams)
        for block in blocks(streams, left):
            meter.more_pictures(len(block))
            tally.add(block)
            if tell is not None:
                tell(tally.count, max(total, tally.count))
        title = _title(given)
        # so few are no data set: what was left out, or taken for one picture, is what is meant
        if tally.count < FEWEST and context.asked:
            raise SizeNeeded(context.asked[0])
        if not tally.count:
            raise UserError(_nothing(title, left))
        found = tally.found(title, tuple(left.shown), left.count)
        return found.reading(streams, archives, limits)
    finally:
        for one in archives:
            one.close()


def blocks(streams: Iterable[Stream], skip: Skip) -> Iterator[Block]:
    """Read all pictures, without those that hold a number that is not finite."""
    import numpy as np

    for stream in streams:
        for block in stream.blocks(skip):
            if block.values.dtype.kind == "f":
                finite = np.isfinite(block.values).all(axis=(1, 2, 3))
                for row in np.flatnonzero(~finite).tolist():
                    skip(block.names[row], "holds numbers that are not finite")
                block = block if finite.all() else block.take(np.flatnonzero(finite))
            if len(block):
                yield block


@dataclass
class _Left:
    """What was left out: the first by name and reason, of all the number."""

    def __init__(self) -> None:
        self.shown: list[Skipped] = []
        self.count = 0

    def __call__(self, name: str, why: str) -> None:
        self.count += 1
        if len(self.shown) < SHOWN_SKIPPED:
            self.shown.append(Skipped(name, why))


def _files(
    given: list[Brought], meter: Meter, skip: Skip, archives: list[archive.Archive]
) -> Iterator[File]:
    """Find all files, those in folders and in archives among them."""
    for one in given:
        if isinstance(one, File):
            meter.more_files()
            found: Iterable[File] = [one]
        elif (path := Path(one)).is_dir():
            found = in_folder(path, meter, skip)
        elif regular.is_regular(path):
            found = [File.at(path, path.name)]
        else:
            raise UserError(f"there is no file or folder {one}; check the path")
        yield from archive.expanded(found, meter, skip, archives)


def _streams(files: Iterable[File], context: Context) -> list[Stream]:
    """Give each file to the reader that recognises it."""
    by_reader: dict[str, list[File]] = {}
    for file in files:
        name = file.name.rpartition("/")[2]
        if name in SYSTEM_FILES or file.name.startswith(MAC_FOLDER) or name.startswith("._"):
            context.skip(file.name, "is a file of the operating system")
            continue
        try:
            reader = reader_of(file)
        except archive.DAMAGED:
            context.skip(file.name, "cannot be read, or is damaged")
            continue
        if reader is None:
            context.skip(file.name, _what(file))
        else:
            by_reader.setdefault(reader.name, []).append(file)
    streams: list[Stream] = []
    for name, those in by_reader.items():
        streams += READERS[name].streams(those, context)
    return streams


def _what(file: File) -> str:
    """Say what a file is that no reader knows."""
    if not file.head:
        return "is empty"
    if file.head.lstrip()[:1] == b"<":
        return "is a web page or XML, not pictures"
    return "is no picture, array or table that can be read"


def _title(given: list[Brought]) -> str:
    if len(given) == 1:
        one = given[0]
        return one.name if isinstance(one, File) else shown(Path(one).resolve().name)
    tops = {one.name.partition("/")[0] for one in given if isinstance(one, File)}
    return tops.pop() if len(tops) == 1 else f"{len(given):,} files"


def _nothing(title: str, left: _Left) -> str:
    reasons = "; ".join(f"{one.name}: {one.why}" for one in left.shown[:NAMED_REASONS])
    more = f"; and {left.count - NAMED_REASONS:,} more" if left.count > NAMED_REASONS else ""
    titles = ", ".join(reader.title for reader in READERS.values())
    return (
        f"no pictures could be read from {title}"
        + (f" ({reasons}{more})" if reasons else ", which holds no files")
        + f"; bring {titles}, or a zip archive or folder of them"
    )
