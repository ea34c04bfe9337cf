"""Readers of file formats: one file and one entry each."""

from vae.data.own.files import File
from vae.data.own.readers.arrays import Arrays
from vae.data.own.readers.csv import Csv
from vae.data.own.readers.idx import Idx
from vae.data.own.readers.parquet import Parquet
from vae.data.own.readers.pictures import Pictures
from vae.data.own.readers.reader import Context, Reader, Stream

__all__ = ["READERS", "Context", "Reader", "Stream", "reader_of"]

READERS: dict[str, Reader] = {
    reader.name: reader for reader in (Pictures(), Arrays(), Parquet(), Idx(), Csv())
}
"""They are asked in this order whether a file is theirs."""


def reader_of(file: File) -> Reader | None:
    """Return the reader that recognises a file's content; None where there is none."""
    return next((reader for reader in READERS.values() if reader.recognises(file)), None)
