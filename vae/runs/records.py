"""What the files of a training run say, as records whose every field is of its kind and range.

A run's folder lies open to other programs, and to crashes. Each file is checked here, once, when it
is read: a number that is none reads as unknown, a line or a file that is none as not there.
Nothing here loads torch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vae.files.plain_json import finite, lenient, read_object, text_of, whole

STATUS, CONFIG, METRICS, EVENTS = "status.json", "config.json", "metrics.jsonl", "events.jsonl"
CHANGED = "changed"
"""The event of an option that was changed on the way."""
LONGEST_TIME = 1e12
"""Seconds, and epochs, beyond which a number is no time that was trained."""
LONGEST_TEXT = 2000
MOST_DIMENSIONS = 4096


@dataclass(frozen=True)
class Status:
    """status.json: where a run stands by its own account."""

    state: str = ""
    """Empty where nothing sensible can be read."""
    phase: str = ""
    step: int = 0
    steps: int | None = None
    epoch: float = 0.0
    seconds: float = 0.0
    """Time trained so far."""
    remaining: float | None = None
    """Seconds still to train, as an estimate."""
    share: float = 0.0
    """How much of the training is done, from 0 to 1."""
    closing: float = 0.0
    """Seconds that measuring and writing after the last step will still take, as an estimate."""
    progress: float = 0.0
    """How much of the whole is done, measuring and writing included, from 0 to 1."""
    error: str | None = None
    warning: str | None = None
    """What a reader of its numbers must know: that it was suspended, or missed its time."""
    updated: float = 0.0
    """Unix time in seconds."""


@dataclass(frozen=True)
class Scores:
    """Mean nats per image over a split; None where undefined or unknown."""

    elbo: float | None = None
    reconstruction: float | None = None
    kl: float | None = None
    bound: float | None = None
    """An objective's own bound on log p(x), where it is tighter than the ELBO."""


@dataclass(frozen=True)
class Line:
    """One report of metrics.jsonl."""

    step: int
    epoch: float | None
    seconds: float | None
    lr: float | None
    beta: float | None
    train: Scores
    validation: Scores
    kl_per_dim: tuple[float | None, ...] | None
    pixel_scale: float | None = None
    """Standard deviation σ of a pixel, in pixel values, where the likelihood learns it."""


@dataclass(frozen=True)
class Event:
    """One line of events.jsonl; `details` are what else it says."""

    event: str
    step: int
    time: float | None
    details: dict[str, Any]


def read_status(run: Path) -> Status:
    """Read a run's status.json."""
    found = read_object(run / STATUS)
    step, steps = whole(found.get("step")) or 0, whole(found.get("steps"))
    # folders of older versions say neither share nor progress
    share = finite(found.get("share"), 0, 1)
    share = (min(1.0, step / steps) if steps else 0.0) if share is None else share
    progress = finite(found.get("progress"), 0, 1)
    return Status(
        state=text_of(found.get("state")) or "",
        phase=(text_of(found.get("phase")) or "")[:LONGEST_TEXT],
        step=step,
        steps=steps,
        epoch=finite(found.get("epoch"), 0, LONGEST_TIME) or 0.0,
        seconds=finite(found.get("seconds"), 0, LONGEST_TIME) or 0.0,
        remaining=finite(found.get("remaining"), 0, LONGEST_TIME),
        share=share,
        closing=finite(found.get("closing"), 0, LONGEST_TIME) or 0.0,
        progress=share if progress is None else progress,
        error=_shortened(text_of(found.get("error"))),
        warning=_shortened(text_of(found.get("warning"))),
        updated=finite(found.get("updated"), 0, LONGEST_TIME) or 0.0,
    )


def read_config(run: Path) -> dict[str, Any]:
    """Read a run's config.json; empty where it is missing or not what all readers count on.

    ``dataset`` and ``created`` are texts, ``model`` and ``training`` objects; what these hold of
    ``z_dim``, ``image_shape``, ``posterior``, ``architecture``, ``objective`` and its numbers is
    of its kind.
    """
    found = read_object(run / CONFIG)
    return found if _is_config(found) else {}


def lines(text: bytes) -> list[Line]:
    """Read the whole lines of metrics.jsonl; what is no report is passed over."""
    return [_line(found) for found in steps_of(text)]


def events(text: bytes) -> list[Event]:
    """Read the whole lines of events.jsonl; what is no event is passed over."""
    return [
        Event(
            event=found["event"],
            step=found["step"],
            time=finite(found.get("time")),
            details={k: v for k, v in found.items() if k not in ("event", "step", "time")},
        )
        for found in steps_of(text)
        if text_of(found.get("event"))
    ]


def steps_of(text: bytes) -> Iterator[dict[str, Any]]:
    """Yield the lines that are objects and name a step."""
    for line in text.splitlines():
        found = lenient(line)
        if found is not None and whole(found.get("step")) is not None:
            yield found


def _line(found: dict[str, Any]) -> Line:
    many = found.get("kl_per_dim")
    listed = many if isinstance(many, list) and len(many) <= MOST_DIMENSIONS else None
    return Line(
        step=found["step"],
        epoch=finite(found.get("epoch"), 0, LONGEST_TIME),
        seconds=finite(found.get("seconds"), 0, LONGEST_TIME),
        lr=finite(found.get("lr")),
        beta=finite(found.get("beta")),
        train=_scores(found.get("train")),
        validation=_scores(found.get("validation")),
        kl_per_dim=None if listed is None else tuple(map(finite, listed)),
        pixel_scale=finite(found.get("pixel_scale"), 0),
    )


def _scores(found: Any) -> Scores:
    if not isinstance(found, dict):
        return Scores()
    keys = ("elbo", "reconstruction", "kl", "bound")
    return Scores(**{key: finite(found.get(key)) for key in keys})


def _is_config(found: dict[str, Any]) -> bool:
    model, training = found.get("model"), found.get("training")
    texts = all(text_of(found.get(key)) is not None for key in ("dataset", "created"))
    if not (texts and isinstance(model, dict) and isinstance(training, dict)):
        return False
    shape, objective = model.get("image_shape", [1, 1, 1]), training.get("objective", {})
    sides = isinstance(shape, list) and len(shape) == 3 and all(whole(side, 1) for side in shape)
    return (
        sides
        and whole(model.get("z_dim", 1), 1, MOST_DIMENSIONS) is not None
        and _is_part(model.get("posterior", ""))
        and _is_part(model.get("architecture", {}))
        and _is_part(objective)
    )


def _is_part(found: Any) -> bool:
    """Tell whether it names a part, by its name alone or with options of plain kinds."""
    if isinstance(found, str):
        return True
    if not isinstance(found, dict) or not isinstance(found.get("name", ""), str):
        return False
    numbers = (found[key] for key in ("beta", "warmup") if key in found)
    return all(finite(value) is not None for value in numbers)


def _shortened(text: str | None) -> str | None:
    if text is None or len(text) <= LONGEST_TEXT:
        return text
    return text[: LONGEST_TEXT - 1] + "…"
