"""A drawn set on disk: its classes, and each drawing in a file of its own.

`images/<name>/drawings/` holds `classes.json` and files `<class>.<number>.<token>` of 784 bytes,
beside what is prepared of them. All changes are made under one lock, so that two browsers and two
servers may draw into the same set.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vae.data.own import prepared
from vae.data.own.drawn.drawing import BYTES, SIDE, Drawing
from vae.data.own.drawn.parting import free_number
from vae.data.splits import SPLITS
from vae.errors import UserError
from vae.files import locks, owner, plain_json, quota, regular
from vae.files.writing import NAME, explain, write_atomically

DRAWINGS, CLASSES, LOCK = "drawings", "classes.json", ".drawing.lock"
FORMAT_VERSION = 1
STEM = "drawings"
"""What a set is called until it gets another name."""
MOST_DRAWINGS, MOST_CLASSES, LONGEST_NAME = 5_000, 100, 60
TOKEN = re.compile(r"[0-9a-z]{8,40}")
FILE = re.compile(r"(c[0-9]{1,6})\.([0-9]{5})\.([0-9a-z]{8,40})")


@dataclass(frozen=True, eq=False)
class Drawn:
    """A drawn set as it is now."""

    name: str
    classes: dict[str, str]
    """Names of the classes by their keys, in the order in which they were made."""
    drawings: tuple[Drawing, ...]
    """By class, and within a class by number."""
    damaged: int = 0
    """Files that are no drawings, and are left out."""

    def of(self, group: str) -> list[Drawing]:
        """List the drawings of a class."""
        return [one for one in self.drawings if one.group == group]


def is_drawn(name: object) -> bool:
    """Tell whether there is a drawn set of that name that who asks may see, prepared or not."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return False
    place = prepared.folder() / name
    return regular.is_regular(place / DRAWINGS / CLASSES) and owner.may_see(place)


def names() -> list[str]:
    """List the drawn sets, by name."""
    with suppress(OSError):
        return sorted(one.name for one in prepared.folder().iterdir() if is_drawn(one.name))
    return []


def begin(stem: str = STEM) -> str:
    """Make an empty set under a name that is free, and return the name."""
    owner.check_start()
    quota.check_bytes()
    base = prepared.folder()
    try:
        base.mkdir(parents=True, exist_ok=True)
        with locked():
            name = prepared.free_name(stem)
            (base / name / DRAWINGS).mkdir(parents=True)
            owner.claim(base / name)
            _write_classes(name, {}, 0)
    except OSError as error:
        raise UserError(f"cannot begin a drawn set in {base}: {explain(error)}") from None
    return name


def find(name: str) -> Drawn:
    """Read a drawn set; `UserError` where there is none or its classes cannot be read."""
    classes, _ = _classes(name)
    found, damaged = [], 0
    order = {group: place for place, group in enumerate(classes)}
    for path, group, number, _ in _files(name):
        if group not in classes:
            continue
        with suppress(OSError):
            pixels = regular.read(path, BYTES + 1)
            if len(pixels) != BYTES:
                damaged += 1
                continue
            image = np.frombuffer(pixels, np.uint8).reshape(1, SIDE, SIDE)
            found.append(Drawing(path.name, group, number, image))
    found.sort(key=lambda one: (order[one.group], one.number))
    return Drawn(name, classes, tuple(found), damaged)


def pixels_of(name: str, key: str) -> np.ndarray:
    """Read one drawing, uint8 (1, 28, 28); `UserError` where there is none."""
    if is_drawn(name) and FILE.fullmatch(key):
        with suppress(OSError):
            pixels = regular.read(_place(name) / key, BYTES)
            if len(pixels) == BYTES:
                return np.frombuffer(pixels, np.uint8).reshape(1, SIDE, SIDE)
    raise UserError(f"there is no drawing {key[:60]!r} in {name[:100]!r}")


def number_of(key: str) -> int:
    """Read a drawing's number in its class from its key."""
    return int(key.split(".")[1])


def keep(name: str, group: str, token: str, pixels: bytes, part: str | None = None) -> str:
    """Keep a drawing of a class and return its key; one of the same token is kept once.

    Parameters
    ----------
    part : str, optional
        The split that a drawing was in before it was deleted. It comes back to the same one, since
        a model may have learnt from it.

    Raises
    ------
    UserError
        When there is no such set, class or split, the sheet is empty, the set is full, or it cannot
        be written.
    """
    if not TOKEN.fullmatch(token):
        raise UserError("a drawing needs a token of 8 to 40 small letters and digits")
    if len(pixels) != BYTES:
        raise UserError(f"a drawing has {BYTES} bytes, not {len(pixels)}")
    if not any(pixels):
        raise UserError("the sheet is empty; draw something first")
    if part is not None and part not in SPLITS:
        raise UserError(f"{part[:20]!r} is no split; choose from {', '.join(SPLITS)}")
    with locked():
        _changing(name, group)
        files = _files(name)
        for path, _, _, known in files:
            if known == token:
                return path.name
        if len(files) >= MOST_DRAWINGS:
            raise UserError(f"{name} holds {MOST_DRAWINGS:,} drawings, as many as a set may have")
        taken = {number for _, theirs, number, _ in files if theirs == group}
        number = free_number(taken, part)
        key = f"{group}.{number:05d}.{token}"
        write_atomically(_place(name) / key, pixels)
    return key


def remove(name: str, key: str) -> None:
    """Delete a drawing; nothing happens where it is gone already."""
    if not FILE.fullmatch(key) or not is_drawn(name):
        raise UserError(f"there is no drawing {key[:60]!r} in {name[:100]!r}")
    with locked(), _explained(f"cannot delete {key}"):
        _changing(name)
        (_place(name) / key).unlink(missing_ok=True)


def forget_empty(name: str) -> None:
    """Delete a set that holds neither classes nor drawings; any other stays."""
    with suppress(UserError), locked():
        if not _classes(name)[0] and not _files(name) and not prepared.is_known(name):
            prepared.discard(name)


def rename(name: str, new: str) -> None:
    """Give a set another name, whether it is prepared or not.

    Raises
    ------
    UserError
        When there is no such set, or the new name is none or taken.
    """
    with locked():
        _classes(name)
        prepared.move(name, new)


def discard(name: str) -> None:
    """Delete a set with its drawings, whether it is prepared or not."""
    with locked():
        _classes(name)
        prepared.discard(name)


def add_class(name: str, called: str) -> str:
    """Add a class and return its key; `UserError` where its name is none or taken."""
    with locked():
        classes, made = _changing(name)
        called = _class_name(called, classes.values())
        if len(classes) >= MOST_CLASSES:
            raise UserError(f"{name} has {MOST_CLASSES} classes, as many as a set may have")
        group = f"c{made}"
        _write_classes(name, classes | {group: called}, made + 1)
    return group


def rename_class(name: str, group: str, called: str) -> None:
    """Give a class another name."""
    with locked():
        classes, made = _changing(name, group)
        others = [one for key, one in classes.items() if key != group]
        _write_classes(name, classes | {group: _class_name(called, others)}, made)


def remove_class(name: str, group: str) -> None:
    """Delete a class and its drawings."""
    with locked(), _explained(f"cannot delete a class of {name}"):
        classes, made = _changing(name, group)
        _write_classes(name, {key: one for key, one in classes.items() if key != group}, made)
        for path, theirs, _, _ in _files(name):
            if theirs == group:
                path.unlink(missing_ok=True)


@contextmanager
def locked() -> Iterator[None]:
    """Hold the lock of all drawn sets: what is done under it takes milliseconds."""
    path = prepared.folder() / LOCK
    if not path.parent.is_dir():
        raise UserError(f"there are no drawn sets in {path.parent}")
    with locks.hold(path):
        yield


def _place(name: str) -> Path:
    return prepared.folder() / name / DRAWINGS


def _files(name: str) -> list[tuple[Path, str, int, str]]:
    """List the drawings' files with their class, number and token."""
    try:
        entries = sorted(_place(name).iterdir())
    except OSError as error:
        raise UserError(f"cannot read the drawings of {name}: {explain(error)}") from None
    found = []
    for path in entries:
        if named := FILE.fullmatch(path.name):
            found.append((path, named[1], int(named[2]), named[3]))
    return found


def _classes(name: str) -> tuple[dict[str, str], int]:
    """Read the classes, and how many were ever made: a key is never given twice."""
    if not is_drawn(name):
        raise UserError(f"there is no drawn set {str(name)[:100]!r}; it was renamed or deleted")
    path = _place(name) / CLASSES
    with suppress(OSError, ValueError, TypeError, KeyError):
        said = plain_json.strict(regular.read(path, 1 << 20))
        classes, made = said["classes"], said["made"]
        known = all(isinstance(key, str) and isinstance(classes[key], str) for key in classes)
        if said["format_version"] == FORMAT_VERSION and known and type(made) is int:
            return dict(classes), made
    raise UserError(f"{path} is damaged or of another version; begin another set")


def _changing(name: str, group: str | None = None) -> tuple[dict[str, str], int]:
    """Read the classes of a set that who asks may change, and in which there is that class."""
    classes, made = _classes(name)
    owner.check_change(prepared.folder() / name)
    if group is not None and group not in classes:
        raise UserError(f"there is no such class in {name} any more; choose another")
    return classes, made


def _write_classes(name: str, classes: dict[str, str], made: int) -> None:
    said = {"format_version": FORMAT_VERSION, "classes": classes, "made": made}
    text = json.dumps(said, indent=1, ensure_ascii=False)
    write_atomically(_place(name) / CLASSES, text.encode())


def _class_name(called: str, others: Iterable[str]) -> str:
    """Return a name that a class can have among others."""
    called = " ".join(called.split())
    if not called:
        raise UserError("a class needs a name, such as star")
    if len(called) > LONGEST_NAME or not called.isprintable():
        raise UserError(
            f"{called[:20]!r} cannot be a class's name; take up to {LONGEST_NAME} printable "
            "characters"
        )
    if called in others:
        raise UserError(f"there is a class {called} already; choose another name")
    return called


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(f"{what}: {explain(error)}") from None
