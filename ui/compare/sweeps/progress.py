"""How far a sweep is: which run trains, how long the rest takes, and a way to stop it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ui import navigation, words
from ui.compare.sweeps.outlook import Outlook, outlook
from ui.compare.sweeps.state import SweepState
from ui.resources import predictions
from ui.train import words as train_words
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.runs.members import MemberView
    from vae.sweep import Member, Sweep

POLL_SECONDS = 2.0
ACTIVE = ("queued", "running")
MOST_NAMED = 5
"""So many runs without a model are named of each kind."""


def progress(sweep: "Sweep", state: SweepState) -> None:
    """Show how far a sweep is, drawn anew while runs are on their way; nothing once all is there.

    When a run ends the page is drawn anew, so that what was found counts it.
    """
    from vae.runs.members import look

    seen = look(sweep)
    if all(one.checkpoint for one in seen):
        return
    busy = is_active(seen)
    st.fragment(_progress, run_every=POLL_SECONDS if busy else None)(sweep, state, _states(seen))


def _progress(sweep: "Sweep", state: SweepState, before: tuple[str, ...]) -> None:
    from vae.runs import watch
    from vae.runs.members import look

    seen = look(sweep)
    if _states(seen) != before:
        st.rerun()
    if is_active(seen):
        ahead = outlook(seen, watch.runs(), predictions.predicted)
        st.progress(share(seen), text=words.plain(line(seen, ahead)))
    if said := left_out(seen):
        st.caption(words.plain(" ".join(said)))
    if not navigation.read_only():
        _buttons(sweep, state, seen)


def _states(seen: "Sequence[MemberView]") -> tuple[str, ...]:
    return tuple(one.state for one in seen)


def is_active(seen: "Sequence[MemberView]") -> bool:
    """Tell whether any member trains or waits."""
    return any(one.state in ACTIVE for one in seen)


def is_stopping(seen: "Sequence[MemberView]") -> bool:
    """Tell whether all that train or wait have been asked to end."""
    from vae.runs import orders

    paths = [one.run.path for one in seen if one.run is not None and one.state in ACTIVE]
    return all(orders.ending(orders.pending(path)) for path in paths)


def share(seen: "Sequence[MemberView]") -> float:
    """Tell how much of all members is done, from 0 to 1; those that ended early count as done."""
    done = [
        one.run.progress if one.run is not None and one.state in ACTIVE else 1.0 for one in seen
    ]
    return min(1.0, max(0.0, sum(done) / len(done)))


def line(seen: "Sequence[MemberView]", ahead: Outlook) -> str:
    """Say how many have finished, what the one that trains is at, and when all have ended."""
    finished = sum(one.checkpoint is not None for one in seen)
    parts = [f"{finished} of {len(seen)} runs finished"]
    queued = [one.run for one in seen if one.state == "queued"]
    for one in seen:
        if one.state == "running" and one.run is not None:
            parts.append(f"{one.member.title}: {train_words.phase_line(one.run)}")
    if queued:
        places = [run.position for run in queued if run and run.position]
        first = train_words.place(min(places)) if places else ""
        if len(queued) == 1:
            parts.append("1 waits" + f", {first}" * bool(first))
        else:
            parts.append(f"{len(queued)} wait" + f", the first of them {first}" * bool(first))
    if ahead.seconds is not None:
        others = f", {ahead.others} other run{'s' * (ahead.others > 1)} included"
        parts.append(f"about {words.duration(ahead.seconds)} left" + others * bool(ahead.others))
    return " · ".join(parts)


def left_out(seen: "Sequence[MemberView]") -> list[str]:
    """Say which members do not count, and why; those on their way are none of them."""
    gone, titles = missing(seen), dict[str, list[str]]()
    for one in seen:
        if one.member in gone:
            why = f"{one.state} ({one.error})" if one.error else one.state
            titles.setdefault(why, []).append(one.member.title)
    return [
        f"{_listed(names)}: {why}, {'do' if len(names) > 1 else 'does'} not count."
        for why, names in titles.items()
    ]


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    if more < 2:
        return " · ".join(names)
    return f"{' · '.join(names[:MOST_NAMED])} and {more} more runs"


def _buttons(sweep: "Sweep", state: SweepState, seen: "Sequence[MemberView]") -> None:
    from vae.runs import sweep as runs

    with st.container(horizontal=True, gap="small"):
        if is_active(seen):
            asked = is_stopping(seen)
            if st.button("Stop", key=f"sweep.stop.{state.key}", disabled=asked):
                act_on(state, lambda: runs.cancel(sweep))
            if asked:
                st.caption("Stopping; what has finished stays.")
        if gone := missing(seen):
            label = f"Train the missing run{'s' * (len(gone) > 1)}"
            if st.button(label, key=f"sweep.again.{state.key}"):
                act_on(state, lambda: _retry(sweep, gone))


def missing(seen: "Sequence[MemberView]") -> "list[Member]":
    """List the members that have no model and are not on their way to one."""
    return [one.member for one in seen if one.checkpoint is None and one.state not in ACTIVE]


def _retry(sweep: "Sweep", gone: "Sequence[Member]") -> None:
    from vae.runs import sweep as runs

    for member in gone:
        runs.retry(sweep, member)


def act_on(state: SweepState, act: Callable[[], None]) -> None:
    """Do it and draw the page anew; what cannot be done is a sentence."""
    try:
        act()
    except UserError as error:
        state.say(str(error))
    st.rerun()
