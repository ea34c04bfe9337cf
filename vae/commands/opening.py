"""Models and images, opened for a command."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from vae.commands.progress import progress
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint
    from vae.data import ImageDataset
    from vae.data.own import Choices, Found

MOST_NAMED = 10
"""So many files, labels or sizes are named; of more only how many there are."""


def open_checkpoint(name: str, beta: float | None = None) -> "Checkpoint":
    """Read a model by its path or name, at one β where it was trained for a range of them."""
    from vae import checkpoint, library

    found = checkpoint.read(library.find(name))
    return found if beta is None else found.at(beta)


def settled_dataset(given: str, quiet: bool) -> str:
    """Return the name of a data set that was given by its name, or by the path of own images.

    What lies at a path is prepared with the choices that suit it, unless that was done before.
    """
    from vae import data

    path = Path(given).expanduser()
    if data.is_known(given):
        return given
    if not given or not os.path.lexists(path):
        if os.sep in given:
            raise UserError(f"there is no file or folder {given}; check the path")
        # an unknown name is told by who looks for it
        return given
    from vae.data.own import bring

    def ready(found: "Found", choices: "Choices") -> None:
        for line in [] if quiet else describe(found):
            print(line, flush=True)

    with (
        progress(f"looking at {given}", "pictures", quiet) as looked,
        progress(f"preparing {given}", "pictures", quiet) as written,
    ):
        return bring(path, looked, written, ready).name


def open_dataset(name: str | None, checkpoint: "Checkpoint", quiet: bool) -> "ImageDataset":
    """Load a data set, by default the model's own, refusing images of another shape early."""
    from vae import data

    name = own_dataset(checkpoint) if name is None else name
    source, expected = data.find(name), tuple(checkpoint.model.config.image_shape)
    if tuple(source.image_shape) != expected:
        raise UserError(
            f"the model takes images of {expected} (channels, height, width), those of {name} are "
            f"{tuple(source.image_shape)}; choose the data set the model was trained on"
        )
    return load_dataset(name, quiet)


def own_dataset(checkpoint: "Checkpoint") -> str:
    """Name the data set that a model was trained on; `UserError` where it is not known here."""
    from vae import data

    said = checkpoint.dataset.get("name")
    if not said:
        raise UserError("the model does not say what it was trained on; give --dataset NAME")
    name = data.name_of(checkpoint.dataset)
    if name is None:
        raise UserError(
            f"the images {said} that the model was trained on are not on this machine; prepare "
            f"them again by python -m vae prepare PATH --name {said}, or give --dataset NAME"
        )
    return name


def load_dataset(name: str, quiet: bool) -> "ImageDataset":
    """Load a data set, showing the download where there is one."""
    from vae import data

    with progress(f"downloading {name}", "bytes", quiet) as report:
        return data.load(name, progress=report)


def describe(found: "Found") -> list[str]:
    """Say what was found, what is skipped, and what is to be known."""
    sizes = ", ".join(f"{h}×{w}" for h, w in list(found.sizes)[:MOST_NAMED])
    sizes += f" and {len(found.sizes) - MOST_NAMED:,} more" * (len(found.sizes) > MOST_NAMED)
    kind = "grey" if found.channels == 1 else "colour"
    lines = [f"{found.title}: {found.count:,} {kind} pictures of {sizes} pixels"]
    if names := found.class_names:
        shown = ", ".join(names[:MOST_NAMED]) + ", …" * (len(names) > MOST_NAMED)
        lines.append(f"{len(names):,} labels: {shown}")
    for title, count, some in (
        ("skipped", found.skipped_count, [f"{one.name}: {one.why}" for one in found.skipped]),
        ("copies", found.duplicate_count, [f"{a} of {b}" for a, b in found.duplicates]),
        ("nearly empty", found.nearly_empty_count, list(found.nearly_empty)),
    ):
        lines += [f"{title} {count:,}: " + "; ".join(some[:MOST_NAMED])] if count else []
    return [*lines, *(f"note: {note}" for note in found.notes)]
