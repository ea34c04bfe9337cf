"""Where a visitor stands in the step of own images: a token in the address, so a reload is back."""

import streamlit as st

from ui.state import held, put, store

OWN = "own"
"""Name of what was brought in the address; `NEW` where nothing was yet."""
NEW = "new"
_KEY, _SAID, _PRESSED = "train_own", "train_own_said", "train_own_pressed"
DATASET = "train.dataset"
"""Key of the form's choice of images."""


def token() -> str | None:
    """Return the token of what was brought, `NEW` before, None where the step is closed.

    The address counts for a new visit alone, as with the run that is shown.
    """
    kept: str | None = store().get(_KEY, st.query_params.get(OWN))
    return kept or None


def open_step() -> None:
    """Show the drop field."""
    go_to(NEW)


def go_to(token: str) -> None:
    """Show what was brought under a token."""
    store()[_KEY] = token
    st.query_params[OWN] = token


def close() -> None:
    """Show the form again."""
    store()[_KEY] = ""
    if OWN in st.query_params:
        del st.query_params[OWN]


def choose(name: str) -> None:
    """Choose a prepared set in the form, before that is drawn, and show the form."""
    put(DATASET, name)
    close()


def replace(old: str, new: str | None) -> None:
    """Follow a prepared set that has got another name, or is gone."""
    if held(DATASET) == old:
        if new is None:
            store().pop(DATASET, None)
        else:
            put(DATASET, new)


def say(sentence: str) -> None:
    """Keep a sentence for the next drawing."""
    store()[_SAID] = sentence


def said() -> str | None:
    """Take the sentence that was kept, if there is one."""
    sentence: str | None = store().pop(_SAID, None)
    return sentence


def press() -> None:
    """Note that the button was pressed; the page acts once it knows all fields."""
    store()[_PRESSED] = True


def was_pressed() -> bool:
    """Tell whether the button was pressed since this was asked last."""
    return bool(store().pop(_PRESSED, False))
