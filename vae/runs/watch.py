"""Training runs as they look from outside: whoever asks never disturbs the trainer.

Every reader here bears with what a crash leaves behind: a torn last line, a half-written folder, a
folder that is gone. Nothing here loads torch.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from vae import sweep
from vae.errors import UserError
from vae.files import owner, regular
from vae.files.locks import is_held
from vae.files.writing import NAME, PREPARED, runs_folder
from vae.runs import queue, records, room
from vae.runs import snapshots as stored
from vae.runs.records import Event, Line, Status
from vae.runs.snapshots import Snapshot

ACTIVE = ("queued", "running")
ENDED = ("paused", "finished", "cancelled", "failed")
INTERRUPTED, DAMAGED = "interrupted", "damaged"
MOST_AT_ONCE = 32 << 20
"""Bytes of metrics that one call reads."""


@dataclass(frozen=True)
class RunView:
    """A training run as its folder tells it now."""

    id: str
    """Name of its folder under ``VAE_RUNS``, and of its model."""
    path: Path
    state: str
    """queued, running, paused, finished, cancelled or failed; interrupted where it says queued or
    running but no process holds its lock; damaged where nothing sensible can be read."""
    phase: str
    """What a running one is at: starting, training, saving, measuring, or a download in words."""
    step: int
    steps: int | None
    """Steps in all; None where a time decides that is not over yet."""
    epoch: float
    seconds: float
    """Time trained so far, s."""
    remaining: float | None
    """Time still to train, s; an estimate where the budget is in epochs."""
    closing: float
    """Time that measuring and writing after the last step will still take, s, as an estimate."""
    share: float
    """How much of the training is done, from 0 to 1."""
    progress: float
    """How much of the whole is done, measuring and writing included, from 0 to 1."""
    error: str | None
    warning: str | None
    """What a reader of its numbers must know: that it was suspended, or missed its time."""
    position: int | None
    """Place in the queue from 1, while it waits."""
    config: dict[str, Any]
    """config.json; empty where it is damaged."""
    updated: float
    """When the trainer last said something, unix time in s."""

    @property
    def active(self) -> bool:
        """Tell whether a process trains it or waits to."""
        return self.state in ACTIVE

    @property
    def resumable(self) -> bool:
        """Tell whether it can go on where it stopped."""
        left = self.steps is None or self.step < self.steps
        # a failed one too: there may be room on the disk again, or the images be back
        return self.state in ("paused", "failed", INTERRUPTED) or self.state == "cancelled" and left

    @property
    def waits_for_room(self) -> bool:
        """Tell whether it stands still because its disk is full."""
        return self.state == "running" and self.phase == room.PHASE

    @property
    def has_model(self) -> bool:
        """Tell whether there is a model to open."""
        return (self.path / "model.safetensors").is_file()


def find(run: str | Path) -> Path:
    """Resolve the id of a run under ``VAE_RUNS``; a path is taken as it is.

    Raises
    ------
    UserError
        When there is no such run, or none that who asks may see: the sentence is the same.
    """
    if isinstance(run, str):
        inside = runs_folder() / run if NAME.fullmatch(run) else None
    else:
        inside = run
    if inside is None or not inside.is_dir() or not owner.may_see(inside):
        others = "" if owner.asking().sees_all else ", or it is another visitor's"
        raise UserError(
            f"there is no run {str(run)[:60]!r} any more{others}; choose another or start a new one"
        )
    return inside


def view(run: str | Path) -> RunView:
    """Look at a run; `UserError` where there is none."""
    path = find(run)
    config = records.read_config(path)
    # the lock first: a trainer that lets go in between has then written how it ended
    held, status = is_held(path / "lock"), records.read_status(path)
    if status.state in ACTIVE and not held:
        # and once more, for one that has begun in between
        held = is_held(path / "lock")
    state = _state(status, config, held)
    return RunView(
        id=path.name,
        path=path,
        state=state,
        phase=status.phase if state == "running" else "",
        step=status.step,
        steps=status.steps,
        epoch=status.epoch,
        seconds=status.seconds,
        remaining=status.remaining,
        closing=status.closing,
        share=status.share,
        progress=1.0 if state == "finished" else status.progress,
        error=status.error,
        warning=status.warning,
        position=queue.position(path) if state == "queued" else None,
        config=config,
        updated=status.updated,
    )


def runs() -> list[RunView]:
    """Look at all runs under ``VAE_RUNS``, the newest first; broken ones are called damaged.

    Those that who asks may not see are left out. Of a run that has ended nothing is opened again
    until one of its files is replaced.
    """
    found: dict[str, _Seen] = {}
    asker = owner.asking()
    with suppress(OSError), os.scandir(runs_folder().absolute()) as entries:
        named = [entry.path for entry in entries if NAME.fullmatch(entry.name)]
        for path in named:
            if owner.may_see(path, asker) and (seen := _look(path)):
                found[path] = seen
        # what others see stays remembered for them
        for gone in _seen.keys() - named:
            _seen.pop(gone, None)
    _seen.update(found)
    views = [seen.view for seen in found.values()]
    return sorted(views, key=lambda run: (run.config.get("created", ""), run.id), reverse=True)


class _Seen(NamedTuple):
    """A run as it was when its files were these."""

    files: tuple[Any, ...]
    view: RunView


_seen: dict[str, _Seen] = {}


def _look(path: str) -> _Seen | None:
    if sweep.at(path):
        return None  # its members are runs
    # before it is read: a file that is replaced meanwhile then counts as changed the next time
    files = tuple(_version(f"{path}/{name}") for name in (records.STATUS, records.CONFIG))
    if files == (None, None) and os.path.basename(path) == PREPARED:
        return None  # it holds prepared images
    seen = _seen.get(path)
    if seen and seen.files == files and seen.view.state in ENDED:
        return seen
    with suppress(UserError):
        return _Seen(files, view(Path(path)))
    return None


def _version(path: str) -> tuple[int, int, int] | None:
    """Name a file as it is now; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def metrics(run: str | Path, after: int = 0) -> tuple[list[Line], int]:
    """Read whole lines of metrics.jsonl from a byte offset; give the offset to go on from.

    A torn last line stays for the next call. Resuming shortens the file: where it is shorter than
    ``after`` it is read from its start again, and steps come a second time.
    """
    try:
        with regular.opened(find(run) / records.METRICS) as file:
            size = file.seek(0, 2)
            begin = after if 0 <= after <= size else 0
            file.seek(begin)
            text = file.read(MOST_AT_ONCE)
    except OSError:
        return [], 0
    whole = text.rfind(b"\n") + 1
    if not whole and len(text) == MOST_AT_ONCE:
        whole = len(text)  # what has no end is no line
    return records.lines(text[:whole]), begin + whole


def events(run: str | Path) -> list[Event]:
    """Read what happened to a run, the oldest first."""
    try:
        return records.events(regular.read(find(run) / records.EVENTS))
    except OSError:
        return []


def snapshots(run: str | Path) -> list[int]:
    """List the steps of which there is a snapshot, ascending; old ones are thinned out."""
    return stored.steps(find(run) / "snapshots")


def snapshot(run: str | Path, step: int) -> Snapshot:
    """Read a snapshot; `UserError` where it is gone or damaged."""
    return stored.read(find(run) / "snapshots", step)


def _state(status: Status, config: dict[str, Any], held: bool) -> str:
    state = status.state
    if not config:
        # the first moment of a run, before its files are written, or a folder that is none
        return "queued" if held else DAMAGED
    if state in ENDED and not held:
        return state
    if held:
        return state if state in ACTIVE else "running" if state in ENDED else "queued"
    # a loss of power may leave nothing of status.json, which is not waited for
    return INTERRUPTED if state in ACTIVE or not state else DAMAGED
