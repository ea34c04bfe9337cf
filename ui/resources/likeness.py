"""What tells whether a picture is like the images that a model was trained on."""

from typing import TYPE_CHECKING

from ui import resources
from ui.resources import datasets

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint


def quantiles(name: str) -> list[float] | None:
    """Quantiles of log p(x|z) of held-out images, in nats; None where nothing can be said.

    They come from the model's file, else from the images where those are on this machine.
    """
    from vae.measures import likeness

    found = likeness.stored(resources.checkpoint(name))
    if found is None and datasets.originals(name) is not None:
        found = resources.of_model(name, _measured, name)
    return found


def _measured(opened: "Checkpoint", name: str) -> list[float]:
    from vae.measures import likeness

    found = datasets.originals(name)
    assert found is not None, "measured only where the images are here"
    return likeness.quantiles(opened.model, found.images, found.labels)
