"""One training by several processes: the same gradients, one folder, and little is ever lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.vae.runs.gradients import write_gradients
from vae import checkpoint
from vae.__main__ import main
from vae.data import load
from vae.data.own import bring, prepared
from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.models.vae import build
from vae.runs import control, records, team, watch
from vae.training.config import TrainConfig
from vae.training.distributed import Team
from vae.training.loop import Trainer

STEPS = ("--dataset", "digits", "--z-dim", "2", "--set", "architecture.hidden=32")
SECONDS = 120


def command(processes: int, *words: str) -> list[str]:
    """Give the command that runs a module by so many processes; one is not started by torchrun."""
    spread = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes))
    start = [sys.executable, *spread] if processes > 1 else [sys.executable]
    return [*start, "-m", *words]


def environment() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1"}


def run(processes: int, *words: str) -> None:
    """Run a module to its end."""
    done = subprocess.run(
        command(processes, *words),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_the_parts_of_a_batch_make_the_batch(size: int) -> None:
    rows = torch.arange(64)
    parts = [Team(rank, size).part(rows) for rank in range(size)]
    assert torch.cat(parts).tolist() == rows.tolist()
    lengths = {len(part) for part in parts}
    assert max(lengths) - min(lengths) <= 1


def test_an_error_of_one_process_alone_says_itself() -> None:
    with pytest.raises(UserError, match="^no such images$"):
        Team().agree("no such images")


def _asked(**changes: object) -> dict[str, object]:
    """What a leader asks of its followers, some of it changed."""
    images = load("digits")
    training = TrainConfig(epochs=1, precision="float32")
    leader = Trainer(build(VAEConfig(images.image_shape, 2)), images, training)
    return team.work_of(leader, images) | changes


def test_a_follower_trains_what_the_leader_says() -> None:
    follower = team.trainer_of(_asked())
    assert (follower.config.epochs, follower.step) == (1, 0)


@pytest.mark.parametrize("name", ["torch", "this program"])
def test_a_follower_of_another_version_is_refused_by_name(name: str) -> None:
    other = team.programs() | {name: "another"}
    with pytest.raises(UserError, match=f"^it runs another version of {name} than the first"):
        team.trainer_of(_asked(programs=other))


def test_a_follower_with_other_images_is_refused() -> None:
    with pytest.raises(UserError, match="^its training images of digits are not those of the fi"):
        team.trainer_of(_asked(train_sha256="0" * 64))


def test_a_follower_finds_own_images_by_what_they_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_RUNS", str(tmp_path))
    pixels = np.random.default_rng(0).integers(0, 256, (60, 8, 8), dtype=np.uint8)
    np.save(tmp_path / "pixels.npy", pixels)
    bring(tmp_path / "pixels.npy")
    images = load("pixels")
    leader = Trainer(build(VAEConfig(images.image_shape, 2)), images, TrainConfig(epochs=1))
    work = team.work_of(leader, images)
    prepared.rename("pixels", "as-it-is-called-here")
    assert len(team.trainer_of(work).images.images) == len(images.train)


def test_two_processes_have_the_gradients_of_one_and_stay_alike(tmp_path: Path) -> None:
    write_gradients(tmp_path / "one")
    run(2, "tests.vae.runs.gradients", str(tmp_path / "two"))
    one, two = load_file(tmp_path / "one"), load_file(tmp_path / "two")
    # the part with 33 images counts more than the one with 32, else 1 % would be wrong; float32
    # sums in another order are 1e-6 apart
    for name, values in one.items():
        scale = float(values.abs().max())
        torch.testing.assert_close(two[name], values, rtol=1e-4, atol=1e-5 * scale)
    # what the leader changes on the way holds for all: they stay the same to the bit
    leader, follower = load_file(tmp_path / "two-0"), load_file(tmp_path / "two-1")
    for name, values in leader.items():
        assert torch.equal(follower[name], values)


def test_two_processes_reach_what_one_reaches(tmp_path: Path) -> None:
    words = ("train", *STEPS, "--precision", "float32", "--epochs", "10", "--out")
    assert main([*words, str(tmp_path / "one")]) == 0
    run(2, "vae", *words, str(tmp_path / "two"))
    one, two = (checkpoint.read(tmp_path / n / "model.safetensors") for n in ("one", "two"))
    # the same images and draws, whose gradients are summed in another order: 1e-5 after ten epochs
    assert two.metrics["elbo"] == pytest.approx(one.metrics["elbo"], abs=1e-3)
    # whoever goes on from there draws the same, in whatever number
    one, two = (load_file(tmp_path / n / "state.safetensors") for n in ("one", "two"))
    assert torch.equal(two["noise"], one["noise"])


def test_a_run_survives_a_process_and_goes_on_alone(tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = ("vae", "train", *STEPS, "--epochs", "10000", "--out", str(out))
    with subprocess.Popen(
        command(2, *words),
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as spread:
        _wait_for(lambda: (out / "state.safetensors").exists())
        os.kill(_process(spread.pid, "RANK=1"), signal.SIGKILL)
        said = spread.communicate(timeout=SECONDS)[1]
    assert f"go on with --resume {out}" in said
    assert watch.view(out).state == "paused"
    control.resume(out)
    before = records.read_status(out).step
    _wait_for(lambda: records.read_status(out).step > before)
    control.cancel(out)
    _wait_for(lambda: watch.view(out).state == "cancelled")
    events = [json.loads(line)["event"] for line in (out / "events.jsonl").read_text().splitlines()]
    assert events[:2] == ["started", "paused"]
    assert "resumed" in events


def _wait_for(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not happens():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def _process(parent: int, variable: str) -> int:
    """Find the child of a process in whose environment a variable stands."""
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        if variable in Path(f"/proc/{child}/environ").read_text().split("\0"):
            return int(child)
    raise AssertionError(f"no child of {parent} has {variable}")
