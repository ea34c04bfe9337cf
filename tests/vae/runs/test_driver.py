"""Run folders: the files are all there, true, and a run goes on where it stopped."""

import dataclasses
import fcntl
import json
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress

import numpy as np
import pytest
import torch

from vae.checkpoint import read
from vae.data import load
from vae.errors import UserError
from vae.measures.evaluation import evaluate
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.runs import driver as runs
from vae.runs import watch
from vae.runs.folder import RunFolder
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.report import Closing
from vae.training.step import Step

MODEL = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(16,)))
TRAINING = TrainConfig(epochs=3, batch_size=128, learning_rate=0.01)


@pytest.fixture(scope="module")
def digits():
    return load("digits")


@pytest.fixture(scope="module")
def finished(digits, tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "my-run"
    return out, runs.start(out, digits, MODEL, TRAINING)


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_file_of_the_design_is_there(finished):
    out, _ = finished
    names = {path.name for path in out.iterdir()}
    assert names == {
        *("config.json", "status.json", "metrics.jsonl", "events.jsonl", "control.jsonl"),
        *("snapshots", "model.safetensors", "state.safetensors", "lock", "log.txt"),
    }


def test_the_status_ends_as_finished_at_the_last_step(finished):
    out, _ = finished
    status = json.loads((out / "status.json").read_text())
    assert status["state"] == "finished"
    assert status["step"] == status["steps"] > 0
    assert status["epoch"] == 3
    assert [line["event"] for line in lines(out / "events.jsonl")] == ["started", "finished"]


def test_a_time_budget_that_was_not_kept_is_told_in_events_and_status(digits, tmp_path):
    out = tmp_path / "short"
    runs.start(out, digits, MODEL, dataclasses.replace(TRAINING, epochs=None, seconds=1e-3))
    (warned,) = [line for line in lines(out / "events.jsonl") if line["event"] == "warned"]
    assert warned["words"].startswith("only ")
    assert warned["words"].endswith("fitted into 0.001 s; give it more time or smaller batches")
    assert watch.view(out).warning == warned["words"]


def test_measuring_has_a_place_of_its_own_in_what_is_done(digits, tmp_path):
    out, seen = tmp_path / "run", []

    def look(told):
        # the status on disk is written before the watcher hears of it
        seen.append((told.phase, watch.view(out)))

    runs.start(out, digits, MODEL, TRAINING, look)
    progress = [view.progress for _, view in seen]
    assert progress == sorted(progress)
    measuring = [view for phase, view in seen if phase == "measuring"]
    assert all(view.share == 1 and view.closing > 0 and view.progress < 1 for view in measuring)
    assert measuring[-1].phase == "saving"
    ended = watch.view(out)
    assert (ended.progress, ended.closing, ended.remaining) == (1, 0, 0)


def test_a_folder_of_an_older_version_tells_its_share_by_its_steps(finished, tmp_path):
    old = tmp_path / "old"
    shutil.copytree(finished[0], old)
    status = json.loads((old / "status.json").read_text())
    for key in ("share", "closing", "progress", "warning"):
        del status[key]
    half = {"state": "paused", "step": status["steps"] // 2}
    (old / "status.json").write_text(json.dumps(status | half))
    assert watch.view(old).progress == pytest.approx(0.5, abs=0.05)


def test_metrics_hold_the_terms_of_train_and_validation_and_never_of_test(finished):
    last = lines(finished[0] / "metrics.jsonl")[-1]
    assert set(last) == {
        *("step", "epoch", "seconds", "lr", "beta", "kl_per_dim", "train", "validation")
    }
    for part in (last["train"], last["validation"]):
        assert part["elbo"] == pytest.approx(part["reconstruction"] - part["kl"])


def test_a_snapshot_holds_map_reconstructions_and_samples(finished):
    (*_, path) = sorted((finished[0] / "snapshots").iterdir())
    with np.load(path, allow_pickle=False) as snapshot:
        assert snapshot["loc"].shape == snapshot["scale"].shape == (len(snapshot["label"]), 2)
        for name in ("original", "reconstruction", "sample"):
            assert snapshot[name].shape == (16, 1, 8, 8)
            assert snapshot[name].dtype == np.uint8


def test_the_model_opens_with_its_atlas_and_its_numbers(finished, digits):
    out, returned = finished
    model = read(out / "model.safetensors")
    assert model.name == returned.name == "my-run"
    assert model.metrics["n_images"] == len(digits.test) == len(model.atlas.label)
    assert model.metrics["split"] == "test"
    assert model.dataset["sha256"] == digits.test.sha256()
    np.testing.assert_array_equal(model.atlas.label, digits.test.labels)
    qz = model.model.encode(torch.from_numpy(digits.test.images[:3]).float() / 255)
    np.testing.assert_allclose(model.atlas.loc[:3], qz.loc, atol=1e-6)


def test_a_second_run_in_the_same_folder_is_refused_and_loses_nothing(finished, digits):
    out, _ = finished
    before = (out / "model.safetensors").read_bytes()
    with pytest.raises(UserError, match="holds a run already.*--resume"):
        runs.start(out, digits, MODEL, TRAINING)
    assert (out / "model.safetensors").read_bytes() == before


def test_a_cancelled_run_keeps_what_was_learnt_and_resumes_to_the_same_weights(
    digits, tmp_path, monkeypatch
):
    def stop(report):
        if report.step == 20:
            raise KeyboardInterrupt

    training = TrainConfig(epochs=6, batch_size=128, learning_rate=0.01)
    out = tmp_path / "stopped"
    with monkeypatch.context() as hurried, pytest.raises(KeyboardInterrupt):
        # a report at each step, so that it can be stopped at any
        hurried.setattr("vae.training.loop.REPORT_SECONDS", 0)
        runs.start(out, digits, MODEL, training, watch=stop)
    assert json.loads((out / "status.json").read_text())["state"] == "cancelled"
    assert read(out / "model.safetensors").metrics["n_images"] == len(digits.test)
    resumed = runs.resume(out)
    whole = runs.start(tmp_path / "whole", digits, MODEL, training)
    for a, b in zip(resumed.model.parameters(), whole.model.parameters(), strict=True):
        assert torch.equal(a, b)


def test_what_is_done_is_never_less_where_an_estimate_grows(digits, tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.prepare()
    trainer = Trainer(build(MODEL), digits, TRAINING)
    trainer.step, trainer.watch.seconds = trainer.steps // 2, 10.0
    done = []
    for left in (1.0, 100.0, 1.0):
        folder.status("running", trainer, closing=Closing(share=0.0, left=left))
        done.append(folder.last_status().progress)
    # half of 20 s of training, and one second after it
    assert done == pytest.approx([0.5 * 20 / 21] * 3, abs=0.03)
    assert done == sorted(done)


@pytest.fixture(scope="module")
def stopped(digits, tmp_path_factory):
    """A run that was stopped after 5 of its 22 steps."""
    out = tmp_path_factory.mktemp("runs") / "stopped"

    def stop(report):
        if report.step == 5:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as hurried, pytest.raises(KeyboardInterrupt):
        hurried.setattr("vae.training.loop.REPORT_SECONDS", 0)
        hurried.setenv("VAE_RUNS", str(out.parent))
        runs.start(out, digits, MODEL, dataclasses.replace(TRAINING, epochs=2), watch=stop)
    return out


def gone_on(stopped, out, **changes):
    """Copy a stopped run, change its configuration, and let it go on."""
    shutil.copytree(stopped, out)
    config = json.loads((out / "config.json").read_text())
    (out / "config.json").write_text(json.dumps(config | changes))
    return runs.resume(out)


def test_a_run_goes_on_in_the_arithmetic_that_it_began_with(stopped, tmp_path):
    coarse, fine, again = (
        gone_on(stopped, tmp_path / name, bfloat16=name == "coarse").model
        for name in ("coarse", "fine", "again")
    )
    weights = [model.decoder[-2].weight for model in (coarse, fine, again)]
    assert torch.equal(weights[1], weights[2])
    assert not torch.equal(weights[0], weights[1])


def test_a_run_that_goes_on_with_other_threads_says_so(stopped, tmp_path):
    gone_on(stopped, tmp_path / "run", threads=7)
    (warned,) = [line for line in lines(tmp_path / "run" / "events.jsonl") if "words" in line]
    assert warned["words"] == f"began on 7 threads, goes on with {torch.get_num_threads()}"


def test_a_finished_model_is_measured_as_it_is_stored_in_float16(finished, digits):
    _, done = finished
    for weight in done.model.state_dict().values():
        assert torch.equal(weight, weight.half().float())
    assert evaluate(done.model, digits.test).to_json()["elbo"] == done.metrics["elbo"]


def test_divergence_keeps_the_last_good_model_and_says_so(digits, tmp_path, monkeypatch):
    def explode(self, batch, share):
        terms = forward(self, batch, share)
        steps.append(share)
        return terms._replace(loss=terms.loss * float("nan")) if len(steps) == 8 else terms

    steps, forward = [], Step.forward
    monkeypatch.setattr(Step, "forward", explode)
    out = tmp_path / "wild"
    with pytest.raises(UserError, match="diverged at step 7 .* the model of step 0 is kept"):
        runs.start(out, digits, MODEL, TRAINING)
    status = json.loads((out / "status.json").read_text())
    assert status["state"] == "failed"
    assert "diverged" in status["error"]
    assert all(bool(p.isfinite().all()) for p in read(out / "model.safetensors").model.parameters())


def test_a_run_held_by_another_process_is_refused(finished, tmp_path):
    out, _ = finished
    with (out / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="trained by another process"):
            runs.resume(out)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("config.json", b"{", "config.json .* is damaged"),
        ("config.json", b"{}", "another version"),
        ("config.json", b'{"format_version": 1}', "config.json .* is damaged"),
        ("config.json", b"[1]", "config.json .* is damaged"),
        ("state.safetensors", b"", "state.safetensors .* is damaged"),
        ("state.safetensors", b"junk" * 100, "state.safetensors .* is damaged"),
    ],
)
def test_a_damaged_run_is_refused_in_one_sentence(finished, tmp_path, name, content, words):
    folder = tmp_path / "copy"
    folder.mkdir()
    for path in finished[0].iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / name).write_bytes(content)
    with pytest.raises(UserError, match=words):
        runs.resume(folder)


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(UserError, match="not a run folder"):
        runs.resume(tmp_path)


def test_resuming_a_finished_run_packages_it_again_and_trains_no_further(finished, digits):
    out, before = finished
    after = runs.resume(out)
    for a, b in zip(after.model.parameters(), before.model.parameters(), strict=True):
        assert torch.equal(a, b)


def test_the_log_says_what_happened(finished):
    text = (finished[0] / "log.txt").read_text()
    assert text.startswith("started at step 0\n")
    assert "validation elbo" in text
    step = json.loads((finished[0] / "status.json").read_text())["step"]
    assert text.endswith(f"finished at step {step}\n")


def test_going_on_forgets_reports_after_the_save_and_lines_torn_by_a_crash(finished, tmp_path):
    folder = runs.RunFolder(tmp_path)
    for step in (10, 20, 30):
        folder.append("metrics.jsonl", {"step": step})
    folder.append("events.jsonl", {"event": "started", "step": 0})
    for name in ("metrics.jsonl", "events.jsonl"):
        with (tmp_path / name).open("a") as file:
            file.write('{"step": 2')
    folder.trim(20)
    folder.append("metrics.jsonl", {"step": 25})
    assert [line["step"] for line in lines(tmp_path / "metrics.jsonl")] == [10, 20, 25]
    assert len(lines(tmp_path / "events.jsonl")) == 1


def test_any_other_failure_never_leaves_the_run_running(digits, tmp_path):
    def fail(report):
        raise MemoryError("no room")

    with pytest.raises(MemoryError):
        runs.start(tmp_path / "run", digits, MODEL, TRAINING, watch=fail)
    status = json.loads((tmp_path / "run" / "status.json").read_text())
    assert (status["state"], status["error"]) == ("failed", "no room")


def begin(*arguments):
    """Start the command that trains, in a process of its own."""
    command = [sys.executable, "-m", "vae", "train", *arguments, "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_signal_in_the_middle_of_a_step_still_resumes_to_the_same_weights(tmp_path):
    stopped, whole = tmp_path / "stopped", tmp_path / "whole"
    settings = ["--dataset", "digits", "--epochs", "150", "--learning-rate", "0.01"]
    settings += ["--batch-size", "128", "--set", "architecture.hidden=16"]
    process = begin(*settings, "--out", str(stopped))

    def has_begun():
        with suppress(OSError, ValueError):
            return json.loads((stopped / "status.json").read_text())["phase"] == "training"

    while not has_begun() and process.poll() is None:
        time.sleep(0.01)
    # into the middle of some step
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 130
    status = json.loads((stopped / "status.json").read_text())
    assert status["state"] == "cancelled"
    assert 0 < status["step"] < status["steps"]
    # all in processes alike, so that nothing else this one has loaded plays in
    for arguments in (("--resume", str(stopped)), (*settings, "--out", str(whole))):
        process = begin(*arguments)
        process.communicate(timeout=120)
        assert process.returncode == 0
    models = [read(folder / "model.safetensors").model for folder in (stopped, whole)]
    for a, b in zip(*(model.parameters() for model in models), strict=True):
        assert torch.equal(a, b)
