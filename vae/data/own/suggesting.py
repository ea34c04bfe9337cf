"""Which choices suit the pictures that were found, and what else might."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from vae.data.own.choices import DRAWN, GIVEN, Choices
from vae.data.own.levels import Levels
from vae.data.own.limits import SIDES

if TYPE_CHECKING:
    from vae.data.own.found import Picture

USUAL_SIDES = (28, 32, 64)
LIGHT = 0.6
"""Edges lighter than this share of white are a light ground."""
MOST = 0.9
EMNIST_SIZE = (28, 28)
LYING = "these seem to be pictures of EMNIST, which lie on their side: they are turned and mirrored"


def suggested(
    sizes: dict[tuple[int, int], int], channels: int, gives_split: bool = False
) -> Choices:
    """Keep the size that pictures have in common, where a model can have it; else a usual one."""
    colours = "grey" if channels == 1 else "colour"
    split = GIVEN if gives_split else DRAWN
    low, high = SIDES
    (height, width), count = next(iter(sizes.items()))
    if count == sum(sizes.values()) and low <= min(height, width) and max(height, width) <= high:
        return Choices(height=height, width=width, colours=colours, split=split)
    shorter = np.repeat([min(size) for size in sizes], list(sizes.values()))
    middle = float(np.median(shorter))
    side = max((one for one in USUAL_SIDES if one <= middle), default=USUAL_SIDES[0])
    return Choices(height=side, width=side, colours=colours, split=split)


def is_lying(name: str, sizes: dict[tuple[int, int], int], class_names: Sequence[str]) -> bool:
    """Tell whether pictures are those of EMNIST, which has rows and columns swapped.

    Its files say so by their name, or by the labels of its letters: 1 to 26, in 28×28 pixels.
    """
    in_a_table = ", picture " in name or ", line " in name
    letters = list(class_names) == [str(one) for one in range(1, 27)]
    known = "emnist" in name.lower() or letters
    return in_a_table and known and set(sizes) == {EMNIST_SIZE}


def upright(choices: Choices, lying: bool) -> Choices:
    """Swap rows and columns where pictures lie."""
    return choices.replace(turn="right", mirror=True) if lying else choices


def hints(pictures: Sequence["Picture"], levels: dict[str, Levels], channels: int) -> list[str]:
    """Say what might be chosen beside what is suggested."""
    from vae.data.own.shaping import edge_levels

    if channels == 3 or not pictures:
        return []
    units = (levels[one.values.dtype.name].to_unit(one.values[None]) for one in pictures)
    light = np.mean([float(edge_levels(unit).mean()) > LIGHT for unit in units])
    if light < MOST:
        return []
    return ["most pictures are dark on a light ground; swap black and white to have them as digits"]
