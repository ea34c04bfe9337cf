"""A training run in this process: start or resume it, obey its orders, keep what is learnt."""

import copy
import math
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import torch

from vae import checkpoint as checkpoints
from vae.checkpoint import Checkpoint
from vae.data import ImageDataset
from vae.data import load as load_dataset
from vae.errors import UserError
from vae.models.vae import VAEConfig, build
from vae.runs import closing as run_closing
from vae.runs import orders as run_orders
from vae.runs import queue as run_queue
from vae.runs import snapshots
from vae.runs.folder import FOLDER_VERSION, RunFolder
from vae.runs.packaging import ATLAS_IMAGES, package, versions
from vae.training.config import TrainConfig
from vae.training.loop import Diverged, Trainer
from vae.training.report import Closing, Report

SAVE_SECONDS = (3.0, 15.0)
"""Least and greatest time between two saves; in between a quarter of what was trained so far."""
LISTEN_SECONDS = 0.1
SUSPENDED_SECONDS = 1.0
"""A stop of the process that is longer is told of."""

Watch = Callable[[Report | Closing], None]
Waits = Callable[[int], None]
Opened = tuple[Trainer, ImageDataset, str]


class Stopped(KeyboardInterrupt):
    """A run that ended before its budget was spent, because it was asked to; nothing is lost."""

    def __init__(self, state: str, out: Path, begun: bool = True):
        # "paused" or "cancelled"
        self.state = state
        kept = f"what was learnt is kept in {out}" if begun else "it had not begun"
        super().__init__(f"{state}; {kept}, go on with --resume {out}")


def start(
    out: str | Path,
    dataset: ImageDataset,
    model: VAEConfig,
    training: TrainConfig,
    watch: Watch | None = None,
    waits: Waits | None = None,
) -> Checkpoint:
    """Train a new model in a new run folder and return the finished checkpoint.

    While another run trains on this machine it waits its turn; ``waits`` hears its position in the
    queue. Ctrl-C, a SIGTERM or an order in control.jsonl ends it after the step under way; what was
    learnt is kept, and `Stopped` is raised.
    """
    folder = RunFolder(out)
    folder.refuse_if_taken()
    trainer = Trainer(build(model, training.seed), dataset, training)
    checkpoints.check_size(trainer.model, min(ATLAS_IMAGES, len(dataset.test)))
    folder.prepare()
    with folder.locked():
        folder.begin(plan(dataset.name, model, training) | _facts(trainer, dataset))
        return _drive(folder, lambda asked: (trainer, dataset, "started"), watch, waits)


def resume(out: str | Path, watch: Watch | None = None, waits: Waits | None = None) -> Checkpoint:
    """Go on with a paused or interrupted run, exactly where its last save left off.

    One that has not learnt anything yet begins. What was asked of the run before no longer counts.
    """
    folder = RunFolder(out)
    folder.config()
    folder.prepare()
    with folder.locked() as adopted:
        if not adopted:
            # who gave us the lock has said so already, and may have asked for something since
            run_orders.add(folder.path, run_orders.RESUME)
        return _drive(folder, lambda asked: _reopen(folder, asked), watch, waits)


def plan(dataset: str, model: VAEConfig, training: TrainConfig) -> dict[str, Any]:
    """Write down what a run is to do: its config.json as far as it is known before its turn."""
    return {
        "format_version": FOLDER_VERSION,
        "dataset": dataset,
        "train_sha256": None,
        "model": model.to_json(),
        "training": training.to_json(),
        "created": checkpoints.now(),
    }


def _facts(trainer: Trainer, dataset: ImageDataset) -> dict[str, Any]:
    return {
        "train_sha256": dataset.train.sha256(),
        "threads": torch.get_num_threads(),
        "bfloat16": trainer.bfloat16,
        "versions": versions(),
    }


def _reopen(folder: RunFolder, asked: "_Asked") -> Opened:
    config = folder.config()
    dataset = load_dataset(config["dataset"], progress=_telling_download(folder, asked))
    training = TrainConfig.from_json(config["training"])
    model = VAEConfig.from_json(config["model"])
    trainer = Trainer(build(model, training.seed), dataset, training)
    if config["train_sha256"] is None:
        checkpoints.check_size(trainer.model, min(ATLAS_IMAGES, len(dataset.test)))
        folder.write_json("config.json", config | _facts(trainer, dataset))
        return trainer, dataset, "started"
    if dataset.train.sha256() != config["train_sha256"]:
        raise UserError(
            f"the training images of {dataset.name} are not those the run in {folder.path} began "
            "with; put the same files back, or start the run again"
        )
    # the arithmetic the run began with, whatever this processor would choose
    trainer.bfloat16 = bool(config.get("bfloat16", trainer.bfloat16))
    begun = (folder.path / "state.safetensors").exists()
    if begun:
        folder.restore(trainer)
    folder.trim(trainer.step if begun else -1)
    if config.get("threads") != torch.get_num_threads():
        words = f"began on {config.get('threads')} threads, goes on with"
        folder.event("warned", trainer.step, words=f"{words} {torch.get_num_threads()}")
    return trainer, dataset, "resumed" if begun else "started"


def _telling_download(folder: RunFolder, asked: "_Asked") -> Callable[[int, int], None]:
    shown = -1

    def tell(done: int, total: int) -> None:
        nonlocal shown
        if asked.to_end():
            _end_before_training(folder, asked)
        percent = 100 * done // max(1, total)
        if percent != shown:
            shown = percent
            folder.status("running", phase=f"downloading the images, {percent} %")

    return tell


def _drive(
    folder: RunFolder,
    open_trainer: Callable[["_Asked"], Opened],
    watch: Watch | None,
    waits: Waits | None,
) -> Checkpoint:
    asked = _Asked(folder)
    with _never_left_running(folder), asked.listening():
        folder.status("queued")
        with run_queue.turn(folder.path, asked.to_end, waits or (lambda place: None)) as ours:
            if not ours:
                _end_before_training(folder, asked)
            folder.status("running", phase="starting")
            return _live(folder, *open_trainer(asked), asked, watch)


def _end_before_training(folder: RunFolder, asked: "_Asked") -> NoReturn:
    if folder.is_lost():
        raise UserError(f"the folder of the run {folder.path} is gone; start the run again")
    state, step = asked.state() or "paused", folder.last_step()
    folder.status(state)
    folder.event(state, step)
    raise Stopped(state, folder.path, begun=step > 0)


def _live(
    folder: RunFolder,
    trainer: Trainer,
    dataset: ImageDataset,
    how: str,
    asked: "_Asked",
    watch: Watch | None,
) -> Checkpoint:
    asked.trainer = trainer
    progress = _Progress(folder, trainer, dataset)
    while True:
        folder.event(how, trainer.step)
        closing = run_closing.foretell(trainer, dataset)
        folder.status("running", trainer, phase="training", closing=closing)
        diverged = _train(trainer, progress, watch, asked)
        if diverged:
            step = progress.fall_back()
            run_closing.close(folder, trainer, dataset, "failed", str(diverged))
            raise UserError(f"{diverged}; the model of step {step} is kept in {folder.path}")
        if trainer.done:
            if words := trainer.budget.shortfall(trainer.step, trainer.elapsed):
                folder.warn(trainer.step, words)
            return run_closing.close(folder, trainer, dataset, "finished", watch=watch)
        state = asked.state()
        if state is not None:
            run_closing.close(folder, trainer, dataset, state)
            again = asked.state()
            if state == "paused" and again == "cancelled":
                # asked while it was being saved
                state = again
                folder.status(state, trainer)
                folder.event(state, trainer.step)
            if again is not None:
                raise Stopped(state, folder.path)
        # asked to go on after all
        how, trainer.stopping = "resumed", False


def _train(
    trainer: Trainer, progress: "_Progress", watch: Watch | None, asked: "_Asked"
) -> Diverged | None:
    """Train until the budget is spent, it is asked to end, or the numbers are lost."""
    try:
        for report in trainer.run():
            progress.take(report)
            if watch:
                watch(report)
    except KeyboardInterrupt:
        if trainer.in_step:
            raise  # asked twice, and not waited for: the last save is what counts
        trainer.stopping = asked.signalled = True
    except Diverged as error:
        return error
    if trainer.is_finite():
        return None
    return Diverged(f"training diverged at step {trainer.step} (a weight is not finite)")


@contextmanager
def _never_left_running(folder: RunFolder) -> Iterator[None]:
    """Write down that a run failed, whatever the reason; the error itself is for the caller."""
    try:
        yield
    except Exception as error:
        if folder.last_status().state != "failed" and not folder.is_lost():
            with suppress(UserError):
                folder.status("failed", error=str(error) or type(error).__name__)
                folder.event("failed", folder.last_step(), error=str(error))
        raise


class _Asked:
    """What asks a run to end: orders in its control.jsonl, Ctrl-C, a SIGTERM."""

    def __init__(self, folder: RunFolder):
        self.folder, self.signalled = folder, False
        self.trainer: Trainer | None = None
        self._seen: tuple[float, int] | None = None
        self._orders: list[dict[str, Any]] = []
        self._warned: set[str] = set()

    def to_end(self) -> bool:
        """Tell whether the run should end now; look into control.jsonl where it has changed."""
        return self.state() is not None or self.folder.is_lost()

    def state(self) -> str | None:
        """Say what the run becomes by ending now; None where nothing asks for it."""
        self._look()
        return "cancelled" if self.signalled else run_orders.ending(self._orders)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Stop the trainer after the step under way as soon as something asks for it."""
        done = threading.Event()

        def listen() -> None:
            while not done.wait(LISTEN_SECONDS):
                # a full disk, for one, must not make it deaf
                with suppress(UserError, OSError):
                    if self.trainer is not None and self.to_end():
                        self.trainer.stopping = True

        listener = threading.Thread(target=listen, name="orders", daemon=True)
        listener.start()
        try:
            with self._hearing_signals():
                yield
        finally:
            done.set()
            listener.join()

    @contextmanager
    def _hearing_signals(self) -> Iterator[None]:
        def stop(number: int, frame: Any) -> None:
            if self.signalled:
                raise KeyboardInterrupt  # asked twice: no longer after the step, but now
            self.signalled = True
            if self.trainer is not None:
                self.trainer.stopping = True

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _look(self) -> None:
        try:
            stat = (self.folder.path / run_orders.CONTROL).stat()
        except OSError:
            return
        if (stat.st_mtime_ns, stat.st_size) == self._seen:
            return
        self._orders = run_orders.pending(self.folder.path)
        self._seen = stat.st_mtime_ns, stat.st_size
        for order in self._orders:
            if run_orders.ending([order]) is None and order["id"] not in self._warned:
                self._warned.add(order["id"])
                words = f"cannot {order['action'][:40]!r} a run; it can pause and cancel"
                self.folder.event("warned", self.trainer.step if self.trainer else 0, words=words)


class _Progress:
    """Writes what a report means to the folder, each kind at its own pace."""

    def __init__(self, folder: RunFolder, trainer: Trainer, dataset: ImageDataset):
        self.folder, self.trainer, self.dataset = folder, trainer, dataset
        self.saved, self.suspended = -math.inf, 0.0
        self.before = _last_snapshot(folder.path / "snapshots", trainer.model.config.z_dim)
        self._keep()

    def take(self, report: Report) -> None:
        self.folder.append("metrics.jsonl", metrics_line(report))
        self._tell_suspended()
        closing = run_closing.foretell(self.trainer, self.dataset)
        self.folder.status("running", self.trainer, phase="training", closing=closing)
        self.folder.log(str(report))
        self.before = snapshots.take(self.trainer.model, self.dataset.validation, self.before)
        snapshots.write(self.folder.path / "snapshots", report.step, self.before)
        pause = min(max(SAVE_SECONDS[0], report.seconds / 4), SAVE_SECONDS[1])
        if not report.last and report.seconds - self.saved >= pause:
            self.saved = report.seconds
            self._save()

    def _tell_suspended(self) -> None:
        suspended = self.trainer.watch.suspended
        if suspended - self.suspended >= SUSPENDED_SECONDS:
            self.suspended = suspended
            words = f"the process was suspended for {suspended:.0f} s; that time does not count"
            self.folder.warn(self.trainer.step, words)

    def fall_back(self) -> int:
        """Give the model back the last weights known to be good; return the step they are of."""
        step, weights = self.good
        self.trainer.model.load_state_dict(weights)
        return step

    def _keep(self) -> None:
        self.good = self.trainer.step, copy.deepcopy(self.trainer.model.state_dict())

    def _save(self) -> None:
        if not self.trainer.is_finite():
            return
        self._keep()
        self.folder.save_state(self.trainer)
        name, config = self.folder.path.absolute().name, self.trainer.config
        model = package(name, self.trainer.model, self.dataset, config, atlas=False, measured=False)
        checkpoints.write(self.folder.path / "model.safetensors", model)


def metrics_line(report: Report) -> dict[str, Any]:
    """Give a report as one line of metrics.jsonl; nothing in it comes from the test split."""
    keys = ("step", "epoch", "seconds", "lr", "beta", "kl_per_dim")
    line = {key: getattr(report, key) for key in keys}
    if report.pixel_scale is not None:
        line["pixel_scale"] = report.pixel_scale
    return line | {"train": asdict(report.train), "validation": asdict(report.validation)}


def _last_snapshot(folder: Path, z_dim: int) -> snapshots.Snapshot | None:
    for step in reversed(snapshots.steps(folder)):
        with suppress(UserError):
            found = snapshots.read(folder, step)
            return found if found.loc.shape[1] == z_dim else None
    return None
