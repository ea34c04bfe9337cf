"""The same images, draws and path in each model, and the maps side by side."""

from collections.abc import Sequence

from ui.components.comparison import comparison


def pictures(models: Sequence[str]) -> None:
    """Draw what answers to the hand."""
    comparison(models)
