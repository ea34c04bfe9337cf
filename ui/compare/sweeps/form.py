"""The form of a new sweep: which configuration, how many runs, how long each."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from ui import navigation, words
from ui.compare.sweeps import plan as plans
from ui.compare.sweeps.plan import Plan
from ui.compare.sweeps.state import SweepState
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.sweep import Value

USUAL = ""
"""Stands for the Train page's defaults among the configurations."""
SECONDS = 60
FEWEST, MOST, FIRST = 3, 8, 5
"""Seeds of a sweep over seeds, and how many there are at first."""
DIMENSIONS = "2, 4, 8, 16, 32"

Varied = Callable[[], "dict[str, tuple[Value, ...]]"]
"""Draws the widgets of what is varied and reads them."""


def form(model: str, option: str, varied: Varied) -> None:
    """Draw the form, the time it will take, and the button that starts it."""
    if navigation.read_only():
        st.caption("On this server visitors only look: nothing is trained here.")
        return
    st.fragment(_form)(model, option, varied)


def _form(model: str, option: str, varied: Varied) -> None:
    state, asked, line, problem = SweepState(option), None, "", None
    try:
        asked = _asked(model, option, varied)
        line = _told(asked)
    except UserError as error:
        problem = str(error)
    label = "Train" if asked is None else f"Train {asked.runs} runs"
    st.button(
        label,
        key=f"sweep.start.{option}",
        type="primary",
        disabled=problem is not None,
        on_click=state.press,
    )
    if state.was_pressed() and asked is not None and problem is None:
        _start(asked, state)
        st.rerun()
    if problem:
        st.error(words.plain(problem))
    else:
        st.caption(words.plain(line))


def _asked(model: str, option: str, varied: Varied) -> Plan:
    chosen = st.selectbox(
        "Configuration",
        [model, USUAL],
        format_func=lambda name: f"as {name} was trained" if name else "the Train page's defaults",
        key=f"sweep.of.{option}",
        help="All runs share it: architecture, objective, prior, step size and the rest.",
    )
    left, right = st.columns(2, gap="small")
    with left:
        values = varied()
    with right:
        seconds = st.number_input(
            "Seconds of training for each",
            1,
            86_400,
            SECONDS,
            step=10,
            key=f"sweep.seconds.{option}",
        )
    configuration = plans.of_model(chosen) if chosen else plans.usual()
    return plans.plan(configuration, seconds, values)


def seeds() -> "dict[str, tuple[Value, ...]]":
    """Draw how many seeds are tried."""
    count = st.slider(
        "Runs, each from another seed",
        FEWEST,
        MOST,
        FIRST,
        key="sweep.seeds",
        help="The seed draws the weights that training starts from and the order of the images.",
    )
    return {"seed": tuple(range(count))}


def dimensions() -> "dict[str, tuple[Value, ...]]":
    """Draw which numbers of dimensions are tried, and how often each."""
    text = st.text_input("Numbers of dimensions", DIMENSIONS, key="sweep.dimensions")
    count = st.slider(
        "Seeds of each",
        1,
        3,
        1,
        key="sweep.repeats",
        help="With two or more the errors also tell what retraining alone changes.",
    )
    found: dict[str, tuple[Value, ...]] = {"z_dim": plans.read_dimensions(text)}
    return found | ({"seed": tuple(range(count))} if count > 1 else {})


def _told(asked: Plan) -> str:
    from vae.runs import watch

    runs = watch.runs()
    return plans.told(asked, plans.seconds_of(asked, runs), runs)


def _start(asked: Plan, state: SweepState) -> None:
    from vae.runs import sweep

    try:
        made = sweep.launch(asked.dataset, asked.model, asked.training, asked.varied)
        state.show_next(made.name)
    except UserError as error:
        state.say(str(error))
