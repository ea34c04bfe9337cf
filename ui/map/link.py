"""What is chosen on the map: taken from a link before the map is drawn, and put into the next."""

from typing import Any

import numpy as np

from ui.map import clusters, outline
from ui.map.address import MapAddress, numbers
from ui.map.data import Opened
from ui.map.places import Places
from ui.map.state import Choice, MapState
from vae.models.place import FARTHEST

CLASS = "class"
Group = tuple[str, int]
"""What a menu can choose: ("class", label), or a clustering's text and the number of a cluster."""
LEFT_OUT = (
    "This selection has too many outlines for an address: it is left out of the address and of "
    "the shared link. Draw fewer, larger outlines to share it."
)


def restore(
    model: Opened, places: Places | None, groups: Any = None, clustering: Any = None
) -> None:
    """Choose what the address asks for; without places what needs a finished plane waits."""
    address = MapAddress()
    if places is not None and (text := address.take("area")) is not None:
        if not choose_drawn(model, places, text):
            address.refuse("area", text, "draw around points instead")
    if places is not None and (text := address.take("zoom")) is not None:
        MapState().zoom_to(places.id, text)
    _restore_pick(model, groups, clustering)
    if (text := address.take("image")) is not None:
        rows = np.flatnonzero(model.atlas.index.astype(str) == text)
        if len(rows):
            MapState().look_at(model.id, int(rows[0]))
        else:
            address.refuse("image", text, "choose another number")


def restore_place(model: Opened, plane: str) -> None:
    """Look at the place of the prior's plane that the address asks for."""
    address = MapAddress()
    if (text := address.take("zoom")) is not None:
        MapState().zoom_to(plane, text)
    if (text := address.take("place")) is not None:
        found = numbers(text, 2, FARTHEST)
        if found is None:
            address.refuse("place", text, "give two numbers, as in place=0.5,-1")
        else:
            MapState().look_at_place(model.id, (found[0], found[1]))


def _restore_pick(model: Opened, groups: Any, clustering: Any) -> None:
    address = MapAddress()
    text = address.asked("pick")
    if text is None or (text.startswith("cluster:") and groups is None):
        return
    address.take("pick")
    options = group_options(model, groups, clustering)
    named = {pick_text(option): option for option in options}
    if text in named:
        MapState().choose(picked(model, named[text], groups, clustering))
    else:
        address.refuse("pick", text, "choose a class or a cluster from the menu")


def choose_drawn(model: Opened, places: Places, drawn: str, longest: int = outline.LONGEST) -> bool:
    """Choose the images in outlines that were drawn on a plane; False for what is no outline."""
    outlines = outline.parse(drawn, longest)
    if outlines is None:
        return False
    rows = places.rows[outline.inside(places.xy, outlines)]
    MapState().choose(Choice(model.id, rows, "drawn around", places.id, drawn))
    return True


def group_options(model: Opened, groups: Any, clustering: Any) -> list[Group]:
    """What a menu offers to choose at once: the classes, and the clusters where there are any."""
    options: list[Group] = []
    if model.has_classes:
        found = np.unique(model.atlas.label[model.atlas.label >= 0])
        options += [(CLASS, int(label)) for label in found]
    if groups is not None:
        # a cluster of another method or k is another cluster, whatever its letter
        options += [(str(clustering), i) for i in range(len(groups.centres))]
    return options


def group_name(model: Opened, option: Group) -> str:
    """Name a class or a cluster."""
    kind, number = option
    if kind == CLASS:
        return f"class {model.class_name(number)}"
    return f"cluster {clusters.letters(number)}"


def picked(model: Opened, option: Group, groups: Any, clustering: Any) -> Choice:
    """The images of a class or a cluster."""
    by_class = option[0] == CLASS
    rows = np.flatnonzero((model.atlas.label if by_class else groups.label) == option[1])
    of = "" if by_class else f" of {clusters.title(clustering)}"
    return Choice(model.id, rows, group_name(model, option) + of, picked=pick_text(option))


def pick_text(option: Group) -> str:
    """A class or a cluster as the address has it."""
    kind, number = option
    return f"class:{number}" if kind == CLASS else f"cluster:{clusters.letters(number)}"


def keep_choice(model: Opened, places: Places) -> None:
    """Say in the link what is chosen on a plane."""
    address, choice = MapAddress(), MapState().choice(model.id)
    address.keep("pick", choice.picked or None)
    address.keep("area", choice.drawn if _drawn_here(choice, places) and _fits(choice) else None)
    address.keep("image", None if choice.image is None else str(model.atlas.index[choice.image]))


def left_out(model: Opened, places: Places) -> str:
    """Say that the outlines on a plane are too many for the link; empty where they fit."""
    choice = MapState().choice(model.id)
    return LEFT_OUT if _drawn_here(choice, places) and not _fits(choice) else ""


def _drawn_here(choice: Choice, places: Places) -> bool:
    return bool(choice.drawn) and choice.of == places.id


def _fits(choice: Choice) -> bool:
    return len(choice.drawn) <= outline.LONGEST


def keep_place(model: Opened) -> None:
    """Say in the link which place of the prior's plane is looked at."""
    place = MapState().choice(model.id).place
    MapAddress().keep("place", None if place is None else ",".join(f"{v:.6g}" for v in place))
