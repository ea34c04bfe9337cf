"""Making room: of what may be made again, or brought back, only the newest is kept."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def outdated(paths: Iterable[Path], kept: int) -> list[Path]:
    """List all but the ``kept`` newest of some paths; one that is gone meanwhile is no more."""
    known = []
    for path in paths:
        with suppress(FileNotFoundError):
            known.append((path.lstat().st_mtime, path))
    return [path for _, path in sorted(known, reverse=True)[kept:]]
