"""Zip archives and gzip files: looked into, never written to disk, and never deeper than one."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO

from vae.data.own.files import Counted, File, Meter, PastLimit, Skip, megabytes, shown

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
EMPTY_ZIP = b"PK\x05\x06"
NPY = b"\x93NUMPY"
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
LINK, KIND = 0o120000, 0o170000
END_BYTES = 22 + 65_535
ENTRY_BYTES = 1_000
"""So many bytes of an archive's list of files are read for each file that it may hold."""
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error),
    *(OSError, ValueError, RuntimeError, OverflowError),
)
"""What Python's readers raise for a damaged archive."""


class Archive:
    """A zip archive whose members are opened one at a time; `close` lets go of its file."""

    def __init__(self, file: File, meter: Meter):
        self._file, self._meter = file, meter
        self._zip: zipfile.ZipFile | None = None

    def infos(self) -> list[zipfile.ZipInfo]:
        """List its members; `PastLimit` where they are too many, one of `DAMAGED` otherwise."""
        return self._opened().infolist()

    @property
    def name(self) -> str:
        """Name of the archive's own file."""
        return self._file.name

    def open(self, info: zipfile.ZipInfo) -> IO[bytes]:
        """Open a member; what is read is counted."""
        return io.BufferedReader(Counted(self._opened().open(info), self._meter))

    def close(self) -> None:
        """Close the archive's file; it is opened again when a member is."""
        if self._zip is not None:
            self._zip.close()
            self._zip = None

    def _opened(self) -> zipfile.ZipFile:
        if self._zip is None:
            stream = self._file.opener()
            try:
                self._check_list(stream)
                self._zip = zipfile.ZipFile(stream)
            except BaseException:
                stream.close()
                raise
        return self._zip

    def _check_list(self, stream: IO[bytes]) -> None:
        """Refuse a list of files that is too long before it is read."""
        end = stream.seek(0, io.SEEK_END)
        stream.seek(max(0, end - END_BYTES))
        tail = stream.read(END_BYTES)
        place = tail.rfind(EMPTY_ZIP)
        size = int.from_bytes(tail[place + 12 : place + 16], "little") if place >= 0 else 0
        if size == 0xFFFFFFFF:
            place = tail.rfind(b"PK\x06\x06")
            size = int.from_bytes(tail[place + 40 : place + 48], "little") if place >= 0 else end
        stream.seek(0)
        if size > self._meter.limits.files * ENTRY_BYTES:
            raise PastLimit(
                f"{self._file.name} lists more than {self._meter.limits.files:,} files; bring "
                "fewer at a time"
            )


def is_zip(file: File) -> bool:
    """Tell whether a file is a zip archive, an empty one too."""
    return file.head[:4] in (ZIP, EMPTY_ZIP)


def is_arrays(file: File) -> bool:
    """Tell whether a file is an archive of NumPy arrays (.npz), whatever it is called."""
    if file.head[:4] != ZIP:
        return False
    try:
        with file.opener() as stream, zipfile.ZipFile(stream) as archive:
            first = next((one for one in archive.infolist() if not one.is_dir()), None)
            if first is None or first.compress_type not in PACKINGS:
                return False
            with archive.open(first) as member:
                return member.read(len(NPY)) == NPY
    except DAMAGED:
        return False


def members(archive: Archive, meter: Meter, skip: Skip) -> list[File]:
    """List the files in a zip archive; links and the like are skipped."""
    kept: list[File] = []
    taken: set[str] = set()
    infos = archive.infos()
    meter.more_files(len(infos))
    _check_size(archive.name, infos, meter)
    for info in infos:
        if info.is_dir():
            continue
        name, why = shown(info.filename.replace("\\", "/")), _refusal(info)
        if why is None and name in taken:
            why = "has the name of another file in the archive"
        if why is not None:
            skip(name, why)
            continue
        taken.add(name)
        kept.append(_member(archive, info, name))
    return kept


def _member(archive: Archive, info: zipfile.ZipInfo, name: str) -> File:
    return File(name, lambda: archive.open(info), info.file_size)


def _refusal(info: zipfile.ZipInfo) -> str | None:
    parts = info.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or parts[0].endswith(":"):
        return "has a name that leads out of the archive"
    if info.flag_bits & ENCRYPTED:
        return "is encrypted"
    if info.compress_type not in PACKINGS:
        return "is packed in a way that is not known"
    if (info.external_attr >> 16) & KIND == LINK:
        return "is a link to another file"
    return None


def _check_size(name: str, infos: list[zipfile.ZipInfo], meter: Meter) -> None:
    size = sum(info.file_size for info in infos)
    if size > meter.limits.unpacked_bytes:
        raise PastLimit(
            f"{name} unpacks to {megabytes(size)}, more than the "
            f"{megabytes(meter.limits.unpacked_bytes)} that are read; bring fewer at a time"
        )


def unpacked(file: File, meter: Meter) -> File:
    """Give what is inside a gzip file, under its name without ".gz"; others as they are."""
    if not file.head.startswith(GZIP):
        return file

    def opener() -> IO[bytes]:
        raw = file.opener()
        stream: IO[bytes] = gzip.GzipFile(fileobj=raw)  # type: ignore[assignment]  # it reads alike
        return io.BufferedReader(Counted(stream, meter, raw))

    return File(file.name.removesuffix(".gz"), opener)


def member(file: File, info: zipfile.ZipInfo, meter: Meter) -> IO[bytes]:
    """Open one member of an archive that is closed with it; what is read is counted."""
    with ExitStack() as opened:
        stream = opened.enter_context(file.opener())
        whole = opened.enter_context(zipfile.ZipFile(stream))
        made = io.BufferedReader(Counted(whole.open(info), meter, whole, stream))
        opened.pop_all()
        return made


def expanded(
    files: Iterable[File], meter: Meter, skip: Skip, archives: list["Archive"]
) -> Iterator[File]:
    """Replace archives by what is in them; an archive inside an archive is skipped.

    ``archives`` gets those that were opened, for the caller to close.
    """
    for file in files:
        try:
            if not is_zip(file) or is_arrays(file):
                yield unpacked(file, meter)
                continue
            archives.append(Archive(file, meter))
            inner = members(archives[-1], meter, skip)
        except PastLimit:
            raise
        except DAMAGED:
            skip(file.name, "is a damaged zip archive; pack it again")
        else:
            yield from _of_archive(inner, meter, skip)


def _of_archive(files: list[File], meter: Meter, skip: Skip) -> Iterator[File]:
    for file in files:
        try:
            if is_zip(file) and not is_arrays(file):
                skip(file.name, "is an archive within an archive; unpack it first")
            else:
                yield unpacked(file, meter)
        except PastLimit:
            raise
        except DAMAGED:
            skip(file.name, "is damaged")
