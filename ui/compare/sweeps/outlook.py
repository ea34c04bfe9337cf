"""How long the runs of a sweep still take, other people's runs that are trained before them too."""

import math
import statistics
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from vae.files import owner

if TYPE_CHECKING:
    from vae.runs.estimate import Estimate
    from vae.runs.members import MemberView
    from vae.runs.watch import RunView

    Predict = Callable[[RunView], Estimate | None]
    """Predicts a whole run before it begins; None where that cannot be told."""


class Outlook(NamedTuple):
    """What is still to come."""

    seconds: float | None
    """None where nothing tells how long it takes."""
    others: int = 0
    """Runs of no member that are trained before the last one of the sweep, and counted in."""


def outlook(seen: "Sequence[MemberView]", runs: "Sequence[RunView]", predict: "Predict") -> Outlook:
    """Predict when the last run of a sweep has ended; ``runs`` are all there are, its own too."""
    own = [one.run for one in seen if one.run is not None]
    if _others_come_between(runs):
        return Outlook(None)
    active = [run for run in own if run.active]
    names = {run.id for run in own}
    before = _before(active, [run for run in runs if run.active and run.id not in names])
    slowness = _slowness(own, predict)
    known = [_left(run, predict(run), slowness) for run in [*active, *before]]
    told = [seconds for seconds in known if seconds is not None]
    return Outlook(sum(told) if told else None, len(before))


def _others_come_between(runs: "Sequence[RunView]") -> bool:
    """Tell whether runs that a visitor may not see are trained, or wait, before theirs."""
    if owner.asking().sees_all:
        return False
    from vae.runs import queue

    seen, waiting = {run.path.resolve() for run in runs}, queue.waiting()
    trains = any(run.state == "running" for run in runs)
    return not seen.issuperset(waiting) or bool(waiting) and not trains


def _before(active: "list[RunView]", others: "list[RunView]") -> "list[RunView]":
    """List the other runs that are trained before the last of these."""
    waiting = [run for run in active if run.state == "queued"]
    if not waiting:
        return []
    # a process that trains a whole sweep lets its runs join the end of the queue one by one,
    # so that those of two such sweeps take turns
    held = [run for run in waiting if run.position is None]
    last = math.inf if held else max(run.position or 0 for run in waiting)
    first = [run for run in others if run.state == "running" or (run.position or math.inf) < last]
    turns = [run for run in others if run.state == "queued" and run.position is None]
    return first + turns[: len(held)]


def _left(run: "RunView", predicted: "Estimate | None", slowness: float) -> float | None:
    """Seconds that a run still takes, measuring included."""
    if run.state == "running" and run.remaining is not None:
        return run.remaining + run.closing
    if predicted is None:
        return None
    # a time that was given is kept by any machine
    pace = 1.0 if predicted.steps is None else slowness
    return pace * predicted.training * (1 - run.share) + predicted.around


def _slowness(own: "Sequence[RunView]", predict: "Predict") -> float:
    """Tell how many times longer than predicted the runs of a sweep take; 1 before any tells."""
    found = []
    for run in own:
        whole = run.seconds + (run.remaining or 0.0)
        predicted = predict(run) if run.state in ("running", "finished") and run.step else None
        if predicted is not None and predicted.steps is not None:
            found.append(whole / predicted.training)
    return statistics.median(found) if found else 1.0
