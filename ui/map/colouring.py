"""Colours of the map's points: by group, by class, or by one number per image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ui.figures.colours import class_colour
from ui.figures.figure import literal
from ui.figures.scale import VALUE_STEPS, value_palette
from ui.map.data import ERROR, KL, SCALE, Opened

UNIT = {KL: "nats", ERROR: "nats", SCALE: "units of z"}
TAIL = 0.01
"""Share of the images beyond each end of a colour scale."""


@dataclass(frozen=True)
class Colouring:
    """What the points' colours mean."""

    ink: np.ndarray
    """Entry of the palette, uint8 (M,)."""
    palette: tuple[str, ...]
    hover: Sequence[str] | np.ndarray
    """What is said of a point: a name, or a number in `unit`."""
    unit: str = ""
    scale: tuple[float, float, str] | None = None
    """Ends and title of the colour bar."""
    names: tuple[tuple[str, str], ...] = ()
    """Name and colour of each group."""
    group: np.ndarray | None = None
    """Group of each point, (M,)."""
    note: str = ""


def by_group(names: Sequence[str], colours: Sequence[str], group: np.ndarray) -> Colouring:
    """Colour by group (M,), each with its name."""
    # 255 inks are enough for the ten class colours: groups of one colour share it
    palette = tuple(dict.fromkeys(colours))
    entry = np.array([palette.index(colour) for colour in colours], np.uint8)
    shown = tuple(zip(names, colours, strict=True))
    said = [literal(name) for name in names]
    return Colouring(entry[group], palette, [said[i] for i in group], names=shown, group=group)


def by_label(model: Opened, rows: np.ndarray) -> Colouring:
    """Colour by class."""
    labels, group = np.unique(model.atlas.label[rows], return_inverse=True)
    names = [model.class_name(int(label)) for label in labels]
    return by_group(names, [class_colour(int(label)) for label in labels], group)


def by_value(values: np.ndarray, what: str) -> Colouring:
    """Colour by one number per image, (M,)."""
    low, high = (float(edge) for edge in np.quantile(values, [TAIL, 1 - TAIL]))
    span = high - low if high > low else 1.0
    share = np.clip((values - low) / span, 0, 1)
    ink = np.rint(share * (VALUE_STEPS - 1)).astype(np.uint8)
    note = f"{what}: median {np.median(values):.3g} {UNIT[what]}; colours end at 1 % and 99 %"
    title = f"{what}, {UNIT[what]}"
    return Colouring(
        ink,
        value_palette(),
        values,
        UNIT[what],
        (low, low + span, title),
        note=note,
    )
