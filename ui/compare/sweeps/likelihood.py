"""The NLL of every finished run of a sweep: jobs that a press begins, kept on disk."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ui.resources import sweeps
from vae.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from vae.jobs.progress import JobStatus
    from vae.measures.registry import Measured
    from vae.sweep import Member, Sweep


class Count(NamedTuple):
    """How far the NLL of a sweep's runs is."""

    found: "dict[Member, Measured]"
    """Of the runs whose NLL is known."""
    total: int
    """Runs that have finished training."""
    running: bool
    progress: float
    """Share of all of it that is done, from 0 to 1."""
    remaining: float | None
    """Seconds left of the job at work; None before it has a pace."""
    error: str | None


def known(sweep: "Sweep") -> tuple[Count | None, str | None]:
    """Return how far the NLL is; or None and why there is none to measure, in a sentence."""
    try:
        if (reason := refusal(sweep)) is not None:
            return None, f"There is no NLL to measure: {reason}."
        return count(sweep), None
    except UserError as error:
        return None, f"There is no NLL to measure: {error}."


def count(sweep: "Sweep") -> Count:
    """Look how far the NLL of the finished runs is; `UserError` where the images are not here."""
    from vae.jobs import measures

    known, states = {}, []
    for member, path in sweep.finished().items():
        key = sweeps.nll_order(path, sweep.dataset).key()
        state = measures.status(key)
        states.append(state)
        if state.state == "finished":
            known[member] = measures.result(key)
    running = [state for state in states if state.state == "running"]
    errors = [state.error for state in states if state.error]
    return Count(
        known,
        len(states),
        bool(running),
        _progress(states),
        next((state.remaining for state in running if state.remaining is not None), None),
        errors[0] if errors else None,
    )


def _progress(states: "Sequence[JobStatus]") -> float:
    done = [1.0 if one.state == "finished" else one.progress for one in states]
    return sum(done) / len(done) if done else 0.0


def missing(sweep: "Sweep", known: Count) -> "list[Path]":
    """List the files of finished runs whose NLL is not known."""
    return [path for member, path in sweep.finished().items() if member not in known.found]


def refusal(sweep: "Sweep") -> str | None:
    """Say in a clause why the NLL of these runs has no meaning; None where it has one."""
    first = next(iter(sweep.finished().values()), None)
    return None if first is None else sweeps.nll_refusal(first, sweep.dataset)


def seconds(sweep: "Sweep", paths: "Sequence[Path]") -> float:
    """Predict how long the NLL of these files takes, one after another."""
    return sum(sweeps.nll_seconds(path, sweep.dataset) for path in paths)


def start(sweep: "Sweep", paths: "Sequence[Path]") -> None:
    """Begin measuring, or go on after a stop; `UserError` where nothing can be written."""
    from vae.jobs import measures

    for path in paths:
        measures.start(sweeps.nll_order(path, sweep.dataset))


def stop(sweep: "Sweep") -> None:
    """Stop what is running; what was found so far stays."""
    from vae.jobs import measures

    for path in sweep.finished().values():
        measures.cancel(sweeps.nll_order(path, sweep.dataset).key())
