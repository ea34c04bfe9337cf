"""A run's folder on disk, where trainer and page meet.

Every file is appended to a line at a time or replaced whole, so that a reader never waits
for the trainer and a crash loses at most what was learnt since the last save.
"""

import json
import math
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from vae.errors import UserError
from vae.files import disk, leftovers, lines, plain_json, regular
from vae.files.locks import LOCK_VARIABLE, adopt, take
from vae.files.writing import explain, refusal, write_atomically
from vae.runs import records, snapshots
from vae.runs.records import Status
from vae.runs.room import Room
from vae.training.loop import Trainer
from vae.training.report import Closing

FOLDER_VERSION = 1
PATIENCE = 1.0
LARGEST_STATE = 4 << 30
"""Bytes of a file that resuming reads."""


class RunFolder:
    """The files of one run; other programs read them by these names."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.room = Room(self.path)
        self._lock: IO[bytes] | None = None
        self._warning: str | None = None
        self._furthest = 0.0

    def prepare(self) -> None:
        """Make the folder and its empty files, where they are not there yet."""
        try:
            (self.path / "snapshots").mkdir(parents=True, exist_ok=True)
            for name in ("metrics.jsonl", "events.jsonl", "control.jsonl", "log.txt", "lock"):
                lines.make(self.path / name)
        except OSError as error:
            raise refusal(f"make the run folder {self.path}", error) from None

    def begin(self, config: dict[str, Any]) -> None:
        """Write the configuration; refuse a folder that holds a run already."""
        self.refuse_if_taken()
        self.write_json("config.json", config)

    def refuse_if_taken(self) -> None:
        """Raise `UserError` where a run has begun in this folder."""
        if os.path.exists(self.path / "config.json"):
            raise UserError(
                f"{self.path} holds a run already; give another folder, or go on with that run "
                f"by --resume {self.path}"
            )

    def config(self) -> dict[str, Any]:
        """Read the configuration of the run."""
        try:
            text = regular.read(self.path / records.CONFIG, plain_json.LARGEST_OBJECT)
            value = plain_json.lenient(text)
        except OSError:
            raise UserError(
                f"{self.path} is not a run folder (it has no config.json); "
                "give the folder that `train --out` made"
            ) from None
        if value is not None and value.get("format_version") != FOLDER_VERSION:
            raise UserError(
                f"{self.path} was made by another version of this program; start the run again"
            )
        # a run that has not had its turn yet does not know its images
        kinds = {"dataset": str, "train_sha256": str | None, "model": dict, "training": dict}
        if value is None or not all(
            isinstance(value.get(key), kind) for key, kind in kinds.items()
        ):
            raise UserError(
                f"config.json in {self.path} is damaged; start the run again in another folder"
            )
        return value

    def write_json(self, name: str, value: dict[str, Any], sync: bool = True) -> None:
        """Replace a JSON file whole."""
        text = json.dumps(value, indent=1, allow_nan=False)
        self._write(name, text.encode(), sync)

    def _write(self, name: str, data: bytes, sync: bool = True) -> None:
        self.room.write(lambda: write_atomically(self.path / name, data, sync))

    def append(self, name: str, value: dict[str, Any]) -> None:
        """Append one JSON line."""
        self._append_text(name, json.dumps(value, allow_nan=False))

    def log(self, text: str) -> None:
        """Append a line to log.txt."""
        self._append_text("log.txt", text)

    def _append_text(self, name: str, text: str) -> None:
        line = text.encode(errors="backslashreplace")

        def put() -> None:
            with _telling(f"write {self.path / name}"):
                lines.append(self.path / name, line)

        self.room.write(put)

    def event(self, kind: str, step: int, **details: Any) -> None:
        """Record that something happened."""
        self.append("events.jsonl", {"event": kind, "step": step, "time": time.time(), **details})
        self.log(" ".join([f"{kind} at step {step}", *map(str, details.values())]))

    def status(
        self,
        state: str,
        trainer: Trainer | None = None,
        error: str | None = None,
        phase: str = "",
        closing: Closing | None = None,
    ) -> None:
        """Replace status.json; without a trainer its numbers stay as they are.

        ``closing`` is how far measuring and writing are, or how long they will take.
        """
        value: dict[str, Any] = {"state": state, "phase": phase}
        value |= _numbers(trainer, closing) if trainer else _last_numbers(self.last_status())
        # estimates change, but what is done is never less than it was
        self._furthest = value["progress"] = max(self._furthest, value["progress"])
        value |= {"error": error, "warning": self.warning, "updated": time.time()}
        self.write_json("status.json", value, sync=False)

    def restart_progress(self) -> None:
        """Let the share that is done fall, because there is another end now."""
        self._furthest = 0.0

    @property
    def warning(self) -> str | None:
        """What is to be known of the run, in words; also what a process before this one said."""
        return self._warning or self.last_status().warning

    def warn(self, step: int, words: str) -> None:
        """Record what a reader of the run's numbers must know; it is said beside them."""
        self._warning = words
        self.event("warned", step, words=words)

    def last_status(self) -> Status:
        """Read what status.json says; all defaults where it says nothing."""
        return records.read_status(self.path)

    def last_step(self) -> int:
        """Return the step that status.json tells of."""
        return self.last_status().step

    def trim(self, step: int) -> None:
        """Forget what was measured after a step, and lines torn by a crash, before going on."""
        for name, last in ((records.METRICS, step), (records.EVENTS, math.inf)):
            kept = [line for line in self._lines(name) if line["step"] <= last]
            text = "".join(json.dumps(line) + "\n" for line in kept)
            self._write(name, text.encode())
        folder = self.path / "snapshots"
        snapshots.forget(folder, [late for late in snapshots.steps(folder) if late > step])

    def _lines(self, name: str) -> list[dict[str, Any]]:
        try:
            return list(records.steps_of(regular.read(self.path / name, LARGEST_STATE)))
        except OSError as error:
            raise UserError(f"cannot read {self.path / name}: {explain(error)}") from None

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Hold the run's advisory lock, which tells that its trainer is alive.

        Who started this process may have taken it already and left it open for us: True then.
        """
        try:
            path = self.path / "lock"
            given = os.environ.pop(LOCK_VARIABLE, "")
            adopted = adopt(path, int(given)) if given.isdecimal() else None
            file = adopted or take(path, PATIENCE)
        except OSError as error:
            raise UserError(f"cannot lock {self.path}: {explain(error)}") from None
        if file is None:
            raise UserError(
                f"{self.path} is being trained by another process; wait for it or cancel it"
            )
        with file:
            self._lock = file
            # nobody else writes here now
            for folder in (self.path, self.path / "snapshots"):
                leftovers.sweep(folder, older=0)
            yield adopted is not None

    def is_lost(self) -> bool:
        """Tell whether the folder that this process has locked is gone, or is another one now."""
        try:
            there = (self.path / "lock").stat()
        except OSError:
            return True
        return self._lock is not None and not os.path.samestat(there, os.fstat(self._lock.fileno()))

    def save_state(self, trainer: Trainer) -> None:
        """Replace state.safetensors, the one file that resuming reads."""
        tensors, values = trainer.state()
        data = save_tensors(tensors, metadata={"state": json.dumps(values)})
        # what was told of the steps before it must not be lost by a loss of power that it survives
        with _telling(f"write into {self.path}"):
            for name in (records.METRICS, records.EVENTS):
                disk.sync_file(self.path / name)
        self._write("state.safetensors", data)

    def restore(self, trainer: Trainer) -> None:
        """Bring a trainer to where state.safetensors left off."""
        path = self.path / "state.safetensors"
        try:
            data = regular.read(path, LARGEST_STATE)
            (length,) = struct.unpack("<Q", data[:8])
            values = json.loads(json.loads(data[8 : 8 + length])["__metadata__"]["state"])
            trainer.restore(load_tensors(data), values)
        except FileNotFoundError:
            raise UserError(
                f"{self.path} has no saved state to go on from; start the run again"
            ) from None
        except Exception as error:
            raise UserError(
                f"state.safetensors in {self.path} is damaged ({type(error).__name__}); "
                "start the run again"
            ) from error


@contextmanager
def _telling(what: str) -> Iterator[None]:
    """Say what could not be done, and why."""
    try:
        yield
    except OSError as error:
        raise refusal(what, error) from None


def _numbers(trainer: Trainer, closing: Closing | None) -> dict[str, Any]:
    closing = closing or Closing(0.0, 0.0)
    remaining = trainer.remaining()
    return {
        "step": trainer.step,
        "steps": trainer.steps,
        "epoch": trainer.step / trainer.steps_per_epoch,
        "seconds": trainer.elapsed,
        "remaining": remaining,
        "share": trainer.share,
        "closing": closing.left,
        "progress": _progress(trainer, remaining, closing),
    }


def _progress(trainer: Trainer, remaining: float | None, closing: Closing) -> float:
    """Return how much of the whole is done, measuring and writing included, from 0 to 1."""
    training = trainer.elapsed + (remaining or 0.0)
    after = closing.left / (1 - closing.share) if closing.share < 1 else 0.0
    if not training + after:
        return 0.0
    return (training * trainer.share + after * closing.share) / (training + after)


def _last_numbers(last: Status) -> dict[str, Any]:
    keys = ("step", "steps", "epoch", "seconds", "remaining", "share", "closing", "progress")
    return {key: getattr(last, key) for key in keys}
