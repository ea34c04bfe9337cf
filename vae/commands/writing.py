"""Files that commands write: tried before the work begins, replaced whole after it."""

import errno
from pathlib import Path

from vae.errors import UserError
from vae.files.writing import refusal, try_folder, write_atomically, write_into


def suffix(path: str, allowed: tuple[str, ...]) -> str:
    """Give the path's lower-case suffix, refusing what cannot be written."""
    dot = path.lower().rfind(".")
    found = path.lower()[dot:] if dot > path.rfind("/") else ""
    if found not in allowed and not path.startswith("/dev/"):
        raise UserError(
            f"cannot tell the format of --out {path}; its name must end in {' or '.join(allowed)}"
        )
    return found if found in allowed else allowed[0]


def check_writable(path: str) -> None:
    """Make the file's folder, and find out before the work that a file cannot be written there.

    Raises
    ------
    UserError
        For a folder that cannot be made or written, and for a path that is a folder itself.
    """
    target = Path(path)
    try:
        if target.is_dir() or path.endswith("/"):
            raise IsADirectoryError(errno.EISDIR, "is a folder")
        if not _is_device(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            try_folder(target.parent)
    except OSError as error:
        raise refusal(f"write {path}", error) from None


def write(path: str, content: bytes) -> None:
    """Replace a file, whole or not at all; a device such as /dev/stdout is written into."""
    target = Path(path)
    if not _is_device(target):
        # through a link to the file it stands for, which the link would else be replaced by
        write_atomically(target.resolve(), content)
        return
    try:
        write_into(target, content)
    except OSError as error:
        raise refusal(f"write {path}", error) from None


def _is_device(target: Path) -> bool:
    return target.exists() and not target.is_file() and not target.is_dir()
