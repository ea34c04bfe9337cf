"""The benchmark of anomaly scores: what it chooses by, and what it does not do twice."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import anomaly
from benchmarks.anomaly import Area, Task
from tests.tiny_models import tiny_checkpoint
from vae import checkpoint, data
from vae.data.without import only
from vae.measures.anomaly import Detector
from vae.models.config import VAEConfig
from vae.models.networks import MLP


@pytest.fixture
def task(tmp_path: Path) -> Task:
    file = tmp_path / "three.safetensors"
    config = VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)))
    checkpoint.write(file, tiny_checkpoint("three", config))
    return Task("digits-3", file, data.load("digits-without-3"), only(data.load("digits"), (3,)))


def values_of(validation: float, test: float) -> anomaly.Values:
    """Scores by which foreign images lie so far above normal ones."""
    rng = np.random.default_rng(0)
    shifts = {"normal": (0, 0), "foreign": (validation, test)}
    return {
        f"{kind} {split}": rng.normal(shift, 1, 200)
        for kind, both in shifts.items()
        for split, shift in zip(anomaly.SPLITS, both, strict=True)
    }


def test_the_score_is_chosen_on_validation_among_those_that_ask_the_model(task: Task) -> None:
    found = {
        "reconstruction": [values_of(2, 0)],
        "elbo": [values_of(1, 3)],
        "lof-pixels": [values_of(4, 4)],
    }
    lines = list(anomaly.table([task], found))
    assert any(line.startswith(">reconstruction") for line in lines)
    assert any(line.startswith("chosen on validation: reconstruction") for line in lines)


def test_the_error_of_a_mean_over_tasks_is_that_of_independent_areas() -> None:
    areas = [Area(0.8, 0.7, 0.9), Area(0.6, 0.5, 0.7)]
    mean = anomaly.mean_of(areas)
    assert (mean.value, mean.low, mean.high) == pytest.approx(
        (0.7, 0.7 - 0.1 / np.sqrt(2), 0.7 + 0.1 / np.sqrt(2))
    )


def test_what_was_scored_is_not_scored_again_until_the_model_is_another(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = anomaly.scored(tmp_path, task, "reconstruction")
    assert first is not None
    assert len(first["foreign test"]) == len(task.foreign.test)
    with monkeypatch.context() as patch:
        patch.setattr(Detector, "score", None)
        again = anomaly.scored(tmp_path, task, "reconstruction")
    assert all((again[name] == values).all() for name, values in first.items())
    other = tiny_checkpoint("three", VAEConfig((1, 8, 8), 3, MLP(hidden=(8,))))
    checkpoint.write(task.file, other)
    changed = anomaly.scored(tmp_path, task, "reconstruction")
    assert (changed["normal test"] != first["normal test"]).all()
