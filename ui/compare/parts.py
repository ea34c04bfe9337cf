"""What stands on the Compare page below the pictures, in its order."""

from collections.abc import Callable, Sequence

from ui.compare.numbers import numbers
from ui.compare.rates import rates

Part = Callable[[Sequence[str]], None]
"""Draws something of the models with these names, two to four of the same images."""

PARTS: tuple[Part, ...] = (numbers, rates)
