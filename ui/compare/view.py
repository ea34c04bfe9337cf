"""What the page compares: models side by side, runs of one configuration, numbers of dimensions."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from ui.compare import address, beside
from ui.compare.sweeps import dimensions, retraining
from ui.state import held

NAME, KEY = "view", "compare_view"
"""In the address, and of the widget."""


@dataclass(frozen=True)
class View:
    """One of the things that the page compares."""

    title: str
    sentence: str
    """Says what it is and what to do with the hand."""
    explanation: str
    draw: Callable[[str], None]
    """Draws it; it is told the model that is open on every page."""


VIEWS = {
    "models": View("Side by side", beside.SENTENCE, beside.EXPLANATION, beside.beside),
    "retraining": View(
        "Retraining", retraining.SENTENCE, retraining.EXPLANATION, retraining.retraining
    ),
    "dimensions": View(
        "Dimensions", dimensions.SENTENCE, dimensions.EXPLANATION, dimensions.dimensions
    ),
}


def shown() -> View:
    """Tell which view is shown, before the choice is drawn."""
    address.begin(NAME, KEY, VIEWS)
    return VIEWS[held(KEY)]


def choose() -> View:
    """Let the visitor choose a view; the choice stands in the URL."""
    names = list(VIEWS)
    chosen = st.segmented_control(
        "View",
        names,
        required=True,
        format_func=lambda name: VIEWS[name].title,
        label_visibility="collapsed",
        key=KEY,
        persist_state="session",
    )
    name = chosen or names[0]
    address.keep(NAME, name, names[0])
    return VIEWS[name]
