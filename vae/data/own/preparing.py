"""Preparing: every picture becomes an image of one shape, written once, whole or not at all."""

import hashlib
import io
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from vae.data.own import prepared
from vae.data.own.about import ABOUT, IMAGES, LABELS, About
from vae.data.own.block import Block
from vae.data.own.choices import Choices
from vae.data.own.files import PastLimit, megabytes
from vae.data.own.found import Found, Tell
from vae.data.own.framed import framing_of
from vae.data.own.looking import blocks
from vae.data.own.prepared import Prepared
from vae.data.own.shaping import shaped
from vae.data.own.shards import Shards, Writing
from vae.data.own.tally import digests
from vae.errors import UserError
from vae.files import disk, leftovers, owner, quota
from vae.files.leftovers import UNFINISHED
from vae.files.writing import move_folder, refusal, write_atomically
from vae.options import validate

LEFT_OUT = -1
"""Stands for the place of a picture that is not used."""


def prepare(
    found: Found,
    choices: Choices,
    name: str,
    tell: Tell | None = None,
    origin: tuple[str, ...] = (),
    stamp: str = "",
    by_default: bool = False,
) -> Prepared:
    """Write images into ``VAE_RUNS/images/<name>/`` and return them as a data set.

    Parameters
    ----------
    tell : callable, optional
        Called with the pictures done and the pictures in all; what it raises ends the work, and
        nothing is left of it.
    origin, stamp, by_default
        Where the files lie, what they look like, and whether the choices are those that were
        suggested; see `About`.

    Raises
    ------
    UserError
        When the name is none or taken, there are too few pictures, the files have changed since
        they were looked at, the disk is full, or a limit is passed.
    """
    owner.check_start()
    validate(choices)
    prepared.check_name(name)
    rows = found.splits(choices)
    _check_room(found, choices)
    base = prepared.folder()
    try:
        base.mkdir(parents=True, exist_ok=True)
        leftovers.sweep(base, kinds=(prepared.REMOVED,))
        made = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=base))
        try:
            owner.claim(made)
            about = _write(made, found, choices, rows, tell)
            about = replace(about, origin=origin, stamp=stamp, by_default=by_default)
            write_atomically(made / ABOUT, about.to_bytes())
            made.chmod(0o755)
            move_folder(made, base / name)
            disk.sync_folder(base)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except FileExistsError:
        raise UserError(f"there are images {name} already; choose another name") from None
    except OSError as error:
        raise refusal(f"prepare {name} in {base}", error) from None
    return prepared.find(name)


def content_of(found: Found) -> str:
    """Hash all pictures and labels, in hex: what tells whether a set was prepared from these."""
    made = hashlib.sha256(np.ascontiguousarray(found.digests).data)
    made.update(np.ascontiguousarray(found.labels).data)
    if found.gives_split:
        made.update(found.parts.tobytes())
    made.update("\0".join(found.class_names).encode("utf-8", "replace"))
    return made.hexdigest()


def _write(
    made: Path,
    found: Found,
    choices: Choices,
    rows: tuple[np.ndarray, np.ndarray, np.ndarray],
    tell: Tell | None,
) -> About:
    order = np.concatenate(rows)
    head = _header(len(order), choices)
    total, each = len(head) + found.prepared_bytes(choices), found.limits.shard_bytes
    several = each if total > each else 0
    files, shape = Shards(made / IMAGES, total, several), (len(order), *choices.image_shape)
    _write_images(files, head, found, choices, order, tell)
    with disk.created(made / LABELS) as file:
        npy.write_array(file, found.labels[order].astype("<i8"), (1, 0), allow_pickle=False)
    counts = (len(rows[0]), len(rows[1]), len(rows[2]))
    return About(
        title=found.title,
        image_shape=choices.image_shape,
        counts=counts,
        class_names=found.class_names,
        content=content_of(found),
        choices=choices.to_json(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        sha256=_hashes(files, len(head), counts, choices),
        framing=framing_of(prepared.mapped(made / IMAGES, shape, "u1", several)),
        notes=(*found.notes, *_left_out(found, choices)),
        skipped=found.skipped_count,
        shard_bytes=several,
    )


def _write_images(
    files: Shards, head: bytes, found: Found, choices: Choices, order: np.ndarray, tell: Tell | None
) -> None:
    """Write the images in the order of rows, int64 (N,), as they come: each at its place."""
    place = np.full(found.count, LEFT_OUT)
    place[order] = np.arange(len(order))
    size = int(np.prod(choices.image_shape))
    end = time.monotonic() + found.limits.seconds
    done = 0
    with Writing(files) as writing:
        writing.write(0, head)
        for block in _blocks(found):
            if done + len(block) > found.count:
                raise _changed(found)
            mine = slice(done, done + len(block))
            if not np.array_equal(digests(block.values), found.digests[mine]):
                raise _changed(found)
            images = shaped(block.values, found.levels[block.kind], choices)
            for image, at in zip(images, place[mine].tolist(), strict=True):
                if at != LEFT_OUT:
                    writing.write(len(head) + at * size, image.tobytes())
            done += len(block)
            if tell is not None:
                tell(done, found.count)
            if time.monotonic() > end:
                raise PastLimit("preparing the images took too long; bring fewer at a time")
        if done != found.count:
            raise _changed(found)


def _header(count: int, choices: Choices) -> bytes:
    """Return what the array of images begins with."""
    made = io.BytesIO()
    shape = (count, *choices.image_shape)
    npy.write_array_header_1_0(made, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return made.getvalue()


def _left_out(found: Found, choices: Choices) -> list[str]:
    count = found.count - len(found.kept(choices))
    return [f"{count:,} duplicates or nearly empty pictures were left out"] if count else []


def _blocks(found: Found) -> Iterator[Block]:
    """Read the pictures again; archives that this opens are closed again."""
    try:
        yield from blocks(found.streams, lambda name, why: None)
    finally:
        for one in found.archives:
            one.close()


def _hashes(
    files: Shards, start: int, counts: tuple[int, ...], choices: Choices
) -> tuple[str, ...]:
    """Hash the pixels of each split, which follow one another from a byte on."""
    size, made = int(np.prod(choices.image_shape)), []
    for count in counts:
        one, stop = hashlib.sha256(), start + count * size
        for piece in files.read(start, stop):
            one.update(piece)
        made.append(one.hexdigest())
        start = stop
    return tuple(made)


def _check_room(found: Found, choices: Choices) -> None:
    needed = found.prepared_bytes(choices)
    if needed > found.limits.prepared_bytes:
        raise PastLimit(
            f"{len(found.kept(choices)):,} images of {choices.height}×{choices.width} pixels take "
            f"{megabytes(needed)}, more than the {megabytes(found.limits.prepared_bytes)} that are "
            "allowed; choose smaller images or bring fewer"
        )
    quota.check_bytes(needed)
    there = next(path for path in (prepared.folder(), *prepared.folder().parents) if path.exists())
    if needed > shutil.disk_usage(there).free:
        raise UserError(
            f"the prepared images take {megabytes(needed)}, and the disk has less room; make room "
            "or choose smaller images"
        )


def _changed(found: Found) -> UserError:
    return UserError(
        f"the files of {found.title} have changed since they were looked at; try again"
    )
