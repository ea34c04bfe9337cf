"""Steering a run through its folder: each order once, in order, whatever is killed on the way."""

import dataclasses
import hashlib
import json
import math
import os
import shutil

import pytest
import torch
from safetensors.torch import load_file

from vae.checkpoint import read, read_header
from vae.data import load
from vae.errors import UserError
from vae.files.locks import LOCK_VARIABLE, take
from vae.models.config import VAEConfig
from vae.models.likelihoods import LogisticMixture
from vae.models.networks import MLP
from vae.models.priors import PRIORS
from vae.models.vae import build
from vae.runs import driver, ending, orders, steering, watch
from vae.training import steering as training_steering
from vae.training.config import TrainConfig
from vae.training.inherit import difference
from vae.training.loop import Trainer
from vae.training.objectives import Elbo, Iwae

MODEL = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(8,)))
TRAINING = TrainConfig(epochs=2, batch_size=256, learning_rate=0.01)
AT = 4


@pytest.fixture(scope="module")
def digits():
    return load("digits")


@pytest.fixture(scope="module")
def stopped(digits, tmp_path_factory):
    """A run of 10 steps that was stopped after four of them."""
    out = tmp_path_factory.mktemp("runs") / "stopped"

    def stop(report):
        if report.step == AT:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as hurried, pytest.raises(KeyboardInterrupt):
        hurried.setattr("vae.training.loop.REPORT_SECONDS", 0)
        hurried.setenv("VAE_RUNS", str(out.parent))
        driver.start(out, digits, MODEL, TRAINING, watch=stop)
    return out


@pytest.fixture
def run(stopped, tmp_path):
    return shutil.copytree(stopped, tmp_path / "run")


@pytest.fixture(scope="module")
def whole(digits):
    """The weights of a training that nobody stopped, and that was changed after four steps."""
    trainer = Trainer(build(MODEL, TRAINING.seed), digits, TRAINING)
    trainer.pause_at = AT
    list(trainer.run())
    trainer.pause_at = math.inf
    training_steering.steer(trainer, "beta", 8)
    training_steering.steer(trainer, "epochs", 3)
    list(trainer.run())
    return {f"model.{key}": value for key, value in trainer.model.state_dict().items()}


def changes(run):
    return [event for event in watch.events(run) if event.event == "changed"]


def same(run, weights):
    saved = load_file(run / "state.safetensors")
    return all(torch.equal(saved[key], value) for key, value in weights.items())


def test_a_run_that_was_stopped_and_changed_ends_as_one_that_was_only_changed(run, whole):
    steering.steer(run, "beta", 8)
    steering.steer(run, "epochs", 3)
    finished = driver.resume(run)
    assert same(run, whole)
    first, second = changes(run)
    assert (first.step, first.details["what"]) == (AT, "beta")
    assert (first.details["before"], first.details["after"]) == (1.0, 8.0)
    assert (second.details["before"], second.details["after"]) == (2, 3)
    # what it began with stays; what holds at the end is told by its model
    began = json.loads((run / "config.json").read_text())["training"]
    assert TrainConfig.from_json(began) == TRAINING
    ended = dataclasses.replace(TRAINING, epochs=3, objective=Elbo(beta=8.0))
    assert TrainConfig.from_json(finished.training) == ended
    assert steering.standing(run) == ended


def test_a_kill_after_the_save_and_before_the_event_loses_neither_and_repeats_nothing(run, whole):
    steering.steer(run, "beta", 8)
    steering.steer(run, "epochs", 3)

    def stop(report):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        driver.resume(run, watch=stop)
    kept = [
        line for line in (run / "events.jsonl").read_text().splitlines() if "changed" not in line
    ]
    (run / "events.jsonl").write_text("\n".join(kept) + "\n")
    driver.resume(run)
    assert same(run, whole)
    assert [(one.step, one.details["what"]) for one in changes(run)] == [
        (AT, "beta"),
        (AT, "epochs"),
    ]


def test_an_order_that_the_trainer_refuses_is_warned_of_once_and_nothing_changes(run):
    orders.add(run, "beta", -3)
    orders.add(run, "dance", 1)
    driver.resume(run)
    driver.resume(run)
    warned = [e.details["words"] for e in watch.events(run) if e.event == "warned"]
    assert len(warned) == 2
    assert warned[0].startswith("beta must be from 0")
    assert warned[1].startswith("'dance' cannot be changed")
    assert changes(run) == []


def test_one_epoch_is_made_and_the_run_pauses_again(run, monkeypatch):
    orders.add(run, orders.RESUME)
    orders.add(run, orders.STEP, 1)
    began = watch.view(run).step
    # as who starts the process hands it over: what was asked since then counts
    with take(run / "lock") as lock:
        monkeypatch.setenv(LOCK_VARIABLE, str(os.dup(lock.fileno())))
    with pytest.raises(ending.Stopped, match="paused"):
        driver.resume(run)
    assert watch.view(run).state == "paused"
    assert watch.view(run).step == began + 5


def test_a_finished_run_goes_on_and_keeps_its_numbers_of_before(run):
    driver.resume(run)
    steps = [line.step for line in watch.metrics(run)[0]]
    driver.resume(run, longer={"epochs": 1})
    (change,) = changes(run)
    assert (change.step, change.details["after"], change.details["more"]) == (10, 3, 1)
    after = [line.step for line in watch.metrics(run)[0]]
    assert after[: len(steps)] == steps
    assert after[-1] == 15
    assert watch.view(run).state == "finished"
    assert watch.view(run).progress == 1


def test_what_cannot_be_asked_of_a_run_is_refused_where_it_is_asked(run):
    with pytest.raises(UserError, match="learning_rate must be above 0"):
        steering.steer(run, "learning_rate", 0)
    with pytest.raises(UserError, match="only a finished one is trained longer"):
        steering.longer(run, "epochs", 1)
    assert orders.changes(run) == []


def test_a_run_starts_from_the_weights_of_another_model_whatever_trained_it(
    digits, tmp_path, finished_elbo
):
    once = TrainConfig(objective=Iwae(k=2), epochs=1, batch_size=2000, learning_rate=1e-12)
    out = tmp_path / "tuned"
    tuned = driver.start(out, digits, MODEL, once, start_from=finished_elbo)
    given = read(finished_elbo).model
    # with so small a step size the weights stay where they were
    for a, b in zip(tuned.model.parameters(), given.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-3)
    said = json.loads((out / "config.json").read_text())["start_from"]
    content = finished_elbo.read_bytes()
    assert said == {"model": "other", "sha256": hashlib.sha256(content).hexdigest()}
    # the model that came of it says so too, and one from random weights says nothing
    assert read(out / "model.safetensors").start_from == said
    assert read_header(out / "model.safetensors")["start_from"] == said
    assert read(finished_elbo).start_from == {}
    assert b"start_from" not in content
    finished_elbo.unlink()
    # the run has its own copy to begin from once more
    (out / "state.safetensors").unlink()
    assert same_parameters(driver.resume(out).model, tuned.model)


def same_parameters(one, other):
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


@pytest.fixture
def finished_elbo(run, tmp_path):
    """The file of a model that was trained a little."""
    return shutil.copy(run / "model.safetensors", tmp_path / "other.safetensors")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"z_dim": 3}, "its z_dim is 2, and that of this run 3"),
        (
            {"architecture": MLP(hidden=(9,))},
            "its architecture has hidden (8,), and that of this run (9,)",
        ),
        ({"likelihood": LogisticMixture()}, "its likelihood is bernoulli, and that of this run"),
    ],
)
def test_weights_that_do_not_fit_are_refused_with_the_difference(changes, words):
    assert words in str(difference(MODEL, dataclasses.replace(MODEL, **changes)))


def test_another_prior_is_no_hindrance():
    assert difference(MODEL, dataclasses.replace(MODEL, prior=PRIORS["vamp"]())) is None
