"""A full disk pauses a run, a failing one ends it; nothing that was saved is lost."""

import errno
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.failing_disk import BROKEN, FULL, disk
from vae.data import ImageDataset, load
from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.runs import driver, orders, room, watch
from vae.runs.ending import Stopped
from vae.training.config import TrainConfig
from vae.training.stopwatch import Stopwatch

MODEL = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(8,)))
TRAINING = TrainConfig(epochs=2, batch_size=256)


@pytest.fixture(scope="module")
def digits() -> ImageDataset:
    return load("digits")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a run look at once again whether there is room."""
    monkeypatch.setattr(room, "TRY_SECONDS", 0.0)
    yield


def told(run: Path) -> list[str]:
    return [event.event for event in watch.events(run)]


def test_a_full_disk_pauses_a_run_which_then_ends_as_if_nothing_had_been(
    digits: ImageDataset, tmp_path: Path
) -> None:
    whole = driver.start(tmp_path / "whole", digits, MODEL, TRAINING)
    run = tmp_path / "run"
    with disk(run, lambda call: FULL if call == 30 or 38 <= call < 46 else None) as full:
        found = driver.start(run, digits, MODEL, TRAINING)
    assert full.failed
    assert watch.view(run).state == "finished"
    # a disk that is so full that even this cannot be told is told of later, or not at all
    assert told(run)[:3] == ["started", "paused", "resumed"]
    assert told(run)[-1] == "finished"
    states = [load_file(path / "state.safetensors") for path in (tmp_path / "whole", run)]
    assert states[0].keys() == states[1].keys()
    assert all(torch.equal(value, states[1][name]) for name, value in states[0].items())
    assert found.metrics["elbo"] == whole.metrics["elbo"]
    assert not (run / room.RESERVE).exists()


def test_a_run_that_waits_for_room_says_so_and_can_be_cancelled(
    digits: ImageDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, seen = tmp_path / "run", []

    def cancel(folder: Path) -> bool:
        # stands for the person at the page, who sees it and presses Stop
        if (folder / "status.json").exists() and watch.view(run).phase == room.PHASE:
            seen.append(watch.view(run).state)
            orders.add(run, orders.CANCEL)
        return False

    monkeypatch.setattr(room, "keep_aside", cancel)
    with disk(run, lambda call: FULL if call == 30 else None), pytest.raises(Stopped):
        driver.start(run, digits, MODEL, TRAINING)
    assert set(seen) == {"running"}
    assert watch.view(run).state == "cancelled"
    assert "cancelled" in told(run)


def test_a_disk_that_fails_ends_the_run_with_a_sentence_and_it_can_go_on(
    digits: ImageDataset, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    with (
        disk(run, lambda call: BROKEN if call == 30 else None),
        pytest.raises(UserError, match="the disk reports an error"),
    ):
        driver.start(run, digits, MODEL, TRAINING)
    seen = watch.view(run)
    assert seen.state == "failed" and seen.resumable
    assert seen.error is not None and "the disk reports an error" in seen.error
    driver.resume(run)
    assert watch.view(run).state == "finished"


def test_an_order_finds_room_in_what_a_run_keeps_aside(tmp_path: Path) -> None:
    assert room.keep_aside(tmp_path)
    assert (tmp_path / room.RESERVE).stat().st_size == room.RESERVE_BYTES
    with disk(tmp_path, lambda call: errno.EDQUOT if call == 2 else None) as full:
        orders.add(tmp_path, orders.CANCEL)
    assert full.failed == ["write control.jsonl"]
    assert [order["action"] for order in orders.pending(tmp_path)] == [orders.CANCEL]
    assert not (tmp_path / room.RESERVE).exists()


def test_time_stands_still_while_a_run_waits_for_room() -> None:
    seconds = [0.0]
    clock = Stopwatch(now=lambda: seconds[0], used=lambda: seconds[0])
    with clock.running():
        seconds[0] = 2.0
        with clock.still():
            seconds[0] = 50.0
        seconds[0] = 51.0
        assert clock.read() == 3.0
    assert clock.suspended == 0


def test_a_run_whose_power_was_lost_at_its_status_can_go_on(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(
        json.dumps({"dataset": "digits", "created": "", "model": {}, "training": {}})
    )
    (tmp_path / "status.json").write_bytes(b"\0" * 300)
    assert watch.view(tmp_path).resumable
