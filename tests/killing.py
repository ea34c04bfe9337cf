"""A training in a process that is killed at a moment it is told, by the signal nobody can catch.

`trainers` starts a process that has loaded torch; each training is a child of it, so that twenty
of them take seconds. Time is not real in them: a step takes `STEP_SECONDS`, and each call to the
disk `CALL_SECONDS`, whatever this machine does meanwhile.
"""

import json
import os
import signal
import struct
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from mmap import mmap
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.failing_disk import disk
from vae.data import ImageDataset, load
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.runs import driver
from vae.training import loop
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.stopwatch import Stopwatch

MODEL = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(8,)))
TRAINING = TrainConfig(epochs=5, batch_size=64)
STEP_SECONDS, CALL_SECONDS = 1.5, 0.02
OPENING, TRAINS, CLOSES = "opening", "training", "closing"


@dataclass(frozen=True)
class Moment:
    """When a process is killed: at its so-manieth step, or call to the disk in a part of its life.

    A call that writes has then put half of its bytes on the disk; any other was not made.
    """

    part: str
    number: int
    call: bool = True


@dataclass(frozen=True)
class End:
    """How a training ended."""

    killed: bool
    error: str
    elapsed: float
    """Seconds it was trained for, those before it went on included."""
    calls: dict[str, int]
    """Calls to the disk in each part of its life."""


class Life:
    """What one process has done so far; it ends at its moment. Its parent reads it afterwards."""

    def __init__(self, moment: Moment | None, seen: mmap):
        self.moment, self.seen, self.part, self.seconds = moment, seen, OPENING, 0.0
        self.calls, self.steps = dict.fromkeys((OPENING, TRAINS, CLOSES), 0), 0
        self.watch: Stopwatch | None = None

    def call(self, number: int) -> int | None:
        """Count a call to the disk; give any error where the process ends in it."""
        self.calls[self.part] += 1
        self.seconds += CALL_SECONDS
        self.note()
        return 1 if self.moment == Moment(self.part, self.calls[self.part]) else None

    def step(self, trainer: Trainer) -> None:
        """Count a step that was taken."""
        self.steps += 1
        self.seconds += STEP_SECONDS
        self.part = CLOSES if trainer.done else TRAINS
        self.note()
        if self.moment == Moment(TRAINS, self.steps, call=False):
            die()
        # what the thread that listens would do within a tenth of a second
        trainer.asked = True

    def clock(self) -> Stopwatch:
        """Make the clock of a training."""
        # a process that used the processor was never suspended
        self.watch = Stopwatch(now=lambda: self.seconds, used=lambda: 1e3 * self.seconds)
        return self.watch

    def note(self) -> None:
        """Write down, where a kill leaves it, how far the training is."""
        elapsed = self.watch.read() if self.watch else 0.0
        struct.pack_into("<d3q", self.seen, 0, elapsed, *self.calls.values())


def die(*ignored: Any) -> NoReturn:
    """End this process as a loss of power would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives this")


@contextmanager
def trainers() -> Iterator[Callable[[Path, Moment | None], End]]:
    """Give a function that trains a run, or goes on with it, until its end or the moment given."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.killing"],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin and process.stdout

        def train(run: Path, moment: Moment | None) -> End:
            assert process.stdin and process.stdout
            asked = {"run": str(run), "moment": moment and asdict(moment)}
            print(json.dumps(asked), file=process.stdin, flush=True)
            return End(**json.loads(process.stdout.readline()))

        yield train
        process.stdin.close()


def _serve() -> None:
    digits = load("digits")
    # loads what an optimizer needs, once for all children
    Trainer(build(MODEL, TRAINING.seed), digits, TRAINING)
    for line in sys.stdin:
        asked = json.loads(line)
        moment = Moment(**asked["moment"]) if asked["moment"] else None
        print(json.dumps(asdict(_end_of(Path(asked["run"]), moment, digits))), flush=True)


def _end_of(run: Path, moment: Moment | None, digits: ImageDataset) -> End:
    seen = mmap(-1, 64)
    if not (child := os.fork()):
        _live(run, Life(moment, seen), digits)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    elapsed, *calls = struct.unpack_from("<d3q", seen)
    error = "" if status in (0, -signal.SIGKILL) else f"exit status {status}"
    return End(status == -signal.SIGKILL, error, elapsed, dict(zip(PARTS, calls, strict=True)))


PARTS = (OPENING, TRAINS, CLOSES)


def _live(run: Path, life: Life, digits: ImageDataset) -> NoReturn:
    """Train in this process, and end it."""
    advance = Trainer._advance

    def counted(trainer: Trainer) -> Any:
        terms = advance(trainer)
        life.step(trainer)
        return terms

    os.environ["VAE_RUNS"] = str(run.parent)
    try:
        with pytest.MonkeyPatch.context() as patch, disk(run, life.call, die):
            patch.setattr(loop, "Stopwatch", life.clock)
            patch.setattr(Trainer, "_advance", counted)
            if (run / "config.json").exists():
                driver.resume(run)
            else:
                driver.start(run, digits, MODEL, TRAINING)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    _serve()
