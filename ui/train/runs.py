"""The list of earlier runs: look again, go on, remove, and bring back what was removed."""

from pathlib import Path

import streamlit as st

from ui import words
from ui.train import shown as train_shown
from ui.train import sweeps
from ui.train import words as train_words
from ui.train.state import TrainState
from vae.errors import UserError
from vae.runs.watch import RunView

PAGE = 50
"""Runs that are listed at first, and that each press adds."""


def run_list(runs: list[RunView], shown: RunView | None) -> None:
    """List the runs there are, the newest first, but the one that is shown."""
    others = [
        one
        for one in sweeps.grouped(runs)
        # of a sweep all members are counted, the one that is shown too
        if not isinstance(one, RunView) or shown is None or one.id != shown.id
    ]
    _undo()
    if not others:
        return
    with st.expander(f"Other runs ({len(others):,})" if shown else f"Runs ({len(others):,})"):
        listed = TrainState().listed(PAGE)
        for one in others[:listed]:
            if isinstance(one, RunView):
                _row(one)
            else:
                sweeps.row(*one, _row)
        if (older := len(others) - listed) > 0:
            st.button(
                f"Show {min(PAGE, older)} more of {older:,} older runs",
                key="train.older",
                type="tertiary",
                on_click=_list_more,
                args=(listed,),
            )


def _row(run: RunView, title: str = "") -> None:
    """Draw a run; ``title`` says in what it differs from the other members of its sweep."""
    about = title or train_words.images_line(run)
    with st.container(gap=None, key=f"train-row-{run.id}"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                words.plain(run.id),
                key=f"train.look.{run.id}",
                type="tertiary",
                help="Look at this run again",
                on_click=train_shown.remember,
                args=(run.id,),
            )
            st.space("stretch")
            st.button(
                "Remove",
                key=f"train.remove.{run.id}",
                type="tertiary",
                disabled=run.active,
                help="Cancel it first" if run.active else "Remove the run and its model",
                on_click=_remove,
                args=(run.id,),
            )
        st.caption(f"{_short_state(run)} · {about} · {train_words.when(run)}")


def _list_more(listed: int) -> None:
    TrainState().list_more(listed + PAGE)


def _short_state(run: RunView) -> str:
    return train_words.state_line(run) if run.state == "queued" else run.state


def _remove(run: str) -> None:
    from vae.runs import control

    try:
        trashed = control.remove(run)
        TrainState().trashed = str(trashed)
    except UserError as error:
        TrainState().say(str(error))


def _undo() -> None:
    trashed = TrainState().trashed
    if not trashed:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Removed {words.plain(Path(trashed).name.rstrip('+'))}.")
        st.button("Undo", key="train.undo", type="tertiary", on_click=_restore, args=(trashed,))


def _restore(trashed: str) -> None:
    from vae.runs import control

    TrainState().trashed = None
    try:
        control.restore(Path(trashed))
    except UserError as error:
        TrainState().say(str(error))
