"""Which run a visitor looks at on the Train page."""

import math

import streamlit as st

from ui.train.state import TrainState
from vae.errors import UserError
from vae.runs import watch
from vae.runs.watch import RunView

RUN = "run"
"""Name of the shown run in the address."""
FORM = ""
"""Stands for a run while the form is asked for, whatever run there is."""


def shown_run(runs: list[RunView]) -> RunView | None:
    """Find the run to show: the last one looked at, else the address's, else the active one.

    None where the form is to be shown. A run that is gone becomes a sentence for the page. The
    address is only read by a new visit: a poll that was on its way while the visitor chose
    something else brings the old address along once more.
    """
    asked = TrainState().shown
    asked = st.query_params.get(RUN) if asked is None else asked
    if asked == FORM:
        forget(form=True)
        return None
    if asked:
        try:
            run = watch.view(asked)
            remember(run.id)
            return run
        except UserError as error:
            TrainState().say(str(error))
            forget()
    active = [run for run in runs if run.active]
    if not active:
        return None
    # the one that trains rather than those that wait for it
    run = min(active, key=_turn)
    remember(run.id)
    return run


def _turn(run: RunView) -> tuple[bool, float]:
    """Order runs by when they train: what waits without a place in the queue comes last."""
    return run.state != "running", run.position or math.inf


def last_seen(runs: list[RunView]) -> RunView | None:
    """Find the run whose pictures stand beside the form: the one that trains, else the newest."""
    seen = [run for run in runs if run.step and run.state != "damaged"]
    return next((run for run in seen if run.active), seen[0] if seen else None)


def remember(run: str) -> None:
    """Show this run from now on, also after a reload."""
    TrainState().shown = run
    if st.query_params.get(RUN) != run:
        st.query_params[RUN] = run


def forget(form: bool = False) -> None:
    """Show no run in particular; with ``form`` show the form even while one is active."""
    TrainState().shown = FORM if form else None
    if RUN in st.query_params:
        del st.query_params[RUN]


def new_form() -> None:
    """Show the form as the visitor left it."""
    TrainState().prefilled = None
    forget(form=True)
