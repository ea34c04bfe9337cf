"""The field of the form that says how long to train."""

from typing import Any

import streamlit as st

from ui import option_form
from ui.train.parts import KEY
from vae.errors import UserError

BY_TIME, BY_EPOCHS = "seconds", "epochs"
BUDGET = (BY_EPOCHS, BY_TIME)
FIRST_EPOCHS = 10
"""What the field of epochs starts with, for whoever prefers these to seconds."""


def draw(objective: type[Any]) -> dict[str, Any]:
    """Draw the fields and return what they hold: seconds or epochs; nothing is asked at once."""
    from vae.training.config import DEFAULT_SECONDS, TrainConfig

    if objective.at_once:
        st.caption(
            f"{option_form.title_of(objective)} is computed at once: there is no time to set."
        )
        return {}
    asked = option_form.widgets(TrainConfig)
    left, right = st.columns(2, gap="small")
    with left:
        unit = st.selectbox(
            "How long",
            (BY_TIME, BY_EPOCHS),
            format_func=str.capitalize,
            key=f"{KEY}.budget",
            help="A time, counted from the first step, or passes over the training images. The "
            "step size falls to 0 towards the end, so a model is at its best when the end is "
            "reached.",
            persist_state="session",
        )
    with right:
        first = DEFAULT_SECONDS if unit == BY_TIME else FIRST_EPOCHS
        step = 10.0 if unit == BY_TIME else 1
        widget = asked[unit]._replace(default=first, optional=False, step=step)
        held = option_form.draw_one(widget, f"{KEY}.training.{unit}")
    return {unit: held}


def values(budget: dict[str, Any]) -> dict[str, Any]:
    """Check that a budget was given; `UserError` where its field is empty."""
    if any(value is None for value in budget.values()):
        raise UserError("say how long to train: a number of seconds or of epochs")
    return budget
