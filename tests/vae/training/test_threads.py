"""Threads of a training give way to other processes, unless the user has it otherwise."""

import os
import subprocess
import sys

import pytest

from vae.runs import control
from vae.training import threads

# what the environment holds by the time torch is there
SHOWN = """
import os
from vae import __main__ as cli
cli.parser({command!r})
import torch
print(*(os.environ.get(name) for name in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")))
"""


NAMES = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")


def seen_by(*command, **given):
    clean = {key: value for key, value in os.environ.items() if key not in NAMES}
    script = [sys.executable, "-c", SHOWN.format(command=list(command))]
    return subprocess.check_output(script, env=clean | given, text=True).split()


def test_a_training_settles_how_threads_wait_before_torch_is_loaded():
    assert seen_by("train", "--seconds", "60") == ["PASSIVE", "10000"]


def test_other_commands_leave_the_environment_alone():
    assert seen_by("datasets") == ["None", "None"]


def test_what_the_user_has_set_stays_and_epochs_wait_for_less_long():
    assert seen_by("train", "--epochs=3", OMP_WAIT_POLICY="ACTIVE") == ["ACTIVE", "1000"]


def company(most, shares):
    """Give the numbers of threads after each second in which a share was spent waiting."""
    now = waited = 0.0
    watched = threads.Company(most, lambda: waited, lambda: now)
    counts = []
    for share in shares:
        now, waited = now + 1.0, waited + share
        counts.append(watched.look())
    return counts


def test_in_company_fewer_threads_are_used_and_alone_all_of_them():
    assert company(2, [0.0, 0.01, 0.7, 0.7]) == [2, 2, 1, 1]
    assert company(2, [0.7] + 6 * [0.01]) == [1, 1, 1, 1, 1, 2, 2]
    assert company(8, [0.5, 0.5, 0.1, 0.1]) == [4, 2, 2, 2]


def test_the_time_waited_for_a_core_only_grows():
    assert 0 <= threads.waited() <= threads.waited()


@pytest.mark.parametrize("in_epochs", [True, False])
def test_a_training_from_the_page_waits_as_one_from_a_terminal(monkeypatch, in_epochs):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    found = control.environment(in_epochs)
    assert found["GOMP_SPINCOUNT"] == ("1000" if in_epochs else "10000")
    assert found["OMP_NUM_THREADS"] == str(min(2, os.cpu_count()))
