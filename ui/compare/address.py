"""What the page's address says of a choice: read when a visit begins, written when it changes."""

from collections.abc import Collection

import streamlit as st

from ui.state import held, put


def begin(name: str, key: str, options: Collection[str]) -> None:
    """Set the widget of a key to what the address asks for, once a visit, before it is drawn."""
    asked = st.query_params.get(name)
    if held(key) not in options:
        put(key, asked if asked in options else next(iter(options)))


def keep(name: str, value: str, usual: str | None = None) -> None:
    """Write a choice into the address; nothing for what a visit begins with anyway."""
    wanted = None if value == usual else value
    if st.query_params.get(name) == wanted:
        return
    if wanted is None:
        del st.query_params[name]
    else:
        st.query_params[name] = wanted
