"""The step as a whole: the sheet, and beside it what is done with the drawings."""

import streamlit as st

from ui import words
from ui.components import drawing
from ui.train import back
from ui.train.drawn import panel, state, training

SENTENCE = "Draw a thing again and again, each time a little differently, and press Next."
LOST = "The set of drawings {name} is not on this server: it was renamed or deleted."
POLL_SECONDS = 0.5


def is_open() -> bool:
    """Tell whether the step is shown in place of the form."""
    return state.name() is not None


def draw_button(chosen: str) -> None:
    """Draw the button beside the form's choice of images that opens the step."""
    from vae.data.own import drawn

    more = drawn.is_drawn(chosen)
    if st.button(
        "Draw more" if more else "Draw your own",
        key="draw.open",
        type="tertiary",
        icon=":material/draw:",
        on_click=state.open_set if more else state.open_new,
        args=(chosen,) if more else (),
    ):
        # the form is a fragment of the page
        st.rerun()
    if sentence := state.said():
        st.warning(words.plain(sentence[:1].upper() + sentence[1:]))


def step() -> None:
    """Draw the step."""
    from vae.data.own import drawn

    name = state.name() or ""
    if not drawn.is_drawn(name):
        state.say(LOST.format(name=name[:100]))
        state.close()
        st.rerun()
    back.to_form("draw.back", state.close)
    busy = training.under_way() is not None
    st.fragment(_body, run_every=POLL_SECONDS if busy else None)(name, busy)


def _body(name: str, busy: bool) -> None:
    from vae.data.own import drawn

    if not drawn.is_drawn(name):
        st.rerun()
    left, right = st.columns([2.6, 1], gap="medium")
    with right:
        warping = panel.panel(drawn.find(name))
    with left:
        drawing.sheet(name, warping.strength if warping.copies else 0.0)
    if training.settle() or busy != (training.under_way() is not None):
        st.rerun()
