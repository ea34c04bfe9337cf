"""The plane of rate and distortion: models as points, a multi-rate model as its curve."""

from collections.abc import Sequence


def rates(models: Sequence[str]) -> None:
    """Draw the plane of two to four models."""
    # it brings torch, which a page that is only listed does not need
    from ui.compare.rates.view import view

    view(tuple(models))
