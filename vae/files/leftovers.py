"""What a process that was killed left behind: files and folders that never got their name."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

UNFINISHED = ".unfinished-"
"""Begins the name of everything that is being written; no reader takes it for anything."""
STALE_SECONDS = 24 * 3600.0


def sweep(folder: Path, older: float = STALE_SECONDS, kinds: tuple[str, ...] = ()) -> None:
    """Delete what was left unfinished in a folder so many seconds ago or earlier.

    ``kinds`` are other beginnings of names that go too. With 0 seconds all of it goes: where a lock
    tells that nobody else writes there.
    """
    for kind in (UNFINISHED, *kinds):
        with suppress(OSError):
            for path in folder.glob(f"{kind}*"):
                _forget(path, time.time() - older)


def _forget(path: Path, before: float) -> None:
    with suppress(OSError):
        if path.lstat().st_mtime > before:
            return
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
