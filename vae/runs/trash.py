"""What was removed lies in ``VAE_RUNS/.trash`` for a while, and can be brought back from there.

A run lies there as its own folder; a sweep with its runs inside its folder.
"""

import errno
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from vae.files import owner
from vae.files.writing import TRASH, move_folder, runs_folder
from vae.jobs import cache
from vae.sweep import RECORD

KEPT = 10
"""So many removed runs and sweeps of an owner can be brought back; older ones are gone for good."""
RUNS = "runs"
"""In the folder of a removed sweep: the folders of its runs."""


def put(path: Path, runs: Sequence[Path] = ()) -> Path:
    """Move a folder into the trash, with the runs that go with it, and return where it is now.

    Raises
    ------
    OSError
        When one of them cannot be moved; all are where they were then.
    """
    trashed = runs_folder() / TRASH / path.name
    trashed.parent.mkdir(parents=True, exist_ok=True)
    while trashed.exists():
        trashed = trashed.with_name(trashed.name + "+")
    path.rename(trashed)
    if runs:
        try:
            (trashed / RUNS).mkdir(exist_ok=True)
            _move_all([(run, trashed / RUNS / run.name) for run in runs])
        except OSError:
            _take_out(trashed, path)
            raise
    # the order of removal, which a rename does not leave on the folder by itself
    os.utime(trashed)
    return trashed


def bring_back(trashed: Path) -> Path:
    """Move what was removed to where it was, its runs too, and return where it is now.

    Raises
    ------
    OSError
        When it cannot be moved; FileExistsError, which names it, where a name is taken. All of it
        is in the trash still.
    """
    home = runs_folder()
    path = home / trashed.name.rstrip("+")
    inside = trashed / RUNS
    runs = sorted(inside.iterdir()) if (trashed / RECORD).is_file() and inside.is_dir() else []
    _move_all([*((run, home / run.name) for run in runs), (trashed, path)])
    if runs:
        with suppress(OSError):
            (path / RUNS).rmdir()
    return path


def empty() -> None:
    """Delete all but the newest of what lies there, whatever it is, of each owner."""
    of_owners: dict[str | None, list[Path]] = {}
    with suppress(OSError):
        for path in (runs_folder() / TRASH).iterdir():
            of_owners.setdefault(owner.of(path), []).append(path)
    for paths in of_owners.values():
        for path in cache.outdated(paths, KEPT):
            shutil.rmtree(path, ignore_errors=True)


def _move_all(moves: Sequence[tuple[Path, Path]]) -> None:
    """Move folders; none of them where one cannot be moved."""
    for _, target in moves:
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    done: list[tuple[Path, Path]] = []
    try:
        for path, target in moves:
            move_folder(path, target)
            done.append((path, target))
    except OSError:
        for path, target in reversed(done):
            with suppress(OSError):
                target.rename(path)
        raise


def _take_out(trashed: Path, path: Path) -> None:
    with suppress(OSError):
        (trashed / RUNS).rmdir()
    with suppress(OSError):
        trashed.rename(path)
