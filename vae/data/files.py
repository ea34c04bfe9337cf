"""The files of a data set: what they are called, and where they are on this machine."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# Called with the bytes done and the bytes in all; what it raises cancels a download, and the
# part that has come is continued the next time.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RemoteFile:
    """A file of a data set: its name on every mirror, md5 (hex) and length in bytes."""

    name: str
    md5: str
    size: int


def default_root() -> Path:
    """Folder of all data sets: `VAE_DATA`, or `~/.cache/vae-data` where that is not set."""
    return Path(os.environ.get("VAE_DATA") or "~/.cache/vae-data").expanduser()


def find_file(folder: Path, name: str) -> Path | None:
    """Find a file in either spelling, compressed or not: `train-images(-|.)idx3-ubyte[.gz]`."""
    plain = name.removesuffix(".gz")
    for spelling in (plain, plain.replace("-idx", ".idx")):
        for candidate in (folder / spelling, folder / f"{spelling}.gz"):
            if candidate.is_file():
                return candidate
    return None
