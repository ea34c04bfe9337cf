"""Acting on runs: real processes are started, paused, resumed, cancelled and killed."""

import errno
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from tests.browser.app_server import descendants
from vae import checkpoint, library
from vae.__main__ import main
from vae.errors import UserError
from vae.files.locks import take
from vae.files.writing import runs_folder
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.runs import control, orders, trash, watch
from vae.training.config import TrainConfig

PATIENCE = 90.0
MODEL = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(16,)))
SHORT, LONG = TrainConfig(epochs=2), TrainConfig(epochs=100_000)


@pytest.fixture(autouse=True)
def no_process_survives() -> Iterator[None]:
    yield
    for pid in trainers():
        os.kill(pid, signal.SIGKILL)


def trainers() -> list[int]:
    """Processes that this test's runs started."""
    found = []
    for pid in descendants(os.getpid()):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if b"--resume" in command:
            found.append(pid)
    return found


def wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, [vars(run) for run in watch.runs()]
        time.sleep(0.02)


def state(run: str) -> str:
    return watch.view(run).state


def is_training(run: str) -> bool:
    return watch.view(run).phase == "training"


def event_names(run: str) -> list[str]:
    return [event.event for event in watch.events(run)]


def test_a_run_waits_trains_and_its_model_is_in_the_library():
    run = control.launch("digits", MODEL, SHORT)
    assert state(run) == "queued"
    wait(lambda: state(run) == "finished")
    opened = checkpoint.read(library.library()[run])
    assert opened.metrics["split"] == "test"
    assert event_names(run) == ["started", "finished"]
    assert (watch.find(run) / "log.txt").read_text().startswith("started at step 0\n")
    config = watch.view(run).config
    assert len(config["train_sha256"]) == 64
    assert config["threads"] == min(2, os.cpu_count())


def test_a_second_run_queues_and_a_pause_lets_it_in_and_a_resume_goes_on():
    first = control.launch("digits", MODEL, LONG)
    wait(lambda: is_training(first))
    second = control.launch("digits", MODEL, SHORT)
    assert (state(second), watch.view(second).position) == ("queued", 1)
    control.pause(first)
    control.pause(first)
    wait(lambda: state(first) == "paused" and state(second) == "finished")
    step = watch.view(first).step
    assert checkpoint.read(library.library()[first]).metrics == {}
    control.resume(first)
    control.resume(first)
    wait(lambda: is_training(first))
    control.cancel(first)
    wait(lambda: state(first) == "cancelled")
    assert watch.view(first).step > step > 0
    assert event_names(first) == ["started", "paused", "resumed", "cancelled"]
    assert checkpoint.read(library.library()[first]).metrics["split"] == "test"


def test_a_run_that_was_paused_from_the_page_goes_on_from_the_command_line():
    run = control.launch("digits", MODEL, TrainConfig(epochs=4))
    with take_slot():
        control.pause(run)
        wait(lambda: state(run) == "paused")
    wait(lambda: not trainers())
    assert main(["train", "--resume", str(watch.find(run)), "--json"]) == 0
    assert state(run) == "finished"


def test_a_pause_that_is_taken_back_lets_the_run_go_on():
    run = control.launch("digits", MODEL, LONG)
    wait(lambda: is_training(run))
    control.pause(run)
    control.resume(run)
    step = watch.view(run).step
    wait(lambda: is_training(run) and watch.view(run).step > step)
    control.cancel(run)
    wait(lambda: state(run) == "cancelled")


def test_an_odd_order_leaves_the_run_with_open_ears():
    run = control.launch("digits", MODEL, LONG)
    wait(lambda: is_training(run))
    with (watch.find(run) / "control.jsonl").open("a") as file:
        file.write('{"id": [1], "action": "x"}\n' + "[" * 100_000 + "\n")
        file.write('{"id": "y", "action": "dance"}\n')
    wait(lambda: "warned" in event_names(run))
    control.cancel(run)
    wait(lambda: state(run) == "cancelled")


def test_a_waiting_run_whose_folder_was_replaced_leaves_it_alone():
    with take_slot():
        run = control.launch("digits", MODEL, SHORT)
        shutil.rmtree(runs_folder() / run)
        path = ended(run, "paused")
        wait(lambda: not trainers())
    assert json.loads((path / "status.json").read_text())["state"] == "paused"


def test_a_killed_trainer_reads_as_interrupted_and_goes_on_from_its_last_save():
    run = control.launch("digits", MODEL, LONG)
    saved = runs_folder() / run / "state.safetensors"
    wait(saved.exists)
    for pid in trainers():
        os.kill(pid, signal.SIGKILL)
    wait(lambda: state(run) == "interrupted")
    assert watch.view(run).resumable
    control.resume(run)
    wait(lambda: is_training(run))
    assert "resumed" in event_names(run)
    steps = [line.step for line in watch.metrics(run)[0]]
    assert steps == sorted(set(steps))
    control.cancel(run)
    wait(lambda: state(run) == "cancelled")


def test_a_run_whose_folder_is_deleted_ends_by_itself():
    run = control.launch("digits", MODEL, LONG)
    wait(lambda: is_training(run))
    # the trainer may write into it while it is being emptied
    while (runs_folder() / run).exists():
        shutil.rmtree(runs_folder() / run, ignore_errors=True)
    wait(lambda: not trainers())
    assert watch.runs() == []


def test_a_waiting_run_is_cancelled_without_having_begun():
    with take_slot():
        run = control.launch("digits", MODEL, SHORT)
        control.cancel(run)
        wait(lambda: state(run) == "cancelled")
    wait(lambda: not trainers())
    assert watch.view(run).step == 0
    assert not watch.view(run).has_model


def test_a_run_of_images_that_are_gone_fails_in_one_sentence(monkeypatch, tmp_path):
    run = control.launch("digits", MODEL, SHORT)
    wait(lambda: state(run) == "finished")
    path = watch.find(run)
    config = json.loads((path / "config.json").read_text())
    (path / "config.json").write_text(json.dumps(config | {"train_sha256": "0" * 64}))
    status = json.loads((path / "status.json").read_text())
    (path / "status.json").write_text(json.dumps(status | {"state": "paused"}))
    control.resume(run)
    wait(lambda: state(run) == "failed")
    assert "are not those the run" in watch.view(run).error


def test_starts_from_many_tabs_at_once_get_folders_of_their_own():
    with ThreadPoolExecutor(8) as tabs:
        folders = list(tabs.map(lambda _: control.make_folder("digits-2d"), range(16)))
    assert len(set(folders)) == 16


def test_no_run_takes_the_name_of_another_model():
    assert control.make_folder("digits-2d").name == "digits-2d-2"


def ended(name: str, state: str) -> Path:
    """Make the folder of a run that no process trains."""
    path = runs_folder() / name
    path.mkdir(parents=True)
    config = {"dataset": "digits", "model": {}, "training": {}, "created": "2026"}
    (path / "config.json").write_text(json.dumps(config))
    (path / "status.json").write_text(json.dumps({"state": state, "step": 3, "steps": 9}))
    (path / "lock").touch()
    return path


@pytest.mark.parametrize("before", ["paused", "running", "queued"])
def test_a_run_without_a_trainer_is_cancelled_at_once(before):
    ended("run", before)
    control.cancel("run")
    assert (state("run"), watch.view("run").step) == ("cancelled", 3)


def test_a_cancel_is_heard_while_other_tabs_look_at_the_run():
    stop = threading.Event()

    def look():
        while not stop.is_set():
            watch.runs()

    tabs = [threading.Thread(target=look) for _ in range(2)]
    for tab in tabs:
        tab.start()
    for number in range(20):
        ended(f"run-{number}", "paused")
        control.cancel(f"run-{number}")
    stop.set()
    for tab in tabs:
        tab.join()
    assert {run.state for run in watch.runs()} == {"cancelled"}


@pytest.mark.parametrize("over", ["finished", "failed", "cancelled"])
def test_orders_to_a_run_that_is_over_change_nothing(over):
    path = ended("run", over)
    control.pause("run")
    control.cancel("run")
    assert state("run") == over
    assert orders.pending(path) == []


def test_a_run_that_is_over_cannot_go_on():
    ended("run", "finished")
    with pytest.raises(UserError, match="is finished and cannot go on"):
        control.resume("run")


def test_a_run_that_cannot_begin_leaves_nothing_behind(monkeypatch):
    def full(source, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(UserError, match="the disk is full; make room"):
        control.launch("digits", MODEL, SHORT)
    assert watch.runs() == []
    assert not trainers()


def test_a_run_that_has_ended_gets_another_name():
    ended("run", "finished")
    assert control.rename("run", " my.Model-2 ") == "my.Model-2"
    assert [run.id for run in watch.runs()] == ["my.Model-2"]
    assert [event.event for event in watch.events("my.Model-2")] == ["renamed"]


@pytest.mark.parametrize("name", ["", "my model", "../run", ".hidden", "a" * 101])
def test_what_cannot_be_a_name_is_one_sentence(name):
    ended("run", "finished")
    with pytest.raises(UserError, match="cannot be a name"):
        control.rename("run", name)
    assert [run.id for run in watch.runs()] == ["run"]


@pytest.mark.parametrize("name", ["other", "mnist-2d"])
def test_no_run_is_renamed_over_another_model(name):
    ended("run", "finished")
    ended("other", "finished")
    with pytest.raises(UserError, match="choose another name"):
        control.rename("run", name)
    assert {run.id for run in watch.runs()} == {"run", "other"}


def outcomes(runs: list[str], names: list[str]) -> list[str]:
    """Rename two runs at the same time; the new name of each, or the sentence that refuses it."""

    def outcome(run: str, name: str) -> str:
        try:
            return control.rename(run, name)
        except UserError as error:
            return str(error)

    with ThreadPoolExecutor(2) as both:
        return list(both.map(outcome, runs, names))


def test_of_two_names_that_a_run_is_given_at_once_it_gets_one():
    for turn in range(30):
        path = ended("run", "finished")
        names = [f"left-{turn}", f"right-{turn}"]
        first, second = outcomes(["run", "run"], names)
        got, refused = (first, second) if first in names else (second, first)
        assert got in names
        assert "any more" in refused
        assert not path.exists()
        assert [run.id for run in watch.runs() if run.id in names] == [got]


def test_a_name_that_two_runs_are_given_at_once_goes_to_one_and_the_other_keeps_its_own():
    for turn in range(30):
        for name in ("one", "two"):
            ended(name, "finished")
        name = f"same-{turn}"
        said = outcomes(["one", "two"], [name, name])
        kept = ["one", "two"][1 - said.index(name)]
        assert f"there is a model or run {name} already" in " ".join(said)
        assert {run.id for run in watch.runs()} == {name, kept}
        for run in (name, kept):
            control.remove(run)


def test_a_run_that_trains_keeps_its_name():
    path = ended("run", "running")
    with take(path / "lock"), pytest.raises(UserError, match="when it has ended"):
        control.rename("run", "another")
    assert path.is_dir()


def test_a_removed_run_comes_back():
    path = ended("run", "finished")
    trashed = control.remove("run")
    assert watch.runs() == []
    assert control.restore(trashed) == path
    assert [run.id for run in watch.runs()] == ["run"]


def test_a_run_is_removed_twice_under_one_name_and_nothing_is_lost():
    for _ in range(2):
        ended("run", "finished")
        control.remove("run")
    assert len(list((runs_folder() / ".trash").iterdir())) == 2


def test_only_the_last_removed_runs_are_kept():
    for number in range(trash.KEPT + 2):
        ended(f"run-{number}", "finished")
        last = control.remove(f"run-{number}")
    kept = [path.name for path in (runs_folder() / ".trash").iterdir()]
    assert len(kept) == trash.KEPT
    assert last.name in kept
    assert "run-0" not in kept


def test_an_active_run_is_not_removed():
    path = ended("run", "running")
    with take(path / "lock"), pytest.raises(UserError, match="cancel it before it is removed"):
        control.remove("run")
    assert path.is_dir()


@pytest.mark.parametrize("act", [control.pause, control.cancel, control.resume])
def test_acting_on_a_run_that_is_gone_is_one_sentence(act):
    with pytest.raises(UserError, match="no run 'gone' any more"):
        act("gone")


def test_a_model_for_other_images_is_refused_before_a_folder_is_made():
    with pytest.raises(UserError, match="digits has images of"):
        control.launch("digits", VAEConfig(), SHORT)
    assert watch.runs() == []


def test_a_folder_that_cannot_be_made_is_one_sentence(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "file"))
    with pytest.raises(UserError, match="cannot make the run folder"):
        control.launch("digits", MODEL, SHORT)


def test_a_paused_run_learns_the_same_as_one_that_never_paused():
    training = TrainConfig(epochs=150, batch_size=64, learning_rate=0.01)
    paused = control.launch("digits", MODEL, training)
    wait(lambda: is_training(paused))
    control.pause(paused)
    wait(lambda: state(paused) == "paused")
    assert 0 < watch.view(paused).step
    whole = control.launch("digits", MODEL, training)
    control.resume(paused)
    wait(lambda: state(whole) == state(paused) == "finished")
    models = [checkpoint.read(library.library()[run]).model for run in (paused, whole)]
    for a, b in zip(*(model.parameters() for model in models), strict=True):
        assert torch.equal(a, b)


def take_slot():
    """Hold the place of the run that trains."""
    runs_folder().mkdir(parents=True, exist_ok=True)
    return take(runs_folder() / ".slot")
