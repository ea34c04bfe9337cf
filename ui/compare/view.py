"""What the page compares: models side by side, runs of one configuration, numbers of dimensions."""

from collections.abc import Callable

import streamlit as st

from ui.compare import address, beside
from ui.compare.sweeps import dimensions, retraining

NAME, KEY = "view", "compare_view"
"""In the address, and of the widget."""

View = Callable[[str], None]
"""Draws a view; it is told the model that is open on every page."""

VIEWS: dict[str, View] = {
    "models": beside.beside,
    "retraining": retraining.retraining,
    "dimensions": dimensions.dimensions,
}
TITLES = {
    "models": "Side by side",
    "retraining": "Retraining",
    "dimensions": "Dimensions",
}


def choose() -> View:
    """Let the visitor choose a view; the choice stands in the URL."""
    names = list(VIEWS)
    address.begin(NAME, KEY, names)
    held = st.segmented_control(
        "View",
        names,
        required=True,
        format_func=TITLES.__getitem__,
        label_visibility="collapsed",
        key=KEY,
        persist_state="session",
    )
    chosen = held or names[0]
    address.keep(NAME, chosen, names[0])
    return VIEWS[chosen]
