"""Sentences about a training run: where it stands, how long, how much, what remains."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ui import words
from vae.errors import UserError
from vae.runs import origin

if TYPE_CHECKING:
    from vae.runs.records import Line
    from vae.runs.watch import RunView

ORDINALS = {1: "next", 2: "2nd", 3: "3rd"}


def size(count: int) -> str:
    """Write a number of bytes in MB, or in kB where it is less than a tenth of one."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"


def state_line(run: "RunView") -> str:
    """Say in words where a run stands."""
    kept = f"what was learnt up to step {run.step:,} is kept"
    lines = {
        "queued": queued_line(run.position),
        "running": phase_line(run),
        "paused": f"paused; {kept}" if run.step else "paused before its first step",
        "finished": "finished",
        "cancelled": f"cancelled; {kept}" if run.step else "cancelled before its first step",
        "failed": "failed",
        "interrupted": f"interrupted: the trainer was stopped; {kept}"
        if run.step
        else "interrupted: the trainer was stopped before its first step",
        "damaged": "damaged: its folder cannot be read as a run; remove it, or put its files back",
    }
    return lines.get(run.state, run.state)


FULL_DISK = (
    "The disk that holds the runs is full, so this run stands still. Make room on it: the training "
    "goes on by itself, and nothing that was learnt is lost."
)


def phase_line(run: "RunView") -> str:
    """Say what a running run is at."""
    if run.waits_for_room:
        return "paused: the disk is full"
    phases = {
        "": "running",
        "training": "training",
        "starting": "starting",
        "saving": "saving",
        "measuring": "measuring on the test split, then saving the model",
    }
    return phases.get(run.phase, run.phase)


def queued_line(position: int | None) -> str:
    """Say that a run waits, and for what; runs of a sweep join the queue one after the other."""
    return "queued" if position is None else f"queued, {place(position)}"


def place(position: int) -> str:
    """Say a place in the queue: "next in line", "2nd in line"."""
    return f"{ORDINALS.get(position, f'{position}th')} in line"


def progress_line(run: "RunView") -> str:
    """Say how far a run is: epoch, time so far, time that remains."""
    epoch = f"epoch {run.epoch:.{1 if run.epoch >= 1 else 2}f}"
    if not run.active:
        return f"{epoch} · step {run.step:,} · {words.duration(run.seconds)} of training"
    parts = [epoch, f"{words.duration(run.seconds)} so far"]
    if run.remaining is not None and run.state == "running" and not run.waits_for_room:
        parts.append(left_line(run.remaining + run.closing, run.closing))
    return " · ".join(parts)


def left_line(seconds: float, closing: float) -> str:
    """Say how long a run will still take, and how much of that is measuring after the training."""
    if seconds < 0.5:
        return "less than 1 s left"
    line = f"about {words.duration(seconds)} left"
    # what is less than a tenth of it need not be told apart
    told = seconds > closing > 0.1 * seconds
    return f"{line}, the last {words.duration(closing)} for measuring" if told else line


def score_line(line: "Line", images: int | None, explained: bool = False) -> str | None:
    """Say what the newest report measured on the validation images; None where it cannot be read.

    ``line`` is a line of metrics.jsonl. A number below 0 is explained, unless it is ``explained``
    beside it already.
    """
    for key, name in (("elbo", "−ELBO"), ("reconstruction", "−log p(x|z)")):
        value = getattr(line.validation, key)
        if value is not None:
            what = f"{images:,} images" if images else "its first images"
            measured = "1 sample" if key == "elbo" else "no sampling"
            scale, bound = words.scale_line(line.pixel_scale), line.validation.bound
            own = None if bound is None else f"−bound of several draws {words.number(-bound)} nats"
            said = [f"{name} {words.number(-value)} nats", *filter(None, [own, scale])]
            told = " · ".join([*said, f"validation, {what}", measured])
            return f"{told}. {words.MAY_BE_NEGATIVE}" if value > 0 and not explained else told
    return None


def model_line(run: "RunView") -> str:
    """Say what a run trains: data set, dimensions, architecture and objective."""
    model = run.config.get("model") or {}
    objective = (run.config.get("training") or {}).get("objective") or {}
    parts = [images_line(run)]
    for part in (model.get("architecture"), objective):
        if isinstance(part, dict) and part.get("name"):
            parts.append(words.plain(str(part["name"])))
    beta = objective.get("beta") if isinstance(objective, dict) else None
    if beta is not None and beta != 1:
        parts.append(f"β {beta:g}")
    began = words.origin_line(origin.said_of(run.config))
    return " · ".join(parts + rates_of(model) + [began] * bool(began))


def rates_of(model: Any) -> list[str]:
    """Say for which β a model is trained that is told β, and at which its scores are measured."""
    from vae.models.config import VAEConfig

    try:
        found = VAEConfig.from_json(model).betas
    except UserError:
        return []
    return [] if found is None else [f"β {found[0]:g} to {found[1]:g}, scores at β = 1"]


def images_line(run: "RunView") -> str:
    """Say on which images a run trains, and into how many dimensions."""
    z_dim = (run.config.get("model") or {}).get("z_dim")
    name = words.plain(str(run.config.get("dataset", "unknown images")))
    return f"{name} · {z_dim} dimension{'s' * (z_dim > 1)}" if isinstance(z_dim, int) else name


def when(run: "RunView", now: datetime | None = None) -> str:
    """Say how long ago a run was started."""
    try:
        began = datetime.fromisoformat(str(run.config.get("created")))
    except ValueError:
        return "at an unknown time"
    began = began if began.tzinfo else began.replace(tzinfo=UTC)
    seconds = ((now or datetime.now(UTC)) - began).total_seconds()
    if seconds < 60:
        return "just now"
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}{'s' * (count > 1)} ago"
    return "just now"
