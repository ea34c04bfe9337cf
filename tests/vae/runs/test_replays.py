"""Runs that ship to be looked at: they play without the data set, and nobody can steer them."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.asking import ask
from tests.run_folders import write_run
from ui import base
from ui.routes import runs
from ui.train import view as train_view
from vae import library
from vae.errors import UserError
from vae.runs import control, replays, watch


@pytest.fixture(scope="module")
def shipped() -> watch.RunView:
    found = replays.first()
    assert found is not None
    return found


def test_the_shipped_run_is_whole(shipped: watch.RunView) -> None:
    lines, _ = watch.metrics(shipped.path)
    steps = watch.snapshots(shipped.path)
    assert shipped.state == "finished"
    assert lines[-1].step == steps[-1] == shipped.steps
    assert set(steps) <= {line.step for line in lines}
    for step in steps:
        assert len(watch.snapshot(shipped.path, step).loc) == 2000


def test_the_shipped_run_is_small(shipped: watch.RunView) -> None:
    files = [path for path in shipped.path.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 2.5e6


def test_it_is_neither_a_run_nor_a_model_of_the_visitors(shipped: watch.RunView) -> None:
    assert watch.runs() == []
    for act in (control.remove, control.cancel, control.resume):
        with pytest.raises(UserError, match="there is no run"):
            act(shipped.id)
    assert shipped.path / "model.safetensors" not in library.library().values()


def test_it_is_served_without_its_data_set(
    shipped: watch.RunView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VAE_DATA", str(tmp_path))
    at = runs.replay_address(shipped.id)
    live = ask(runs.routes(), f"{at}/live")
    assert live.status == 200
    told = json.loads(live.body)
    assert told["facts"]["class_names"] == [str(digit) for digit in range(10)]
    assert [len(kl) for kl in told["kl_rows"]] == [2] * len(told["rows"])
    step, _ = told["snapshots"][0]
    assert ask(runs.routes(), f"{at}/snapshot/{step}").status == 200
    assert ask(runs.routes(), "/replay/nothing/live").status == 404


def test_a_visitor_without_runs_sees_it_and_is_told_what_it_is() -> None:
    told = train_view.view_data(None)
    assert "ships with this program" in told["replay"]
    assert told["address"].startswith(base.path() + "/replay/")
    write_run("mine", "finished")
    assert "replay" not in train_view.view_data(watch.view("mine"))


def test_thinning_keeps_both_ends_and_rounds_no_image(tmp_path: Path) -> None:
    run = write_run("run", "finished", step=60, reports=12)
    (run / "events.jsonl").touch()
    replays.thin(run, tmp_path / "thin", most=4)
    before, after = watch.snapshots(run), watch.snapshots(tmp_path / "thin")
    assert (len(after), after[0], after[-1]) == (4, before[0], before[-1])
    for step in after:
        was, now = (watch.snapshot(path, step) for path in (run, tmp_path / "thin"))
        np.testing.assert_array_equal(was.reconstruction, now.reconstruction)
        # float16 has 11 binary digits
        np.testing.assert_allclose(was.loc, now.loc, rtol=2**-11)


def test_only_a_finished_run_is_thinned_and_into_a_new_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="give the folder of a finished run"):
        replays.thin(write_run("run", "paused"), tmp_path / "thin")
    with pytest.raises(UserError, match="is there already"):
        replays.thin(write_run("other", "finished"), tmp_path)
