"""The commands that steer: one line of its folder each, or one sentence of what is wrong."""

import pytest

from tests.run_folders import write_run
from vae.__main__ import main
from vae.runs import orders


def asked(path):
    return [(order["action"], order["value"]) for order in orders.changes(path)]


def test_a_change_is_asked_of_a_run_by_name_or_by_folder(capsys):
    path = write_run("run", "paused")
    assert main(["steer", "run", "beta", "2"]) == 0
    assert main(["steer", str(path), "learning-rate", "1e-4"]) == 0
    assert asked(path) == [("beta", 2), ("learning_rate", 1e-4)]
    assert "run was asked for beta 2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "beta"], "say to what beta changes"),
        (["run", "beta", "much"], "the value must be a number, not 'much'"),
        (["run", "beta", "-1"], "beta must be from 0"),
        (["run", "z_dim", "3"], "'z_dim' cannot be changed while ELBO trains; what can: beta, "),
        (["run", "epochs", "3"], "'epochs' cannot be changed"),
        (["none", "beta", "3"], "there is no run 'none'"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence_and_changes_nothing(words, sentence, capsys):
    path = write_run("run", "paused")
    assert main(["steer", *words]) == 2
    error = capsys.readouterr().err
    assert sentence in error and error.count("\n") == 1
    assert asked(path) == []


def test_only_a_finished_run_is_trained_longer(capsys):
    path = write_run("run", "paused")
    assert main(["train", "--resume", str(path), "--epochs", "3"]) == 2
    assert "is paused, and only a finished one is trained longer" in capsys.readouterr().err


def test_a_model_that_does_not_fit_is_no_start(capsys):
    words = ["train", "--dataset", "digits", "--start-from", "mnist-2d"]
    assert main(words) == 2
    assert "the weights of mnist-2d do not fit: its image_shape is" in capsys.readouterr().err
