"""What names a file by its content."""

import hashlib
from pathlib import Path

from vae.errors import UserError
from vae.files.writing import explain


def digest(file: Path) -> str:
    """Return the sha256 of a file's bytes; `UserError` where it cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"cannot read {file}: {explain(error)}") from None
