"""A disk that is full, or that fails, at any one call of any writer: nothing is half-written.

After the failure what readers find is the old whole thing or the new one, the cause is told in one
sentence, nothing stays that is taken for something, and writing again works.
"""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.failing_disk import BROKEN, FULL, failing
from tests.run_folders import snapshot, write_run
from tests.tiny_models import tiny_checkpoint
from vae import checkpoint
from vae.data.own import Choices, look, prepare, prepared
from vae.errors import UserError
from vae.export.film import gif
from vae.files import lines
from vae.files.writing import TRASH, runs_folder, write_atomically
from vae.jobs import projections
from vae.latent.projection import PCA
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.runs import control, orders, queue, records, snapshots, sweep, trash, watch
from vae.runs.folder import RunFolder
from vae.training.config import TrainConfig

MODEL = VAEConfig((1, 8, 8), architecture=MLP(hidden=(16,)))
WORDS = {FULL: "the disk is full; make room", BROKEN: "the disk reports an error"}


@dataclass(frozen=True)
class Writer:
    """What writes something, and what readers then find of it."""

    write: Callable[[], object]
    read: Callable[[], object]


def plain(folder: Path) -> Writer:
    path = folder / "file"
    path.write_bytes(b"old")
    return Writer(lambda: write_atomically(path, b"new content"), path.read_bytes)


def line(folder: Path) -> Writer:
    run = write_run("run", "paused", reports=0)
    control_file = run / "control.jsonl"
    control_file.write_bytes(b'{"id": "0", "action": "pause"}\n')

    def asked() -> set[str]:
        assert all(b"}" in one for one in control_file.read_bytes().split() if one.endswith(b"{"))
        return {order["action"] for order in orders.pending(run)}

    return Writer(lambda: orders.add(run, "cancel"), asked)


def model(folder: Path) -> Writer:
    path = folder / "model.safetensors"
    old, new = (tiny_checkpoint("a", replace(MODEL, z_dim=z_dim)) for z_dim in (2, 3))
    checkpoint.write(path, old)
    return Writer(
        lambda: checkpoint.write(path, new), lambda: checkpoint.read(path).model.config.z_dim
    )


def map_of_a_step(folder: Path) -> Writer:
    snapshots.write(folder, 1, snapshot(1))

    def read() -> list[int]:
        return [step for step in snapshots.steps(folder) if len(snapshots.read(folder, step).loc)]

    return Writer(lambda: snapshots.write(folder, 2, snapshot(2)), read)


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


def ticket(folder: Path) -> Writer:
    run = write_run("run", "queued")
    # the lock is held for as long as this process lives, so that the run counts as waiting
    _held.append(control._lock(run, 0.0))
    return Writer(lambda: queue.enter(run), lambda: queue.position(run))


_held: list[Any] = []


@pytest.fixture(autouse=True)
def let_go() -> Iterator[None]:
    """Close, after a test, the locks that its runs were held by."""
    yield
    while _held:
        _held.pop().close()


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


def projection(folder: Path) -> Writer:
    base = runs_folder() / ".cache" / "projections" / ("0" * 32)
    base.parent.mkdir(parents=True)
    points = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    job = projections.Job(base, "it")

    def write() -> None:
        projections._write_input(job, points, PCA())
        projections.run(base)

    return Writer(write, lambda: projections._places(job) is not None)


def uploaded(folder: Path) -> Writer:
    pictures = folder / "pictures"
    pictures.mkdir()
    for number in range(12):
        Image.new("L", (8, 8), number * 20).save(pictures / f"{number}.png")
    found = look(pictures)

    def read() -> object:
        return {name: len(prepared.find(name).load().train) for name in prepared.names()}

    return Writer(lambda: prepare(found, Choices(8, 8), "mine"), read)


def film(folder: Path) -> Writer:
    from vae.commands.writing import check_writable, write

    path = folder / "out" / "film.gif"
    content = gif(np.zeros((3, 4, 4, 1), np.uint8), 1, 100)

    def export() -> None:
        check_writable(str(path))
        write(str(path), content)

    return Writer(export, lambda: path.exists() and path.read_bytes() == content)


WRITERS = (
    *(plain, line, model, map_of_a_step, status, event, trimmed, new_run, ticket),
    *(removed, brought_back, new_sweep, projection, uploaded, film),
)


@pytest.mark.parametrize("kind", WRITERS, ids=lambda kind: kind.__name__)
def test_whichever_call_fails_nothing_is_half_written(
    kind: Callable[[Path], Writer], tmp_path: Path
) -> None:
    # the other error at each call
    assert try_all(kind, tmp_path, lambda call: FULL if call % 2 else BROKEN) > 1


def try_all(kind: Callable[[Path], Writer], where: Path, error: Callable[[int], int]) -> int:
    """Let each call of a writer fail, one at a time; return how many it makes and one."""
    for number in itertools.count(1):
        folder = where / str(number)
        (folder / "runs").mkdir(parents=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "nice", lambda by: by)
            patch.setenv("VAE_RUNS", str(folder / "runs"))
            if not _meets(kind(folder), folder, number, error(number)):
                return number
    raise AssertionError("counting does not end")


def _meets(writer: Writer, folder: Path, number: int, error: int) -> bool:
    """Let one call fail, and write again; False where there was no such call any more."""
    old, said = writer.read(), ""
    with failing(folder, number, error) as disk:
        try:
            writer.write()
        except (UserError, OSError) as refused:
            said = str(refused)
    found = writer.read()
    if not disk.failed:
        assert found != old
        return False
    where = f"{disk.failed} ({said})"
    if found == old:
        # what did not come about was told
        assert WORDS[error] in said or os.strerror(error) in said, where
        writer.write()
    assert writer.read() != old, where
    left = [path for path in folder.rglob("*") if path.name.startswith(".unfinished")]
    assert left == [], where
    return True


@pytest.mark.parametrize("cut", range(1, 27))
def test_a_line_cut_anywhere_is_as_if_it_were_not_there(cut: int, tmp_path: Path) -> None:
    path, torn = tmp_path / "events.jsonl", '{"step": 2, "event": "ä€"}'.encode()
    lines.append(path, b'{"step": 1, "event": "whole"}')
    with path.open("ab") as file:
        file.write(torn[:cut])
    assert [one.step for one in records.events(path.read_bytes())] == [1]
    lines.append(path, b'{"step": 3, "event": "next"}')
    assert [one.step for one in records.events(path.read_bytes())] == [1, 3]
