"""The numbers of the models side by side, with their errors and tests."""

from collections.abc import Sequence


def numbers(models: Sequence[str]) -> None:
    """Draw the table; what is not measured yet comes row by row."""
    # it brings torch, which a page that is only listed does not need
    from ui.compare.numbers.view import view

    view(tuple(models))
