"""The step as a whole: the drop field, then what was understood, then the work."""

from pathlib import Path

import streamlit as st

from ui import words
from ui.train import back
from ui.train.own import asking, brought, choosing, sets, state, upload
from ui.train.own import words as own_words
from ui.train.own.brought import Brought
from ui.train.own.job import Job

HERE = Path(__file__).parent
POLL_SECONDS = 1.0
SENTENCE = "Drop your images here, and see what was understood before anything is trained."
LOST = (
    "What you brought is no longer in this server's memory: it was stopped, or an hour has passed. "
    "Bring the files again; prepared sets are all there."
)


def is_open() -> bool:
    """Tell whether the step is shown in place of the form."""
    return state.token() is not None


def bring_button() -> None:
    """Draw the button beside the form's choice of images that opens the step."""
    if st.button(
        "Bring your own images",
        key="own.open",
        type="tertiary",
        icon=":material/upload:",
        on_click=state.open_step,
    ):
        # the form is a fragment of the page
        st.rerun()


def step() -> None:
    """Draw the step."""
    st.html(HERE / "own.css")
    token = state.token() or state.NEW
    one = None if token == state.NEW else brought.find(token)
    if token != state.NEW and one is None:
        state.say(LOST)
        state.open_step()
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        back.to_form("own.back", state.close)
        if one is not None:
            st.button(
                "Bring others", key="own.others", type="tertiary", on_click=_others, args=(token,)
            )
    if sentence := state.said():
        st.warning(words.plain(sentence[:1].upper() + sentence[1:]))
    if one is None:
        _first()
        return
    every = POLL_SECONDS if one.stage in ("looking", "preparing") else None
    st.fragment(_stage, run_every=every)(token, one, one.stage)


def _first() -> None:
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        upload.drop_field()
    with right:
        sets.listed()


def _stage(token: str, one: Brought, stage: str) -> None:
    if one.stage != stage:
        st.rerun()
    found = one.found
    if stage == "prepared" and one.prepared is not None:
        name = one.prepared.name
        brought.forget(token)
        state.choose(name)
        st.rerun()
    elif stage == "preparing" and one.preparing is not None:
        _progress("Preparing", one.preparing)
    elif found is not None:
        left, right = st.columns([1.35, 1], gap="medium")
        with left:
            choosing.understood(one, found)
        with right:
            choosing.use(token, one, found)
    elif stage == "refused" and one.asked is not None:
        asking.size(one, one.asked)
    elif stage == "refused":
        why = one.looking.error or "looking at the files was stopped; bring them again"
        st.error(words.plain(why[:1].upper() + why[1:]))
        st.button("Bring others", key="own.again", on_click=_others, args=(token,))
    else:
        _progress("Looking at", one.looking)


def _progress(doing: str, job: Job) -> None:
    """Draw how far the work is, and a way to stop it."""
    done = f"{job.done:,} of {own_words.counted(job.total, 'picture')}"
    line = "Waiting for the images of another visitor" if job.waits else f"{doing} {done}"
    st.progress(job.done / job.total if job.total else 0.0, text=line)
    st.button("Stop", key="own.stop", on_click=job.stop)


def _others(token: str) -> None:
    brought.forget(token)
    state.open_step()
