"""Picture files; the folder that a picture lies in is its label."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from vae.data import pictures
from vae.data.own import archive, given
from vae.data.own.block import Block
from vae.data.own.files import File, PastLimit, Skip, TooLarge
from vae.data.own.readers.reader import Context, Stream
from vae.errors import UserError

SIGNATURES = (
    *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM"),
    *(b"II*\x00", b"MM\x00*", b"II\x2b\x00", b"MM\x00\x2b"),
)


class Pictures:
    """PNG, JPEG, WebP, GIF, BMP and TIFF files."""

    name: ClassVar[str] = "pictures"
    title: ClassVar[str] = "picture files"

    def recognises(self, file: File) -> bool:
        """Tell whether a file begins as a picture does."""
        webp = file.head[:4] == b"RIFF" and file.head[8:12] == b"WEBP"
        return webp or file.head.startswith(SIGNATURES)

    def streams(self, files: list[File], context: Context) -> list[Stream]:
        """Take all files as one stream, by name; they are opened one at a time."""
        return [_Folders(sorted(files, key=lambda file: file.name), context)]


@dataclass(frozen=True)
class _Folders:
    files: list[File]
    context: Context

    @property
    def count(self) -> int:
        return len(self.files)

    def blocks(self, skip: Skip) -> Iterator[Block]:
        labelled = len({file.folder.lower() for file in self.files} - given.PART_OF.keys()) > 1
        for file in self.files:
            try:
                values, size = pictures.open_values(file.read(pictures.LARGEST_BYTES))
            except PastLimit:
                raise
            except (UserError, TooLarge) as error:
                skip(file.name, str(error))
                continue
            except archive.DAMAGED:
                skip(file.name, "cannot be read, or is damaged")
                continue
            known = labelled and file.folder and file.folder.lower() not in given.PART_OF
            label = file.folder if known else None
            part = given.of_folders(file.name)
            yield Block(values[None], [file.name], [label], size, [part])
