"""A drawn set becomes a data set: drawings, warped copies of those that are learnt from, labels.

Prepared again after more was drawn, the set keeps its name, and what was prepared before stays as a
set of its own: models that were trained on it keep their originals, and runs can go on.
"""

import hashlib
import io
import shutil
import tempfile
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from vae.data.own import about as abouts
from vae.data.own import prepared
from vae.data.own.about import ABOUT, IMAGES, LABELS, About
from vae.data.own.drawn.drawing import SIDE, Drawing
from vae.data.own.drawn.folder import DRAWINGS, Drawn, find, locked
from vae.data.own.drawn.parting import parts_of
from vae.data.own.drawn.warping import Warping, copies_of
from vae.data.own.found import Tell
from vae.data.own.prepared import Prepared
from vae.data.sources import LIKE_MNIST
from vae.data.splits import SPLITS, Split
from vae.errors import UserError
from vae.files import owner, quota
from vae.files.leftovers import UNFINISHED
from vae.files.writing import copy, move_folder, refusal, write_atomically
from vae.options import validate

MOST_IMAGES = 200_000


def prepare(name: str, warping: Warping | None = None, tell: Tell | None = None) -> Prepared:
    """Prepare a drawn set under its name; the same drawings and options are prepared once.

    Parameters
    ----------
    tell : callable, optional
        Called with the drawings done and the drawings in all; what it raises ends the work.

    Raises
    ------
    UserError
        When there is no such set, it has too few drawings, or it cannot be written.
    """
    warping = warping or Warping()
    validate(warping)
    drawn = find(name)
    owner.check_change(prepared.folder() / name)
    about, splits = _made(drawn, warping, tell)
    quota.check_bytes(sum(one.images.nbytes for one in splits))
    with locked():
        before = _before(name)
        if before and (before.content, before.choices) == (about.content, about.choices):
            return prepared.find(name)
        if before:
            _set_aside(name, before)
        place = prepared.folder() / name
        images = np.concatenate([one.images for one in splits])
        labels = np.concatenate([_labels(one) for one in splits])
        write_atomically(place / IMAGES, _npy(images))
        write_atomically(place / LABELS, _npy(labels.astype("<i8")))
        # last: until it is there the set counts as not prepared
        write_atomically(place / ABOUT, about.to_bytes())
    return prepared.find(name)


def _made(drawn: Drawn, warping: Warping, tell: Tell | None) -> tuple[About, list[Split]]:
    parts = parts_of(drawn.drawings)
    learnt = len(parts["train"])
    images = learnt * (1 + warping.copies)
    if images > MOST_IMAGES:
        raise UserError(
            f"{learnt:,} drawings and {warping.copies} copies of each are {images:,} images, more "
            f"than the {MOST_IMAGES:,} that a drawn set may have; take fewer copies"
        )
    # a class that nothing was drawn of is none
    groups = [key for key in drawn.classes if drawn.of(key)]
    rows = {key: row for row, key in enumerate(groups)}
    splits = [
        _split(parts[name], rows, warping if name == "train" else replace(warping, copies=0), tell)
        for name in SPLITS
    ]
    about = About(
        title=title_of(len(drawn.drawings), learnt, warping),
        image_shape=(1, SIDE, SIDE),
        counts=(len(splits[0]), len(splits[1]), len(splits[2])),
        class_names=tuple(drawn.classes[key] for key in groups),
        content=_content(drawn, groups),
        choices={"height": SIDE, "width": SIDE, **asdict(warping)},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        sha256=tuple(one.sha256() for one in splits),
        framing=LIKE_MNIST,
    )
    return about, splits


def title_of(count: int, learnt: int, warping: Warping) -> str:
    """Say what a set was made of: how many were drawn, and how many of them were warped."""
    said = f"{count:,} drawings, {learnt:,} of them to learn from"
    return f"{said}, each warped {warping.copies} times" if warping.copies else said


def _split(
    drawings: list[Drawing], rows: dict[str, int], warping: Warping, tell: Tell | None
) -> Split:
    """Put the drawings before all copies: whoever looks at the first few sees what was drawn."""
    images = [one.pixels[None] for one in drawings]
    drawn = np.array([rows[one.group] for one in drawings], np.int64)
    for done, one in enumerate(drawings, 1):
        images.append(copies_of(one.pixels, warping))
        if tell is not None and warping.copies:
            tell(done, len(drawings))
    labels = np.concatenate([drawn, np.repeat(drawn, warping.copies)])
    return Split(np.concatenate(images), labels)


def _content(drawn: Drawn, groups: list[str]) -> str:
    made = hashlib.sha256()
    for one in drawn.drawings:
        made.update(f"{groups.index(one.group)} {one.number}\0".encode() + one.pixels.tobytes())
    made.update("\0".join(drawn.classes[key] for key in groups).encode())
    return made.hexdigest()


def _before(name: str) -> About | None:
    with suppress(UserError):
        return abouts.read(prepared.folder() / name)
    return None


def _set_aside(name: str, before: About) -> None:
    """Give what was prepared before a name of its own; the drawings stay under theirs.

    At any moment all drawings are whole under one of the two names.
    """
    base = prepared.folder()
    fresh = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=base))
    count = before.title.partition(" ")[0].replace(",", "")
    try:
        leave = shutil.ignore_patterns(ABOUT, IMAGES, LABELS)
        shutil.copytree(base / name, fresh, ignore=leave, copy_function=copy, dirs_exist_ok=True)
        other = prepared.free_name(f"{name}-{count}-drawings")
        move_folder(base / name, base / other)
        move_folder(fresh, base / name)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise refusal(f"prepare {name} in {base}", error) from None
    except UserError:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    shutil.rmtree(base / other / DRAWINGS, ignore_errors=True)


def _labels(split: Split) -> np.ndarray:
    assert split.labels is not None, "every drawing has a class"
    return split.labels


def _npy(values: np.ndarray) -> bytes:
    file = io.BytesIO()
    npy.write_array(file, values, (1, 0), allow_pickle=False)
    return file.getvalue()
