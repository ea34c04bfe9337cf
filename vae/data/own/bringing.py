"""A path becomes a prepared set: looked at once, found again while its files stay as they are."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from vae.data.own import prepared
from vae.data.own.choices import Choices
from vae.data.own.files import Meter
from vae.data.own.found import Found, Tell
from vae.data.own.limits import OWN_DISK
from vae.data.own.looking import look
from vae.data.own.prepared import Prepared
from vae.data.own.preparing import content_of, prepare

Ready = Callable[[Found, Choices], None]


def bring(
    path: Path,
    looked: Tell | None = None,
    written: Tell | None = None,
    ready: Ready | None = None,
) -> Prepared:
    """Prepare what lies at a path with the choices that suit it, unless that was done before.

    While the files keep their sizes and times they are not read again; when they were only
    touched, or lie elsewhere now, the same pictures lead to the same set.

    Parameters
    ----------
    looked, written : callable, optional
        Hear how far looking and preparing are, in pictures.
    ready : callable, optional
        Hears what was found, before it is prepared.
    """
    origin, stamp = origin_of([path]), stamp_of([path])
    for source in prepared.sources().values():
        about = source.about
        if about and about.by_default and (about.origin, about.stamp) == (origin, stamp):
            return source
    found = look(path, looked)
    known = prepared.of_content(content_of(found), found.suggested.to_json())
    if known is not None:
        return prepared.renew(known, origin, stamp)
    if ready is not None:
        ready(found, found.suggested)
    name = prepared.free_name(path.resolve().stem)
    return prepare(found, found.suggested, name, written, origin, stamp, by_default=True)


def origin_of(paths: list[Path]) -> tuple[str, ...]:
    """Write down where files lie."""
    return tuple(str(path.resolve()) for path in paths)


def stamp_of(paths: list[Path]) -> str:
    """Hash the names, sizes and times of all files at some paths, without reading them."""
    made, meter = hashlib.sha256(), Meter(OWN_DISK)
    for path in paths:
        for folder, inner, names in os.walk(path):
            inner.sort()
            meter.more_files(len(names))
            for name in sorted(names):
                made.update(_seen(Path(folder) / name))
        if not path.is_dir():
            made.update(_seen(path))
    return made.hexdigest()


def _seen(path: Path) -> bytes:
    try:
        seen = path.lstat()
    except OSError:
        return b"gone\0"
    return os.fsencode(path) + f"\0{seen.st_size} {seen.st_mtime_ns}\0".encode()
