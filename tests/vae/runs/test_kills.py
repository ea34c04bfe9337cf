"""A run is killed twenty times, between two writes, within one and in a step: nothing is lost."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from tests.killing import CLOSES, OPENING, TRAINS, Moment, trainers
from vae import checkpoint
from vae.files.leftovers import UNFINISHED
from vae.runs import watch

MOST_LOST = 10.0
SEED = 0


def moments() -> list[Moment]:
    """Draw twenty moments: while a run begins, trains and closes."""
    draw = random.Random(SEED)
    begins = [Moment(OPENING, draw.randint(1, 20)) for _ in range(4)]
    writes = [Moment(TRAINS, draw.randint(1, 60)) for _ in range(8)]
    steps = [Moment(TRAINS, draw.randint(1, 20), call=False) for _ in range(5)]
    trains = [*begins, *writes, *steps]
    draw.shuffle(trains)
    return [*trains, *(Moment(CLOSES, draw.randint(1, 30)) for _ in range(3))]


@dataclass
class Seen:
    """What was seen of a run that was killed again and again, and of one that never was."""

    whole: Path
    run: Path
    killed: list[bool] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)
    """Seconds of training that each kill cost."""
    misread: list[str] = field(default_factory=list)
    """What readers found after a kill that was never written whole."""
    left: list[list[str]] = field(default_factory=list)
    """What was being written when it was killed, kill by kill."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("kills")
    seen = Seen(folder / "whole" / "run", folder / "killed" / "run")
    with trainers() as train:
        assert not train(seen.whole, None).killed
        for moment in moments():
            end = train(seen.run, moment)
            seen.killed.append(end.killed)
            # what it had not read yet when it was killed is no loss
            seen.lost.append(max(0.0, end.elapsed - saved_seconds(seen.run)))
            seen.misread += [f"{moment}: {what}" for what in misread(seen.run, seen.whole)]
            seen.left.append([path.name for path in seen.run.rglob(f"{UNFINISHED}*")])
        assert not train(seen.run, None).killed
    yield seen


def saved_seconds(run: Path) -> float:
    """Seconds of training that a run would go on from."""
    path = run / "state.safetensors"
    if not path.exists():
        return 0.0
    with safe_open(path, "pt") as file:
        return float(json.loads(file.metadata()["state"])["elapsed"])


def misread(run: Path, whole: Path) -> Iterator[str]:
    """Read all that a killed run has left; yield what is damaged, or not as it would be."""
    if not run.exists():
        return
    seen = watch.view(run)
    if (run / "config.json").exists() and not (seen.resumable or seen.state == "finished"):
        yield f"it is {seen.state} and cannot go on"
    expected = {line.step: line for line in watch.metrics(whole)[0]}
    for line in watch.metrics(run)[0]:
        same = expected.get(line.step, line)
        if (line.validation, line.kl_per_dim) != (same.validation, same.kl_per_dim):
            yield f"a report of step {line.step} that is another"
    for step in watch.snapshots(run):
        if not np.isfinite(watch.snapshot(run, step).loc).all():
            yield f"a map of step {step} that is none"
    if seen.has_model:
        model = checkpoint.read(run / "model.safetensors").model
        if not all(value.isfinite().all() for value in model.state_dict().values()):
            yield "a model that is none"


def equal(one: Path, other: Path) -> bool:
    found = [load_file(path) for path in (one, other)]
    return found[0].keys() == found[1].keys() and all(
        torch.equal(value, found[1][name]) for name, value in found[0].items()
    )


def test_the_run_equals_one_that_was_never_killed_bit_for_bit(seen: Seen) -> None:
    assert all(seen.killed) and len(seen.killed) == 20
    for name in ("state.safetensors", "model.safetensors"):
        assert equal(seen.whole / name, seen.run / name), name
    found = [checkpoint.read(path / "model.safetensors") for path in (seen.whole, seen.run)]
    assert found[0].metrics == found[1].metrics


def test_what_a_killed_run_leaves_is_never_read_as_whole_where_it_is_not(seen: Seen) -> None:
    assert seen.misread == []


def test_a_kill_costs_ten_seconds_of_training_at_most(seen: Seen) -> None:
    # some of them must cost anything, or nothing was measured
    assert 1.0 < max(seen.lost) <= MOST_LOST, seen.lost


def test_some_kills_came_within_a_write_and_what_they_left_goes(seen: Seen) -> None:
    assert any(seen.left)
    assert list(seen.run.rglob(f"{UNFINISHED}*")) == []


def test_reports_go_on_without_a_gap_or_a_step_told_twice(seen: Seen) -> None:
    steps = [line.step for line in watch.metrics(seen.run)[0]]
    assert steps == sorted(set(steps))
    assert steps[-1] == watch.metrics(seen.whole)[0][-1].step
    assert watch.view(seen.run).state == "finished"
    told = [event.event for event in watch.events(seen.run)]
    assert told.count("started") == 1 and told[-1] == "finished"
