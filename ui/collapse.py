"""Models whose codes are all nearly equal, and the one sentence that pages say of them."""

from typing import TYPE_CHECKING

from ui import resources
from vae.models import usage

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

REMEDY = (
    "z hardly tells images apart here; choose another model, or train again with a smaller β, a "
    "smaller step size or a KL warm-up."
)


def line(name: str) -> str | None:
    """Say of a model of the library that its latent space has collapsed; None where it has not."""
    if not resources.of_model(name, _is_collapsed):
        return None
    return f"{usage.COLLAPSED[:1].upper()}{usage.COLLAPSED[1:]}. {REMEDY}"


def _is_collapsed(checkpoint: "Checkpoint") -> bool:
    # without encoded images nothing is known of its codes
    return checkpoint.atlas is not None and usage.is_collapsed(checkpoint.atlas.loc)
