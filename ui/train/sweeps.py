"""Sweeps in the list of runs: one row each, which opens to its members and ends all of them."""

from collections import Counter
from collections.abc import Callable

import streamlit as st

from ui import words
from ui.train.state import TrainState
from vae.errors import UserError
from vae.runs.watch import RunView
from vae.sweep import Sweep, of_run

Group = tuple[Sweep, list[RunView]]


def grouped(runs: list[RunView]) -> list[RunView | Group]:
    """Put the members of a sweep together, in its order, where the newest of them stands."""
    rows: list[RunView | Group] = []
    seen: dict[str, Group] = {}
    for run in runs:
        sweep = of_run(run.path) if "sweep" in run.config else None
        if sweep is None:
            rows.append(run)
        elif sweep.name in seen:
            seen[sweep.name][1].append(run)
        else:
            seen[sweep.name] = sweep, [run]
            rows.append(seen[sweep.name])
    for sweep, members in seen.values():
        order = [member.run for member in sweep.members]
        members.sort(key=lambda run: order.index(run.id))
    return rows


def row(sweep: Sweep, members: list[RunView], draw: Callable[[RunView, str], None]) -> None:
    """Draw the row of a sweep, and below it those of its members where it is unfolded."""
    state = TrainState()
    unfolded = state.unfolded == sweep.name
    with st.container(gap=None, key=f"train-sweep-{sweep.name}"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                words.plain(sweep.name),
                key=f"train.unfold.{sweep.name}",
                type="tertiary",
                icon=":material/expand_less:" if unfolded else ":material/expand_more:",
                help="Fold its runs" if unfolded else "Show its runs",
                on_click=_fold,
                args=(None if unfolded else sweep.name,),
            )
            st.space("stretch")
            if any(run.active for run in members):
                st.button(
                    "Cancel all",
                    key=f"train.cancel.{sweep.name}",
                    type="tertiary",
                    help="End the runs that have not ended; what has finished stays",
                    on_click=_cancel,
                    args=(sweep.name,),
                )
        st.caption(words.plain(states_line(sweep, members)))
    if unfolded:
        with st.container(border=True, gap="small"):
            titles = {member.run: words.plain(member.title) for member in sweep.members}
            for run in members:
                draw(run, titles[run.id])


def states_line(sweep: Sweep, members: list[RunView]) -> str:
    """Say what a sweep varies and how far its members are, those that are gone too."""
    counts = Counter(run.state for run in members)
    counts["deleted"] = len(sweep.members) - len(members)
    states = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    return f"sweep over {' and '.join(sweep.varied)} · {states}"


def _fold(name: str | None) -> None:
    TrainState().unfolded = name


def _cancel(name: str) -> None:
    from vae.runs import sweep as sweeps

    try:
        sweeps.cancel(Sweep.open(name))
    except UserError as error:
        TrainState().say(str(error))
