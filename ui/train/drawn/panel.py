"""Beside the sheet: the set's name, its warping, and the button that trains on it."""

from typing import TYPE_CHECKING

import streamlit as st

from ui import option_form, words
from ui.state import AppState, held
from ui.train.drawn import state, training
from ui.train.own import sets
from ui.train.own.words import counted
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.data.own.drawn import Drawn, Warping

RANDOM = "random weights"
SECONDS = 60


def panel(found: "Drawn") -> "Warping":
    """Draw the panel and return the warping that is chosen."""
    from vae.data.own.drawn import Warping, parts_of

    _name(found.name)
    warping, problem = Warping(copies=0), None
    try:
        warping = _warping()
        parts_of(found.drawings)
    except UserError as error:
        problem = str(error)
    st.caption(counts_line(found, warping))
    start_from = _start_from()
    seconds = st.number_input(
        "How long (s)", min_value=1, value=SECONDS, step=10, key="draw.seconds"
    )
    _train(found, warping, start_from, float(seconds), problem)
    with st.container(horizontal=True, gap="small"):
        _others(found.name)
        if found.drawings or found.classes:
            sets.delete(found.name)
    if sentence := state.said():
        st.error(words.plain(sentence[:1].upper() + sentence[1:]))
    return warping


def counts_line(found: "Drawn", warping: "Warping") -> str:
    """Say how many were drawn, how many of them are learnt from, and how many are warped."""
    from vae.data.own.drawn import counts_of

    parts = counts_of(found.drawings)
    line = (
        f"{counted(len(found.drawings), 'drawing')}: {parts['train']} to learn from, "
        f"{parts['validation']} for validation, {parts['test']} for the test."
    )
    if warping.copies and parts["train"]:
        line += f" {parts['train'] * warping.copies:,} warped copies join those to learn from."
    return line


def _name(name: str) -> None:
    key = f"draw.name.{name}"
    st.text_input(
        "Name of the set", name, max_chars=100, key=key, on_change=_renamed, args=(name, key)
    )


def _renamed(name: str, key: str) -> None:
    from vae.data.own import drawn

    new = str(held(key) or "").strip()
    if new in ("", name):
        return
    try:
        drawn.rename(name, new)
        state.open_set(new)
    except UserError as error:
        state.say(str(error))


def _warping() -> "Warping":
    from vae.data.own.drawn import Warping

    asked = option_form.widgets(Warping, leave_out=("seed",))
    if not st.toggle("Gentle warping", value=True, key="draw.warp", help=WARPING_HELP):
        return Warping(copies=0)
    held = {}
    for name, column in zip(asked, st.columns(len(asked), gap="small"), strict=True):
        with column:
            held[name] = option_form.draw_one(asked[name], f"draw.{name}")
    made: Warping = option_form.build(Warping, option_form.values(asked, held), "warping")
    return made


WARPING_HELP = (
    "Each drawing that is learnt from is also turned, shifted, stretched and bent a little, so "
    "that a few dozen are enough. What is held out for validation and the test stays as drawn."
)


def _start_from() -> str | None:
    found = training.origins()
    opened = AppState().model
    chosen: str | None = st.selectbox(
        "Start from",
        [None, *found],
        # the model that is open, where it fits
        1 + found.index(opened) if opened in found else 0,
        format_func=lambda name: RANDOM if name is None else name,
        key="draw.start_from",
        help="The weights that the first step finds: those of a model of images of this size, "
        "which then also says the networks and the objective, or random ones of a model with two "
        "latent dimensions.",
    )
    return chosen


def _train(
    found: "Drawn",
    warping: "Warping",
    start_from: str | None,
    seconds: float,
    problem: str | None,
) -> None:
    job = training.under_way()
    st.button(
        f"Train on {counted(len(found.drawings), 'drawing')}",
        key="draw.train",
        type="primary",
        width="stretch",
        disabled=problem is not None or job is not None,
        on_click=training.begin,
        args=(found.name, warping, start_from, seconds),
    )
    if job is not None:
        done = f"Warping drawing {job.done:,} of {job.total:,}" if job.total else "Preparing"
        line = "Waiting for the images of another visitor" if job.waits else done
        st.progress(job.done / job.total if job.total else 0.0, text=line)
        st.button("Stop", key="draw.stop", on_click=job.stop)
    elif problem:
        st.caption(words.plain(problem[:1].upper() + problem[1:] + "."))
    else:
        st.button(
            "More settings in the form",
            key="draw.prepare",
            type="tertiary",
            on_click=training.begin,
            args=(found.name, warping, start_from, None),
        )


def _others(name: str) -> None:
    from vae.data.own import drawn

    with st.popover("Other drawn sets", type="tertiary"):
        for other in drawn.names():
            if other != name:
                st.button(
                    words.plain(other),
                    key=f"draw.other.{other}",
                    type="tertiary",
                    on_click=state.open_set,
                    args=(other,),
                )
        st.button("A new set", key="draw.new", on_click=state.open_new)
