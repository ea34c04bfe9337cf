"""Which drawn set a visitor draws into: its name stands in the address, so a reload is back."""

import streamlit as st

from ui.state import store

DRAW = "draw"
"""Name of the set in the address."""
_KEY, _SAID = "train_drawn", "train_drawn_said"


def name() -> str | None:
    """Return the name of the set that is drawn into; None where the step is closed.

    The address counts for a new visit alone, as with the run that is shown.
    """
    kept: str | None = store().get(_KEY, st.query_params.get(DRAW))
    return kept or None


def open_new() -> None:
    """Begin a set and show its sheet."""
    from vae.data.own import drawn
    from vae.errors import UserError

    try:
        open_set(drawn.begin())
    except UserError as error:
        say(str(error))


def open_set(name: str) -> None:
    """Show the sheet of a set."""
    store()[_KEY] = name
    st.query_params[DRAW] = name


def close() -> None:
    """Show the form again; a set in which there is nothing yet is not kept."""
    from vae.data.own import drawn

    if (there := name()) is not None:
        drawn.forget_empty(there)
    store()[_KEY] = ""
    if DRAW in st.query_params:
        del st.query_params[DRAW]


def say(sentence: str) -> None:
    """Keep a sentence for the next drawing of the page."""
    store()[_SAID] = sentence


def said() -> str | None:
    """Take the sentence that was kept, if there is one."""
    sentence: str | None = store().pop(_SAID, None)
    return sentence
