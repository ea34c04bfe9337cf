"""The map's part of the page's address: what a link asks for, and what the next link will say.

The address is read once a visit, since the browser writes it from then on (chart_address.js).
Every chooser takes its own parameter just before its widget is drawn, and then says what the widget
holds.
"""

from collections.abc import Mapping, MutableMapping
from typing import Any

import streamlit as st

from ui.address import shown
from ui.state import store

ASKED, LINK, NOTICES = "map_asked", "map_link", "map_address_notices"
NAMES = (
    "map",
    "plane",
    "dims",
    "colour",
    "ellipses",
    "method",
    "k",
    "options",
    "projection",
    "show",
    "pick",
    "area",
    "image",
    "place",
    "zoom",
)
LONGEST = 6000
"""Characters of a parameter that are read at most."""


class MapAddress:
    """What the address asks of the map, and what it will say."""

    def __init__(self, kept: MutableMapping[str, Any] | None = None):
        self._store = store() if kept is None else kept

    def read(self, parameters: Mapping[str, str], model: str) -> None:
        """Take what the address asks of a model's map, once a visit, and begin a new link."""
        self._store[LINK] = dict.fromkeys(name for name in NAMES if name != "zoom")
        if ASKED not in self._store:
            asked = {name: parameters[name] for name in NAMES if name in parameters}
            self._store[ASKED] = {"model": model, **asked}
            self._store[NOTICES] = ()
        elif self._store[ASKED].get("model") != model:
            # what was asked of one model means nothing to another
            self._store[ASKED] = {}

    def asked(self, name: str) -> str | None:
        """What the address asks for and nobody has taken yet."""
        text = self._store.get(ASKED, {}).get(name)
        return None if text is None else text[:LONGEST]

    def take(self, name: str) -> str | None:
        """The same, once."""
        text = self.asked(name)
        if text is not None:
            self._store[ASKED] = {k: v for k, v in self._store[ASKED].items() if k != name}
        return text

    def choose(self, name: str, key: str, options: Mapping[str, Any]) -> None:
        """Set a widget to the option that the address names."""
        text = self.take(name)
        if text is None:
            return
        if text in options:
            self._store[key] = options[text]
        else:
            self.refuse(name, text, "choose " + ", ".join(options) if options else "leave it out")

    def keep(self, name: str, text: str | None, usual: str | None = None) -> None:
        """Say what the link says; nothing for what it shows anyway."""
        self._store[LINK][name] = None if text == usual else text

    def refuse(self, name: str, text: str, remedy: str) -> None:
        """Remember that the address asks for something that this map does not have."""
        said = (
            f"The address asks for {name} = {shown(text)}, which this map does not have; {remedy}."
        )
        self._store[NOTICES] = (*self._store.get(NOTICES, ()), said)

    @property
    def notices(self) -> tuple[str, ...]:
        """What was wrong with the address, one sentence each."""
        return self._store.get(NOTICES, ())

    def dismiss(self) -> None:
        """Forget what was wrong."""
        self._store[NOTICES] = ()

    @property
    def link(self) -> dict[str, str | None]:
        """What the address says of the picture beside the zoom."""
        return self._store.get(LINK, {})


def slug(text: str) -> str:
    """An option as an address has it: "Against the prior" becomes "against-the-prior"."""
    return text.lower().replace(" ", "-").replace("σ", "sigma")


def slugs(options: Any) -> dict[str, Any]:
    """The options by their names in an address."""
    return {slug(option): option for option in options}


def menu(name: str, label: str, options: Any, key: str, **settings: Any) -> Any:
    """Draw a menu that the address can set, and say in the link what it holds."""
    address, options = MapAddress(), list(options)
    address.choose(name, key, slugs(options))
    held = st.selectbox(label, options, key=key, persist_state="session", **settings)
    address.keep(name, slug(held), slug(options[0]))
    return held


def numbers(text: str, count: int, limit: float) -> tuple[float, ...] | None:
    """Read so many finite numbers with commas between them; None for anything else."""
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        return None
    # written so that a NaN fails too
    good = len(found) == count and all(abs(value) <= limit for value in found)
    return found if good else None
