"""What was removed last, a run or a whole sweep, and the press that brings it back."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ui import words
from ui.train.shown import new_form
from ui.train.state import TrainState
from vae.errors import UserError
from vae.sweep import RECORD


def remove_run(run: str) -> None:
    """Remove a run and its model; what cannot be done is a sentence."""
    from vae.runs import control

    _remove(lambda: control.remove(run))


def remove_sweep(name: str) -> None:
    """Remove a sweep with all its runs; what cannot be done is a sentence."""
    from vae.runs import sweep as sweeps

    def act() -> Path:
        sweep = sweeps.Sweep.open(name)
        trashed = sweeps.remove(sweep)
        if TrainState().shown in [member.run for member in sweep.members]:
            new_form()
        return trashed

    _remove(act)


def _remove(act: Callable[[], Path]) -> None:
    try:
        TrainState().trashed = str(act())
    except UserError as error:
        TrainState().say(str(error))


def undo(show: Callable[[str], None] | None = None) -> None:
    """Offer to bring back what was removed last; draw nothing where nothing was.

    With ``show``, which is told the name of what is back, it offers sweeps alone.
    """
    trashed = TrainState().trashed
    if not trashed or (show and not (Path(trashed) / RECORD).is_file()):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Removed {words.plain(Path(trashed).name.rstrip('+'))}.")
        asked = (trashed, show)
        st.button("Undo", key="train.undo", type="tertiary", on_click=_restore, args=asked)


def _restore(trashed: str, show: Callable[[str], None] | None) -> None:
    from vae.runs import control

    TrainState().trashed = None
    try:
        path = control.restore(Path(trashed))
        if show:
            show(path.name)
    except UserError as error:
        TrainState().say(str(error))
