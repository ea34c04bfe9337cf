"""The way back to Train's form from a step that stands in its place."""

from collections.abc import Callable

import streamlit as st


def to_form(key: str, close: Callable[[], None]) -> None:
    """Show the button that leaves the step."""
    st.button(
        "Back to the form",
        key=key,
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=close,
    )
