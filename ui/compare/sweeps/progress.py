"""How far a sweep is: which run trains, how long the rest takes, and a way to stop it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ui import navigation, words
from ui.compare.sweeps.state import SweepState
from ui.resources import sweeps
from ui.train import words as train_words
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.runs.members import MemberView
    from vae.sweep import Sweep

POLL_SECONDS = 2.0
ACTIVE = ("queued", "running")


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
    from vae.runs.members import look

    seen = look(sweep)
    if _states(seen) != before:
        st.rerun()
    if is_active(seen):
        st.progress(share(seen), text=words.plain(line(seen, sweeps.around(sweep))))
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


def line(seen: "Sequence[MemberView]", around: float = 0.0) -> str:
    """Say how many have finished, what the one that trains is at, and when the rest begins.

    ``around`` is what starting and measuring take of a run that waits, in seconds.
    """
    finished = sum(one.checkpoint is not None for one in seen)
    parts = [f"{finished} of {len(seen)} runs finished"]
    queued = [one for one in seen if one.state == "queued"]
    for one in seen:
        if one.state == "running" and one.run is not None:
            parts.append(f"{one.member.title}: {train_words.phase_line(one.run)}")
    if queued:
        first = queued[0].run.position if queued[0].run else None
        waits = f"{len(queued)} wait" if len(queued) > 1 else "1 waits"
        parts.append(f"{waits}, the first of them {train_words.place(first)}")
    if (left := remaining(seen, around)) is not None:
        parts.append(f"about {words.duration(left)} left")
    return " · ".join(parts)


def remaining(seen: "Sequence[MemberView]", around: float = 0.0) -> float | None:
    """Predict how long this sweep's runs still take, other runs aside; None where none says it."""
    total, known = 0.0, False
    budgets = [_budget(one) for one in seen]
    for one, budget in zip(seen, budgets, strict=True):
        if one.run is None or one.state not in ACTIVE:
            continue
        if one.state == "running" and one.run.remaining is not None:
            total, known = total + one.run.remaining + one.run.closing, True
        elif budget is not None:
            total, known = total + budget + around, True
    return total if known else None


def _budget(one: "MemberView") -> float | None:
    """Seconds that a run was given; starting and measuring are not among them."""
    given = (one.run.config.get("training") or {}).get("seconds") if one.run else None
    return float(given) if isinstance(given, int | float) else None


def left_out(seen: "Sequence[MemberView]") -> list[str]:
    """Say which members do not count, and why; those on their way are none of them."""
    said = []
    for one in seen:
        if one.checkpoint is None and one.state not in ACTIVE:
            why = f" ({one.error})" if one.error else ""
            said.append(f"{one.member.title}: {one.state}{why}, does not count.")
    return said


def _buttons(sweep: "Sweep", state: SweepState, seen: "Sequence[MemberView]") -> None:
    from vae.runs import sweep as runs

    with st.container(horizontal=True, gap="small"):
        if is_active(seen):
            asked = is_stopping(seen)
            if st.button("Stop", key=f"sweep.stop.{state.key}", disabled=asked):
                act_on(state, lambda: runs.cancel(sweep))
            if asked:
                st.caption("Stopping; what has finished stays.")
        elif st.button("Train the missing runs", key=f"sweep.again.{state.key}"):
            act_on(state, lambda: _retry(sweep, seen))


def _retry(sweep: "Sweep", seen: "Sequence[MemberView]") -> None:
    from vae.runs import sweep as runs

    for one in seen:
        if one.checkpoint is None:
            runs.retry(sweep, one.member)


def act_on(state: SweepState, act: Callable[[], None]) -> None:
    """Do it and draw the page anew; what cannot be done is a sentence."""
    try:
        act()
    except UserError as error:
        state.say(str(error))
    st.rerun()
