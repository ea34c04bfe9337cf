"""Models and images, opened for a command."""

from typing import TYPE_CHECKING

from vae.commands.progress import progress
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint
    from vae.data import ImageDataset


def open_checkpoint(name: str, beta: float | None = None) -> "Checkpoint":
    """Read a model by its path or name, at one β where it was trained for a range of them."""
    from vae import checkpoint, library

    found = checkpoint.read(library.find(name))
    return found if beta is None else found.at(beta)


def open_dataset(name: str | None, checkpoint: "Checkpoint", quiet: bool) -> "ImageDataset":
    """Load a data set, by default the model's own, refusing images of another shape early."""
    from vae import data

    name = checkpoint.dataset.get("name") if name is None else name
    if not name:
        raise UserError("the model does not say what it was trained on; give --dataset NAME")
    source, expected = data.find(name), tuple(checkpoint.model.config.image_shape)
    if tuple(source.image_shape) != expected:
        raise UserError(
            f"the model takes images of {expected} (channels, height, width), those of {name} are "
            f"{tuple(source.image_shape)}; choose the data set the model was trained on"
        )
    return load_dataset(name, quiet)


def load_dataset(name: str, quiet: bool) -> "ImageDataset":
    """Load a data set, showing the download where there is one."""
    from vae import data

    with progress(f"downloading {name}", "bytes", quiet) as report:
        return data.load(name, progress=report)
