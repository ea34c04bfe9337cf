"""How grey pixels are read by all that is measured on the page."""

from collections.abc import Sequence

import streamlit as st

from ui import resources
from ui.state import store

INK = "compare_ink"


def ask(models: Sequence[str]) -> str:
    """Ask how grey pixels are read where that makes a difference; return the binarization."""
    if _matters(models):
        st.toggle(
            "Pixels drawn as black or white",
            key=INK,
            persist_state="session",
            help="Each grey pixel is drawn once, white as often as it is bright; the same draw "
            "for all models. Without it grey pixels count as shares of black and white, which "
            "gives no likelihood.",
        )
    return binarization(models)


def binarization(models: Sequence[str]) -> str:
    """Return what was chosen, as measures call it."""
    return "stochastic" if _matters(models) and store().get(INK) else "none"


def _matters(models: Sequence[str]) -> bool:
    return any(resources.checkpoint(model).model.likelihood.is_binary for model in models)
