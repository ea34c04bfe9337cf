"""The list of earlier runs: look again, go on, remove, and bring back what was removed."""

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import streamlit as st

from ui import words
from ui.train import comparison, removed, sweeps
from ui.train import shown as train_shown
from ui.train import words as train_words
from ui.train.row import Press, row
from ui.train.state import TrainState
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
    removed.undo()
    if not others:
        return
    # their number is not in the title: it would fold the list whenever a run is removed
    with st.expander("Other runs" if shown else "Runs", key="train.runs"):
        st.caption(f"{len(others):,} in all, the newest first")
        comparison.choose(runs)
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
    look = Press(
        words.plain(run.id),
        f"train.look.{run.id}",
        "Look at this run again",
        train_shown.remember,
        run.id,
    )
    remove = Press(
        "Remove",
        f"train.remove.{run.id}",
        "Cancel it first" if run.active else "Remove the run and its model",
        removed.remove_run,
        run.id,
        disabled=run.active,
    )
    parts = [train_words.when(run)]
    if run.step:
        parts.append(f"trained for {words.duration(run.seconds)}")
    if not run.active:
        parts.append(train_words.size(_bytes(run.path, run.updated)))
    unbroken = [part.replace(" ", "\u00a0") for part in parts]
    # a line ends with the dot, and does not begin with it
    caption = "\u00a0· ".join([_short_state(run), about.replace(" ·", "\u00a0·"), *unbroken])
    row(f"train-row-{run.id}", look, remove, caption)


def _list_more(listed: int) -> None:
    TrainState().list_more(listed + PAGE)


@lru_cache(maxsize=1000)
def _bytes(run: Path, updated: float) -> int:
    """Count what a run's folder takes on the disk; it stays so until its trainer says more."""
    found = 0
    for path in run.rglob("*"):
        with suppress(OSError):
            found += path.lstat().st_size
    return found


def _short_state(run: RunView) -> str:
    return train_words.state_line(run) if run.state == "queued" else run.state
