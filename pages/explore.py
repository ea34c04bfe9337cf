"""Explore: drag z and watch the image; the screen everything starts from."""

import streamlit as st

from ui.latent_pad import latent_pad
from ui.state import AppState
from vae.errors import UserError

TITLE = "Explore"
ORDER = 1


def page() -> None:
    """Draw the page."""
    state = AppState()
    st.title("Explore")
    for notice in state.notices:
        st.warning(notice)
    if state.model is None:
        st.info("No model yet.")
        return
    try:
        latent_pad(state.model)
    except UserError as error:
        st.error(str(error))


if __name__ == "__main__":
    page()
