"""A run's folder and what is done with it: training, lists, the queue, the trash, sweeps."""

import json
from pathlib import Path
from typing import Any

from tests.run_folders import write_run
from tests.tiny_models import tiny_checkpoint
from tests.writers.images import uploaded
from tests.writers.writer import MODEL, Writer
from vae import checkpoint, data
from vae.files.owner import Asker, acting_as, hashed
from vae.files.writing import TRASH, runs_folder
from vae.runs import control, driver, origin, patience, queue, records, sweep, trash, watch
from vae.runs.folder import RunFolder
from vae.sweep import Sweep
from vae.training.config import TrainConfig

held: list[Any] = []
"""Locks of runs that count as waiting; whoever runs a writer closes them afterwards."""


def status(folder: Path) -> Writer:
    run = write_run("run", "running", step=60)
    return Writer(lambda: RunFolder(run).status("paused"), lambda: records.read_status(run).state)


def event(folder: Path) -> Writer:
    run = RunFolder(write_run("run", "running", step=60))
    return Writer(
        lambda: run.event("warned", 3, words="ä"), lambda: len(watch.events(run.path)) > 0
    )


def trimmed(folder: Path) -> Writer:
    run = RunFolder(write_run("run", "paused", step=60, reports=3))
    run.prepare()
    return Writer(lambda: run.trim(20), lambda: [one.step for one in watch.metrics("run")[0]])


def new_run(folder: Path) -> Writer:
    def write() -> None:
        path = control.make_folder("new")
        run = RunFolder(path)
        run.prepare()
        run.begin({"format_version": 1})

    def read() -> bool:
        there = [one.parent for one in runs_folder().glob("new*/config.json")]
        return any(json.loads((one / "config.json").read_text()) for one in there)

    return Writer(write, read)


def visitors_run(folder: Path) -> Writer:
    visitor = Asker(name=hashed("token"))

    def write() -> None:
        with acting_as(visitor):
            control.make_folder("new")

    def read() -> list[str]:
        # what is nobody's would be seen at the machine alone, and never removed
        assert all((one / "owner").exists() for one in runs_folder().glob("new*"))
        return [one.name for one in runs_folder().glob("new*")]

    return Writer(write, read)


def origin_of_weights(folder: Path) -> Writer:
    run, path = write_run("run", "queued"), folder / "model.safetensors"
    checkpoint.write(path, tiny_checkpoint("model", MODEL))

    def read() -> bool:
        copy = run / origin.FILE
        return copy.exists() and checkpoint.read(copy).model.config == MODEL

    return Writer(lambda: origin.keep(run, path), read)


def renamed(folder: Path) -> Writer:
    write_run("run", "finished")

    def write() -> None:
        control.rename("run" if (runs_folder() / "run").exists() else "other", "other")

    return Writer(write, lambda: [one.id for one in watch.runs()])


def trained(folder: Path) -> Writer:
    """A whole training, of a few images; what a disk that fails ends goes on where it was."""
    uploaded(folder).write()
    run, images = folder / "runs" / "run", data.load("mine")
    training = TrainConfig(epochs=1, batch_size=8)

    def write() -> None:
        if (run / "config.json").exists():
            driver.resume(run)
        else:
            driver.start(run, images, MODEL, training)

    def read() -> bool:
        if not (run / "model.safetensors").exists():
            return False
        checkpoint.read(run / "model.safetensors")
        return watch.view(run).state == "finished"

    return Writer(write, read)


def ticket(folder: Path) -> Writer:
    run = write_run("run", "queued")
    # the lock is held for as long as this process lives, so that the run counts as waiting
    held.append(control._lock(run, 0.0))
    return Writer(lambda: queue.enter(run), lambda: queue.position(run))


def left_the_queue(folder: Path) -> Writer:
    run = write_run("run", "queued", step=0, reports=0)
    return Writer(lambda: patience._end(run, "cancelled"), lambda: records.read_status(run).state)


def removed(folder: Path) -> Writer:
    made = sweep.create("digits", MODEL, TrainConfig(epochs=1), {"seed": [0, 1]}, "mine")

    def write() -> None:
        runs = [made.folder_of(one) for one in made.members]
        trash.put(made.path, runs)

    def read() -> list[str]:
        seen = sorted(one.parent.name for one in runs_folder().glob("mine*/*.json"))
        away = [one.name for one in (runs_folder() / TRASH).glob("*/sweep.json")]
        return [*seen, *away]

    return Writer(write, read)


def brought_back(folder: Path) -> Writer:
    made = removed(folder)
    made.write()
    away = runs_folder() / TRASH / "mine"
    return Writer(lambda: trash.bring_back(away), made.read)


def new_sweep(folder: Path) -> Writer:
    values = {"seed": [0, 1]}

    def read() -> list[str]:
        return sorted(one.parent.name for one in runs_folder().glob("[a-z]*/*.json"))

    return Writer(
        lambda: sweep.create("digits", MODEL, TrainConfig(epochs=1), values, "mine"), read
    )


def member_followed(folder: Path) -> Writer:
    made = sweep.create("digits", MODEL, TrainConfig(epochs=1), {"seed": [0, 1]}, "mine")

    def read() -> list[str]:
        found = Sweep.open(made.path)
        assert all(found.owns(one) for one in found.members)
        return [one.run for one in found.members]

    return Writer(lambda: control.rename("mine-1", "other"), read)


RUNS = (
    *(status, event, trimmed, new_run, visitors_run, origin_of_weights, renamed, trained, ticket),
    *(left_the_queue, removed, brought_back, new_sweep, member_followed),
)
