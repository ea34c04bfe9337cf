"""Threads of a training give way to other processes, unless the user has it otherwise."""

import os
import subprocess
import sys

import pytest

from vae import run_control, threads

# what the environment holds by the time torch is there
SHOWN = """
import os
from vae import __main__ as cli
cli.parser(["{command}"])
import torch
print(*(os.environ.get(name) for name in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")))
"""


def seen_by(command, **given):
    clean = {key: value for key, value in os.environ.items() if key not in threads.SETTINGS}
    script = [sys.executable, "-c", SHOWN.format(command=command)]
    return subprocess.check_output(script, env=clean | given, text=True).split()


def test_a_training_settles_how_threads_wait_before_torch_is_loaded():
    assert seen_by("train") == ["PASSIVE", "10000"]


def test_other_commands_leave_the_environment_alone():
    assert seen_by("datasets") == ["None", "None"]


def test_what_the_user_has_set_stays():
    assert seen_by("train", OMP_WAIT_POLICY="ACTIVE") == ["ACTIVE", "10000"]


@pytest.mark.parametrize("given", [None, "3"])
def test_a_training_from_the_page_has_two_threads_or_the_users_number(monkeypatch, given):
    monkeypatch.delenv("OMP_NUM_THREADS")
    if given:
        monkeypatch.setenv("OMP_NUM_THREADS", given)
    wanted = given or str(min(2, os.cpu_count()))
    assert run_control.environment()["OMP_NUM_THREADS"] == wanted
