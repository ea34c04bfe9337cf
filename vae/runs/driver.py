"""A training run in this process: start or resume it, obey its orders, keep what is learnt."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch

from vae import checkpoint
from vae.checkpoint import Checkpoint
from vae.data import ImageDataset, is_known, origin_of
from vae.data import load as load_dataset
from vae.data.own import prepared
from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.models.vae import build
from vae.runs import closing as run_closing
from vae.runs import orders, origin, queue
from vae.runs.ending import (
    Stopped,
    end_before_training,
    never_left_running,
    waiting_for_room,
)
from vae.runs.folder import FOLDER_VERSION, RunFolder
from vae.runs.listener import Listener
from vae.runs.obeying import obey
from vae.runs.packaging import ATLAS_IMAGES, versions
from vae.runs.team import leading
from vae.runs.writer import Writer
from vae.training.config import TrainConfig
from vae.training.distributed import ALONE, Team
from vae.training.diverged import Diverged
from vae.training.loop import Trainer
from vae.training.report import Closing, Report

Watch = Callable[[Report | Closing], None]
Waits = Callable[[int], None]
Opened = tuple[Trainer, ImageDataset, str]


def start(
    out: str | Path,
    dataset: ImageDataset,
    model: VAEConfig,
    training: TrainConfig,
    watch: Watch | None = None,
    waits: Waits | None = None,
    start_from: str | Path | None = None,
    team: Team = ALONE,
) -> Checkpoint:
    """Train a new model in a new run folder and return the finished checkpoint.

    It starts from random weights, or from those of a model: its name, or its file.

    While another run trains on this machine it waits its turn; ``waits`` hears its position in the
    queue. Ctrl-C, a SIGTERM or an order in control.jsonl ends it after the step under way; what was
    learnt is kept, and `Stopped` is raised. ``team`` are the processes that train it together.
    """
    folder = RunFolder(out)
    folder.refuse_if_taken()
    trainer = Trainer(build(model, training.seed), dataset, training)
    checkpoint.check_size(trainer.model, min(ATLAS_IMAGES, len(dataset.test)))
    folder.prepare()
    with folder.locked():
        given = {} if start_from is None else origin.keep(folder.path, start_from)
        origin.begin(folder.path, given, trainer)
        folder.begin(plan(dataset.name, model, training) | given | _facts(trainer, dataset))
        return _drive(folder, lambda listener: (trainer, dataset, "started"), watch, waits, team)


def resume(
    out: str | Path,
    watch: Watch | None = None,
    waits: Waits | None = None,
    longer: dict[str, float] | None = None,
    team: Team = ALONE,
) -> Checkpoint:
    """Go on with a paused or interrupted run, exactly where its last save left off.

    One that has not learnt anything yet begins. That the run was asked to end before no longer
    counts. A finished one goes on only for ``longer``: so many "epochs" or "seconds" more.
    """
    folder = RunFolder(out)
    folder.config()
    folder.prepare()
    with folder.locked() as adopted:
        if not adopted:
            # who gave us the lock has said so already, and may have asked for something since
            orders.add(folder.path, orders.RESUME)
        if longer:
            orders.add(folder.path, orders.LONGER, longer)
        return _drive(folder, lambda listener: _reopen(folder, listener), watch, waits, team)


def plan(dataset: str, model: VAEConfig, training: TrainConfig) -> dict[str, Any]:
    """Write down what a run is to do: its config.json as far as it is known before its turn."""
    return {
        **origin_of(dataset),
        "format_version": FOLDER_VERSION,
        "dataset": dataset,
        "train_sha256": None,
        "model": model.to_json(),
        "training": training.to_json(),
        "created": checkpoint.now(),
    }


def _facts(trainer: Trainer, dataset: ImageDataset) -> dict[str, Any]:
    return {
        "train_sha256": dataset.train.sha256(),
        "threads": torch.get_num_threads(),
        "bfloat16": trainer.bfloat16,
        "versions": versions(),
    }


def _dataset_of(config: dict[str, Any]) -> str:
    """Name the data set of a run, own images by what they hold.

    They may have been renamed, and a drawn set that grew has left its name to the newer images.
    """
    name, said = str(config["dataset"]), config.get("images")
    if not isinstance(said, dict):
        return name
    content, choices = str(said.get("content")), said.get("choices")
    if prepared.holds(name, content, choices):
        return name
    found = prepared.of_content(content, choices)
    if found is None and is_known(name):
        return name
    if found is None:
        origin = said.get("origin")
        path = " ".join(map(str, origin)) if isinstance(origin, list) and origin else "PATH"
        raise UserError(
            f"the images {name} that the run learns from are not on this machine any more; prepare "
            f"them again by python -m vae prepare {path} --name {name}"
        )
    return found


def _reopen(folder: RunFolder, listener: Listener) -> Opened:
    config = folder.config()
    dataset = load_dataset(_dataset_of(config), progress=_telling_download(folder, listener))
    training = TrainConfig.from_json(config["training"])
    model = VAEConfig.from_json(config["model"])
    trainer = Trainer(build(model, training.seed), dataset, training)
    if config["train_sha256"] is None:
        checkpoint.check_size(trainer.model, min(ATLAS_IMAGES, len(dataset.test)))
        origin.begin(folder.path, config, trainer)
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
    else:
        origin.begin(folder.path, config, trainer)
    folder.trim(trainer.step if begun else -1)
    if config.get("threads") != torch.get_num_threads():
        words = f"began on {config.get('threads')} threads, goes on with"
        folder.event("warned", trainer.step, words=f"{words} {torch.get_num_threads()}")
    return trainer, dataset, "resumed" if begun else "started"


def _telling_download(folder: RunFolder, listener: Listener) -> Callable[[int, int], None]:
    shown = -1

    def tell(done: int, total: int) -> None:
        nonlocal shown
        if listener.to_end():
            end_before_training(folder, listener)
        percent = 100 * done // max(1, total)
        if percent != shown:
            shown = percent
            folder.status("running", phase=f"downloading the images, {percent} %")

    return tell


def _drive(
    folder: RunFolder,
    open_trainer: Callable[[Listener], Opened],
    watch: Watch | None,
    waits: Waits | None,
    team: Team,
) -> Checkpoint:
    listener = Listener(folder)
    # signals are heard until it is written down how the run ended
    with listener.listening(), never_left_running(folder), waiting_for_room(folder, listener):
        folder.status("queued")
        with queue.turn(folder.path, listener.to_end, waits or (lambda place: None)) as ours:
            if not ours:
                end_before_training(folder, listener)
            folder.status("running", phase="starting")
            trainer, dataset, how = open_trainer(listener)
            with leading(team, trainer, dataset):
                return _live(folder, trainer, dataset, how, listener, watch)


def _live(
    folder: RunFolder,
    trainer: Trainer,
    dataset: ImageDataset,
    how: str,
    listener: Listener,
    watch: Watch | None,
) -> Checkpoint:
    listener.trainer = trainer
    folder.room.still = trainer.watch.still
    writer = Writer(folder, trainer, dataset)
    folder.event(how, trainer.step)
    asked = partial(obey, folder, trainer, listener)

    def heed() -> None:
        asked()
        writer.keep_up()

    trainer.heed, listener.is_due = heed, writer.is_due
    asked()
    while True:
        closing = run_closing.predict(trainer, dataset)
        folder.status("running", trainer, phase="training", closing=closing)
        diverged = _train(trainer, writer, watch, listener)
        if diverged:
            step = writer.fall_back()
            run_closing.close(folder, trainer, dataset, "failed", str(diverged))
            raise UserError(f"{diverged}; the model of step {step} is kept in {folder.path}")
        # before its end, which may come later by it
        asked()
        if trainer.done:
            if words := _told_at_the_end(trainer):
                folder.warn(trainer.step, words)
            return run_closing.close(folder, trainer, dataset, "finished", watch=watch)
        trainer.stopping = False
        state = listener.state()
        if state is None:
            continue
        run_closing.close(folder, trainer, dataset, state)
        again = listener.state()
        if state == "paused" and again == "cancelled":
            # asked while it was being saved
            state = again
            folder.status(state, trainer)
            folder.event(state, trainer.step)
        if again is not None:
            raise Stopped(state, folder.path)
        # asked to go on after all
        folder.event("resumed", trainer.step)
        asked()


def _told_at_the_end(trainer: Trainer) -> str:
    """Say what a reader of a finished run's numbers must know; empty where there is nothing."""
    late = trainer.budget.shortfall(trainer.step, trainer.elapsed)
    return "; ".join(filter(None, (late, trainer.model.likelihood.floor_words())))


def _train(
    trainer: Trainer, writer: Writer, watch: Watch | None, listener: Listener
) -> Diverged | None:
    """Train until the budget is spent, it is asked to end, or the numbers are lost."""
    try:
        for report in trainer.run():
            writer.take(report)
            if watch:
                watch(report)
    except KeyboardInterrupt:
        if trainer.in_step:
            raise  # asked twice, and not waited for: the last save is what counts
        trainer.stopping = listener.signalled = True
    except Diverged as error:
        return error
    if trainer.is_finite():
        return None
    return Diverged(f"training diverged at step {trainer.step} (a weight is not finite)")
