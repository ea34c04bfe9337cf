"""Diagnose: what a model does well and badly, each finding with its evidence."""

import streamlit as st

from ui import frame, words
from ui.diagnose.view import view
from ui.state import AppState
from vae.errors import UserError

TITLE = "Diagnose"
ORDER = 6
SCRIPT = "diagnose/diagnose.js"

SENTENCE = "Take q by its centre or its rim: the bars follow."


def page() -> None:
    """Draw the page."""
    state = AppState()
    frame.heading(TITLE, SENTENCE)
    for notice in state.notices:
        st.warning(words.plain(notice))
    if state.model is None:
        st.info("There is no model to look at yet: train one, or put one into `checkpoints`.")
        return
    try:
        view(state.model)
    except UserError as error:
        st.error(words.plain(str(error)))


if __name__ == "__main__":
    page()
