"""What the server decodes itself: for large decoders, and the strip of images beside a model."""

from typing import TYPE_CHECKING, Any

import streamlit as st

from ui import resources
from ui.resources.datasets import one_of_each_first

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint


def is_large(name: str) -> bool:
    """Tell whether a decoder is too large to run in the browser at the screen's frame rate."""
    return _is_large(resources.version(name))


def decode(name: str, z: tuple[float, ...], label: int | None = None) -> bytes:
    """Decode z, as an image of a class, on the server: the mean pixels C·H·W, one byte each."""
    import torch

    from vae.models.pixels import to_bytes

    model = resources.checkpoint(name).model
    with torch.inference_mode():
        y = None if label is None else torch.tensor([label])
        image = model.decode_mean(torch.tensor([z]), y)
    return to_bytes(image).numpy().tobytes()


def sample_strip(name: str) -> bytes:
    """Return a PNG of a row of images that the model decodes."""
    return _sample_strip(resources.version(name))


@st.cache_resource(max_entries=256, show_spinner=False)
def _is_large(found: resources.Version) -> bool:
    from vae.export import networks as export

    return export.multiply_adds(resources.opened(found)) > export.FRAME_BUDGET


@st.cache_resource(max_entries=256, show_spinner=False)
def _sample_strip(found: resources.Version, count: int = 8) -> bytes:
    import torch

    from vae.export.pictures import png
    from vae.models.pixels import to_bytes

    opened = resources.opened(found)
    with torch.inference_mode():
        images = opened.model.decode_mean(*_strip_latents(opened, count))
    row = to_bytes(torch.cat(list(images), dim=2))
    return png(row.permute(1, 2, 0).numpy())


def _strip_latents(opened: "Checkpoint", count: int) -> tuple[Any, Any]:
    """Means of held-out images, one per class as far as there are classes; else prior samples.

    Beside them their classes, for a model that is told these.
    """
    import torch

    atlas = opened.atlas
    if atlas is None:
        classes = opened.model.conditioning.classes
        y = torch.arange(count) % classes if classes else None
        told = opened.model.conditioning.to_prior(y)
        return opened.model.prior.sample(count, torch.Generator().manual_seed(0), told), y
    rows = one_of_each_first(atlas.label)[:count]
    return torch.from_numpy(atlas.loc[rows]), torch.from_numpy(atlas.label[rows])
