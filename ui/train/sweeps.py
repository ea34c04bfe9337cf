"""Sweeps in the list of runs: one row each, which opens to its members and ends all of them."""

from collections import Counter
from collections.abc import Callable

import streamlit as st

from ui import words
from ui.train import removed
from ui.train.row import Press
from ui.train.row import row as list_row
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
    unfolded = TrainState().unfolded == sweep.name
    name = Press(
        words.plain(sweep.name),
        f"train.unfold.{sweep.name}",
        "Fold its runs" if unfolded else "Show its runs",
        _fold,
        None if unfolded else sweep.name,
        icon=f":material/expand_{'less' if unfolded else 'more'}:",
    )
    said = words.plain(states_line(sweep, members))
    list_row(f"train-sweep-{sweep.name}", name, _does(sweep, members), said)
    if unfolded:
        with st.container(border=True, gap="small"):
            titles = {member.run: words.plain(member.title) for member in sweep.members}
            for run in members:
                draw(run, titles[run.id])


def _does(sweep: Sweep, members: list[RunView]) -> Press:
    """Offer to end what has not ended, or else to remove all of it."""
    if any(run.active for run in members):
        about = "End the runs that have not ended; what has finished stays"
        return Press("Cancel all", f"train.cancel.{sweep.name}", about, _cancel, sweep.name)
    about = f"Remove the sweep with all {len(members)} runs and their models"
    key = f"train.remove-sweep.{sweep.name}"
    return Press("Remove", key, about, removed.remove_sweep, sweep.name)


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
