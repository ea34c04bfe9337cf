"""The address below which the app is served."""

import streamlit as st


def path() -> str:
    """Return it: empty, or "/" and a path."""
    path = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""
