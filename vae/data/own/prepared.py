"""Prepared sets on this machine: listed, opened as any data set, renamed, deleted."""

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from vae.data.files import Progress
from vae.data.own import about as abouts
from vae.data.own import shards
from vae.data.own.about import IMAGES, LABELS, About
from vae.data.own.choices import Choices
from vae.data.own.shards import Shards, damaged
from vae.data.sources import Source
from vae.data.splits import SPLITS, ImageDataset, Split
from vae.errors import UserError
from vae.files import owner, regular
from vae.files.writing import NAME, PREPARED, explain, move_folder, runs_folder, write_atomically

REMOVED = ".removed-"
"""Begins the name of a set that is being deleted."""


@dataclass(frozen=True)
class Prepared(Source):
    """A prepared set as a `Source`; its images stay on disk and are mapped into memory."""

    folder: Path = Path()
    about: About | None = None

    def is_here(self, root: Path | None = None) -> bool:
        """Tell whether its images are there."""
        return regular.is_regular(shards.first(self.folder / IMAGES))

    def state(self, root: Path | None = None) -> str:
        """Say where the images are."""
        return "prepared on this machine"

    def load(
        self, root: Path | None = None, download: bool = True, progress: Progress | None = None
    ) -> ImageDataset:
        """Map the images into memory; none is read until it is used.

        Raises
        ------
        UserError
            If the files are missing or are not what about.json says.
        """
        count = sum(self.counts.values())
        each = self.about.shard_bytes if self.about else 0
        images = mapped(self.folder / IMAGES, (count, *self.image_shape), "u1", each)
        labels = mapped(self.folder / LABELS, (count,), "<i8")
        known = np.asarray(labels) if self.class_names else None
        if known is not None and not (
            -1 <= int(known.min()) and int(known.max()) < len(self.class_names)
        ):
            raise damaged(self.folder / LABELS)
        stated = self.about.sha256 if self.about and self.about.sha256 else ("",) * len(SPLITS)
        ends = np.cumsum([0, *self.counts.values()]).tolist()

        def split(number: int) -> Split:
            rows = slice(ends[number], ends[number + 1])
            labels = None if known is None else known[rows]
            return Split(images[rows], labels, stated=stated[number])

        return ImageDataset(self.name, self.title, split(0), split(1), split(2), self.class_names)

    def origin(self) -> dict[str, Any]:
        """Tell what it takes to prepare the same images again, for a run's config."""
        if self.about is None:
            return {}
        one = self.about
        return {"content": one.content, "choices": one.choices, "origin": list(one.origin)}


def folder() -> Path:
    """Return where prepared sets lie, each in a folder of its own name."""
    return runs_folder() / PREPARED


def names() -> list[str]:
    """List the prepared sets that who asks may see, by name."""
    with suppress(OSError):
        return sorted(one.name for one in folder().iterdir() if is_known(one.name))
    return []


def sources() -> dict[str, Prepared]:
    """Open what all prepared sets say of themselves, by name; damaged ones are left out."""
    found = {}
    for name in names():
        with suppress(UserError):
            found[name] = find(name)
    return found


def is_known(name: object) -> bool:
    """Tell whether there is a prepared set of that name that who asks may see."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return False
    path = folder() / name
    return regular.is_regular(path / abouts.ABOUT) and owner.may_see(path)


def find(name: str) -> Prepared:
    """Open what a prepared set says of itself; `UserError` where it is missing or damaged."""
    if not is_known(name):
        raise UserError(f"there are no prepared images {name[:100]!r}; prepare them again")
    path = folder() / name
    one = abouts.read(path)
    channels, height, width = one.image_shape
    kind = "grey" if channels == 1 else "colour"
    return Prepared(
        name=name,
        title=name,
        description=f"{sum(one.counts):,} own images of {height}×{width} {kind} pixels "
        f"from {one.title}",
        image_shape=one.image_shape,
        counts=dict(zip(SPLITS, one.counts, strict=True)),
        read=_nothing,
        class_names=one.class_names,
        framing=one.framing,
        folder=path,
        about=one,
    )


def of_content(content: str, choices: dict[str, Any] | None = None) -> str | None:
    """Name the prepared set of that content, and those choices; None where there is none."""
    for name, source in sources().items():
        one = source.about
        if one and one.content == content and (choices is None or _same(choices, one.choices)):
            return name
    return None


def holds(name: str, content: str, choices: Any) -> bool:
    """Tell whether the prepared set of that name has that content and those choices."""
    with suppress(UserError):
        one = find(name).about
        return one is not None and one.content == content and _same(choices, one.choices)
    return False


def _same(one: Any, other: dict[str, Any]) -> bool:
    """Compare choices; what an older set does not say is at its default."""
    try:
        return isinstance(one, dict) and Choices.from_json(one) == Choices.from_json(other)
    except UserError:
        return bool(one == other)


def of_split(split: str, sha256: str) -> str | None:
    """Name the prepared set whose split has these pixels; None where there is none."""
    return next((name for name in names() if _hash_of(name, split) == sha256), None)


def _hash_of(name: str, split: object) -> str | None:
    with suppress(UserError):
        about = abouts.read(folder() / name)
        return dict(zip(SPLITS, about.sha256, strict=False)).get(str(split))
    return None


def name_of(described: Mapping[str, Any]) -> str | None:
    """Name the prepared set that a model's file tells of, whatever its name is now.

    ``described`` holds the name, a split and the sha256 of its pixels. A set of that name with
    other images is taken only where there is none with these.
    """
    name, split, sha256 = (described.get(key) for key in ("name", "split", "sha256"))
    if not isinstance(name, str):
        return None
    if is_known(name) and _hash_of(name, split) == sha256:
        return name
    return of_split(str(split), str(sha256)) or (name if is_known(name) else None)


def version(name: str) -> str:
    """Tell one set from another that was prepared under its name later; "" where there is none."""
    if not is_known(name):
        return ""
    with suppress(OSError):
        seen = shards.first(folder() / name / IMAGES).stat()
        return f"{seen.st_ino} {seen.st_mtime_ns}"
    return ""


def renew(name: str, origin: tuple[str, ...], stamp: str) -> Prepared:
    """Write down where the files of a set lie now and what they look like."""
    source = find(name)
    if source.about is not None:
        about = replace(source.about, origin=origin, stamp=stamp)
        write_atomically(source.folder / abouts.ABOUT, about.to_bytes())
    return find(name)


def rename(name: str, new: str) -> None:
    """Give a prepared set another name; models that were trained on it find it all the same.

    Raises
    ------
    UserError
        When there is no such set, or the new name is none or taken.
    """
    find(name)
    move(name, new)


def move(name: str, new: str) -> None:
    """Give a set's folder another name, whether or not its images are prepared."""
    owner.check_change(folder() / name)
    new = check_name(new.strip())
    try:
        move_folder(folder() / name, folder() / new)
    except FileExistsError:
        raise UserError(f"there are images {new} already; choose another name") from None
    except OSError as error:
        raise UserError(f"cannot rename {name}: {explain(error)}") from None


def remove(name: str) -> None:
    """Delete a prepared set; models that were trained on it stay, without their originals."""
    if not is_known(name):
        raise UserError(f"there are no prepared images {name[:100]!r}")
    discard(name)


def discard(name: str) -> None:
    """Delete a set's folder, whether or not its images are prepared."""
    owner.check_change(folder() / name)
    try:
        # first out of sight, whole: a half-deleted set must not be found
        away = Path(tempfile.mkdtemp(prefix=REMOVED, dir=folder()))
        (folder() / name).rename(away / name)
    except OSError as error:
        raise UserError(f"cannot delete {name}: {explain(error)}") from None
    shutil.rmtree(away, ignore_errors=True)


def check_name(name: str) -> str:
    """Return a name that prepared images can have; `UserError` where it is none or taken."""
    from vae.data import DATASETS

    if not NAME.fullmatch(name):
        raise UserError(
            f"{name[:40]!r} cannot be a name; take up to 100 letters, digits, dots, dashes and "
            "underscores, the first a letter or digit, and no spaces"
        )
    if name in DATASETS or (folder() / name).exists():
        raise UserError(f"there are images {name} already; choose another name")
    return name


def free_name(stem: str) -> str:
    """Make a name that is not taken, from any text."""
    from vae.data import DATASETS

    plain = "".join(
        one if one.isascii() and (one.isalnum() or one in "._-") else "-" for one in stem
    )
    plain = plain.strip("._-")[:80] or "images"
    for number in range(1, 100_000):
        name = plain if number == 1 else f"{plain}-{number}"
        if name not in DATASETS and not (folder() / name).exists():
            return name
    raise UserError(f"{folder()} holds too many sets called {plain}; delete some")


def mapped(path: Path, shape: tuple[int, ...], kind: str, shard_bytes: int = 0) -> np.ndarray:
    """Map an array into memory after its header and its length are what they should be.

    ``shard_bytes`` is how much of it stands in each file; 0 for one file alone.
    """
    begin = shards.named(path, 0) if shard_bytes else path
    try:
        with regular.opened(begin) as file:
            if npy.read_magic(file) != (1, 0):
                raise damaged(begin)
            found, by_column, dtype = npy.read_array_header_1_0(file)
            offset = file.tell()
    except OSError as error:
        raise UserError(f"cannot read {begin}: {explain(error)}") from None
    except (ValueError, TypeError, SyntaxError) as error:
        raise damaged(begin) from error
    wanted = np.dtype(kind)
    size = int(np.prod(shape, dtype=np.int64)) * wanted.itemsize
    if found != shape or by_column or dtype != wanted:
        raise damaged(begin)
    try:
        whole = Shards(path, offset + size, shard_bytes).mapped()
    except OSError as error:
        raise UserError(f"cannot read {path}: {explain(error)}") from None
    return whole[offset:].view(wanted).reshape(shape)


def _nothing(*paths: Path) -> tuple[Split, Split]:
    raise NotImplementedError("prepared images are mapped, not read")
