"""Starting the run that the form asks for: to its end, or by one epoch."""

from typing import TYPE_CHECKING

import streamlit as st

from ui.train import shown
from ui.train.parts import KEY
from ui.train.state import ONE_EPOCH, TrainState
from vae.errors import UserError

if TYPE_CHECKING:
    from ui.train.form import Plan


def buttons(asked: "Plan | None") -> None:
    """Draw what starts the run: to its end, or by one epoch."""
    press = TrainState().press
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Train",
            key=f"{KEY}.start",
            type="primary",
            width="stretch",
            disabled=asked is None,
            on_click=press,
        )
        # what is computed at once has no epochs
        if asked is None or not asked.training.objective.at_once:
            st.button(
                "One epoch",
                key=f"{KEY}.start-epoch",
                disabled=asked is None,
                help="Start, make one pass over the training images, and pause",
                on_click=press,
                args=(ONE_EPOCH,),
            )


def start(asked: "Plan", epochs: int | None = None) -> None:
    """Start the run, for so many epochs or to its end, and show it, or say why it cannot be."""
    from vae.runs import control

    try:
        run = control.launch(
            asked.source.name, asked.model, asked.training, asked.start_from, epochs
        )
        shown.remember(run)
    except UserError as error:
        TrainState().say(str(error))
