"""Data sets that are drawn by hand: pictures of each class on a sheet, kept one by one.

    name = begin()                              # an empty set in `VAE_RUNS/images/<name>/`
    star = add_class(name, "star")
    keep(name, star, token, pixels)             # 784 bytes as the browser's sheet makes them
    prepare(name, Warping(copies=40))           # now it is a data set by its name

A picture is kept in a file of its own, whole or not at all, and is known by a token that the
browser has chosen: sent twice it is there once. A set may be drawn on after it was prepared, and
prepared again.

Every picture is learnt from or held out for good, by its number in its class (`part_of`). Only what
is learnt from is warped, so no copy of a held-out picture is ever learnt from.
"""

from vae.data.own.drawn.drawing import SIDE, Drawing
from vae.data.own.drawn.folder import (
    Drawn,
    add_class,
    begin,
    discard,
    find,
    forget_empty,
    is_drawn,
    keep,
    names,
    number_of,
    pixels_of,
    remove,
    remove_class,
    rename,
    rename_class,
)
from vae.data.own.drawn.parting import counts_of, part_of, parts_of
from vae.data.own.drawn.preparing import prepare
from vae.data.own.drawn.warping import Warping, copies_of

__all__ = [
    "SIDE",
    "Drawing",
    "Drawn",
    "Warping",
    "add_class",
    "begin",
    "copies_of",
    "counts_of",
    "discard",
    "find",
    "forget_empty",
    "is_drawn",
    "keep",
    "names",
    "number_of",
    "part_of",
    "parts_of",
    "pixels_of",
    "prepare",
    "remove",
    "remove_class",
    "rename",
    "rename_class",
]
