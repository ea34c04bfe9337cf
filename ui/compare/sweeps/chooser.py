"""The choice of a sweep, and the form of a new one beside it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from ui import navigation, words
from ui.compare import address
from ui.compare.sweeps import form as forms
from ui.compare.sweeps.change import change
from ui.compare.sweeps.form import Varied
from ui.compare.sweeps.state import SweepState
from ui.train import removed
from ui.train.state import TrainState

if TYPE_CHECKING:
    from vae.sweep import Sweep


def choose(
    model: str,
    option: str,
    varied: Varied,
    fits: "Callable[[Sweep], bool]",
    invitation: str,
) -> "Sweep | None":
    """Let the visitor choose one of the sweeps that fit, or start one; None where there is none.

    ``invitation`` says what to press and why, where there is nothing to look at yet.
    """
    from vae.sweep import sweeps

    state = SweepState(option)
    found = {one.name: one for one in sweeps() if fits(one)}
    state.take_next()
    removed.undo(state.show_next)
    if not found:
        with st.container(border=True):
            st.markdown(invitation)
            forms.form(model, option, varied)
            _say(state)
        return None
    address.begin(state.name, state.key, found)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        held = st.selectbox(
            "Sweep",
            list(found),
            format_func=lambda name: title(found[name]),
            key=state.key,
            persist_state="session",
        )
        if not navigation.read_only():
            change(found[held], state)
            # another one with each new sweep, so that it closes when that has been started
            with st.popover("New sweep", key=f"sweep.new.{option}.{len(found)}"):
                forms.form(model, option, varied)
    address.keep(state.name, held)
    _say(state)
    return found[held]


def _say(state: SweepState) -> None:
    for sentence in filter(None, (state.said(), TrainState().said())):
        st.warning(words.plain(sentence))


def title(sweep: "Sweep") -> str:
    """Say what a sweep is: its name, its images, what it varies; the same once it has more runs.

    The browser keeps the words of what was chosen.
    """
    return f"{sweep.name} · {sweep.dataset} · over {' and '.join(sweep.varied)}"
