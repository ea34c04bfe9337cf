"""Where files go, and how they are written: nothing half-written under a final name."""

import errno
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from vae.errors import UserError
from vae.files import disk
from vae.files.leftovers import UNFINISHED

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""What a model or a run may be called."""
PREPARED = "images"
"""Name of the folder, beside the runs, that holds prepared images."""
TRASH = ".trash"
"""Name of the folder beside them from which removed runs can be brought back."""
HERE = Path(__file__).resolve().parents[1]
ROOT = HERE.parent
"""The folder that `vae` is imported from: where a process of our own is started."""
_INSTALLED = HERE / "shipped"
SHIPPED = _INSTALLED if _INSTALLED.is_dir() else ROOT / "checkpoints"
"""The models and replays that ship: inside an installed package, beside it in a checkout."""
REASONS = {
    errno.ENOSPC: "the disk is full; make room and try again",
    errno.EDQUOT: "the disk quota is used up; make room and try again",
    errno.EIO: "the disk reports an error (EIO); check the disk, or choose a place on another",
    errno.EACCES: "this account may not write or read there; choose another place",
    errno.EPERM: "this account may not write or read there; choose another place",
    errno.EROFS: "the disk is read-only; choose another place",
    errno.ENOENT: "there is no such file or folder; check the path",
    errno.ENOTDIR: "a part of the path is a file, not a folder; choose another place",
    errno.EISDIR: "it is a folder, not a file; name a file in it",
    errno.EEXIST: "something of that name is there already; choose another name",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ENXIO: "it is a pipe, a socket or a device, not a regular file; name a regular file",
    errno.ELOOP: "its links lead in a circle; name a regular file",
    errno.EFBIG: "it is larger than such a file may be; choose another",
    errno.ENOSYS: "this system cannot do that; use Linux or macOS",
    errno.EINVAL: "no file can have such a name; choose another name",
}


FULL = (errno.ENOSPC, errno.EDQUOT)
"""What a system answers when there is no room."""


class DiskFull(UserError):
    """Something could not be written for want of room; nothing of it is left."""


def explain(error: OSError) -> str:
    """Put the cause of a failed file operation, and its remedy, into words."""
    return REASONS.get(error.errno or 0, f"{error.strerror or error}; choose another place")


def refusal(what: str, error: OSError) -> UserError:
    """Make the error that says what cannot be done, why, and the remedy."""
    kind = DiskFull if error.errno in FULL else UserError
    return kind(f"cannot {what}: {explain(error)}")


def runs_folder() -> Path:
    """Folder of all training runs: ``VAE_RUNS``, or ``runs`` where that is not set."""
    return Path(os.environ.get("VAE_RUNS") or "runs")


def move_folder(path: Path, target: Path) -> None:
    """Give a folder another name, never that of anything there is, even an empty folder.

    Raises
    ------
    OSError
        When it cannot be moved; FileExistsError where the name is taken.
    """
    if os.name == "nt":
        # this refuses by itself what is there
        path.rename(target)
        return
    # of two that want a name only one makes the folder, which the rename then replaces
    target.mkdir()
    try:
        path.rename(target)
    except OSError:
        with suppress(OSError):
            target.rmdir()
        raise


def write_atomically(path: str | Path, data: disk.Bytes, sync: bool = True) -> None:
    """Replace a file by new content, whole or not at all.

    Without ``sync`` it does not wait for the disk: for what is soon replaced again.

    Raises
    ------
    UserError
        When the folder cannot be written; `DiskFull` where there is no room. The old file is then
        untouched.
    """
    path = Path(path)
    temporary = None
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a folder")
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
        try:
            disk.write(handle, data)
            if sync:
                disk.sync(handle)
        finally:
            os.close(handle)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
        if sync:
            disk.sync_folder(path.parent)
    except OSError as error:
        raise refusal(f"write {path}", error) from None
    finally:
        # also after Ctrl-C; after success nothing of that name is left
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)


def copy(source: str | Path, target: str | Path) -> str:
    """Copy a file, whole or not at all, and return the copy's name; errors as `write_atomically`.

    `OSError` where it cannot be read.
    """
    write_atomically(target, Path(source).read_bytes())
    return str(target)


def try_folder(folder: Path) -> None:
    """Find out whether a file can be made in a folder; `OSError` where it cannot."""
    handle, trial = tempfile.mkstemp(dir=folder, prefix=UNFINISHED)
    os.close(handle)
    os.unlink(trial)


def write_into(device: Path, data: disk.Bytes) -> None:
    """Write into a device such as /dev/stdout, which cannot be replaced; `OSError` as `open`."""
    handle = os.open(device, os.O_WRONLY)
    try:
        disk.write(handle, data)
    finally:
        os.close(handle)
