"""How much one visitor of a shared server may have: runs that wait or train, and bytes.

At the machine nothing is counted. What is asked for is compared with the folders as they are now,
so several servers on the same folders count alike.
"""

import os
from contextlib import suppress
from pathlib import Path

from vae.errors import UserError
from vae.files import owner
from vae.files.writing import PREPARED, TRASH, runs_folder

RUNS, MEGABYTES = "VAE_QUOTA_RUNS", "VAE_QUOTA_MB"
"""Environment variables; what they say where they are not set stands in `DEFAULTS`."""
DEFAULTS = {RUNS: 6, MEGABYTES: 1000}


def allowed(variable: str) -> int:
    """Return how much is allowed.

    Raises
    ------
    UserError
        When the environment says something that is no whole number above 0.
    """
    text = os.environ.get(variable, "").strip()
    if not text:
        return DEFAULTS[variable]
    if text.isascii() and text.isdigit() and len(text) <= 9 and int(text):
        return int(text)
    raise UserError(
        f"{variable} is {text[:20]!r} on this server and must be a whole number above 0; tell who "
        "runs it"
    )


def check_bytes(more: int = 0) -> None:
    """Raise `UserError` where a visitor's folders, and so many bytes more, are too large."""
    if owner.asking().sees_all:
        return
    most, used = allowed(MEGABYTES) * 10**6, used_bytes()
    if used + more > most:
        asked = f" and this needs {_megabytes(more)} MB" if more else ""
        raise UserError(
            f"your runs and images take {_megabytes(used)} of the {most / 1e6:,.0f} MB that a "
            f"visitor may have here{asked}; remove runs or images that you no longer need"
        )


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f}" if count >= 10**7 else f"{count / 1e6:.1f}"


def used_bytes() -> int:
    """Count the bytes of all that who asks owns: runs, sweeps, prepared images.

    What lies in the trash is counted too, until it is gone for good.
    """
    homes = (runs_folder(), runs_folder() / PREPARED, runs_folder() / TRASH)
    return sum(size_of(path) for home in homes for path in _folders(home) if is_own(path))


def size_of(folder: str | Path) -> int:
    """Count the bytes of the files in a folder."""
    found = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            with suppress(OSError):
                found += os.lstat(os.path.join(parent, name)).st_size
    return found


def _folders(home: Path) -> list[str]:
    with suppress(OSError), os.scandir(home) as entries:
        return [one.path for one in entries if one.is_dir(follow_symlinks=False)]
    return []


def is_own(folder: str | Path) -> bool:
    """Tell whether a folder was made by the visitor who asks."""
    name = owner.asking().name
    return name is not None and owner.of(folder) == name
