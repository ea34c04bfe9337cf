"""The choice of two to four models."""

import streamlit as st

from ui import words
from ui.compare import partners
from ui.compare.chosen import KEY, LEAST, MODELS, MOST, Chosen
from ui.resources import families, kinds
from ui.state import AppState

NAMED = 4
"""Models of other images that are named one by one."""


def choose(model: str) -> list[str]:
    """Let the visitor choose what stands side by side; fewer than two where there is no other."""
    chosen = Chosen()
    first = chosen.begin(model, st.query_params.get(MODELS))
    if first != model:
        AppState().open_next(first)
        st.rerun()
    chosen.follow(model)
    fit = partners.beside(model)
    if not fit:
        st.info(words.plain(alone(model)))
        return [model]
    titles = families.titles()
    held: list[str] = st.multiselect(
        "Models side by side",
        [model, *families.folded(fit, [model, *(chosen.models or [])])],
        format_func=lambda name: titles.get(name, name),
        key=KEY,
        max_selections=MOST,
        on_change=chosen.changed,
        persist_state="session",
        help=said_of_others(model, fit),
    )
    if len(held) < LEAST:
        st.info(f"Choose at least {LEAST} models: there is nothing to compare one with.")
    return held


def alone(model: str) -> str:
    """Say that there is nothing to compare a model with."""
    dataset = kinds.of_library()[model].dataset or "its images"
    return (
        f"There is no other model of {dataset} on this machine. Train one on the Train page, or "
        "choose another model in the sidebar."
    )


def said_of_others(model: str, fit: list[str]) -> str:
    """Say which models are not offered, and why."""
    found = kinds.of_library()
    others = families.folded([name for name in found if name != model and name not in fit], [])
    if not others:
        return "All models on this machine were made for the same images."
    named = ", ".join(others[:NAMED]) + (" …" if len(others) > NAMED else "")
    return words.plain(
        f"Two to four models of the same images as the first ({found[model].dataset}), which is "
        f"the model in the sidebar. Not offered, since made for others: {named}."
    )
