"""Run folders written by hand, in every state that the pages must show."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from vae.files.writing import runs_folder
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.runs import snapshots
from vae.training.config import TrainConfig

CLASSES = 10


def config(z_dim: int = 2, **training: Any) -> dict[str, Any]:
    """The config.json of a run on digits."""
    model = VAEConfig((1, 8, 8), z_dim, MLP(hidden=(16,)))
    return {
        "format_version": 1,
        "dataset": "digits",
        "train_sha256": "",
        "model": model.to_json(),
        "training": TrainConfig(**training).to_json(),
        "created": "2026-11-21T12:00:00+00:00",
    }


def line(step: int, z_dim: int = 2) -> dict[str, Any]:
    """One line of metrics.jsonl; the bound rises with the step."""
    score = {"elbo": -100.0 / step - 24.0, "reconstruction": -100.0 / step - 22.0, "kl": 2.0}
    return {
        "step": step,
        "epoch": step / 5,
        "seconds": step / 10,
        "lr": 1e-3,
        "beta": min(1.0, step / 100),
        "kl_per_dim": [2.0 / z_dim] * z_dim,
        "train": score,
        "validation": score,
    }


def snapshot(step: int, z_dim: int = 2, count: int = 40) -> snapshots.Snapshot:
    """A map that turns with the step, and images that become brighter."""
    generator = np.random.default_rng(0)
    angle = step / 50
    loc = generator.normal(size=(count, z_dim)).astype(np.float32)
    axes = np.zeros((2, z_dim), np.float32)
    axes[0, 0] = np.cos(angle) if z_dim > 1 else 1
    if z_dim > 1:
        axes[0, 1], axes[1, 0], axes[1, 1] = np.sin(angle), -np.sin(angle), np.cos(angle)
    images = np.full((16, 1, 8, 8), min(255, 40 + step), np.uint8)
    return snapshots.Snapshot(
        loc=loc,
        scale=np.full_like(loc, 0.5),
        label=np.arange(count) % CLASSES,
        axes=axes,
        original=images,
        reconstruction=images // 2,
        sample=images // 3,
    )


def write_run(
    name: str, state: str, step: int = 60, z_dim: int = 2, reports: int = 4, **status: Any
) -> Path:
    """Write a run's folder below ``VAE_RUNS`` and return it; nobody holds its lock."""
    path = runs_folder() / name
    (path / "snapshots").mkdir(parents=True)
    (path / "lock").touch()
    (path / "config.json").write_text(json.dumps(config(z_dim)))
    said = {
        "state": state,
        "step": step,
        "steps": 100,
        "epoch": step / 5,
        "seconds": step / 10,
        "remaining": 4.0,
        "error": None,
        "updated": 1.0,
    }
    (path / "status.json").write_text(json.dumps(said | status))
    steps = [max(1, step * (i + 1) // reports) for i in range(reports)] if step else []
    text = "".join(json.dumps(line(at, z_dim)) + "\n" for at in steps)
    (path / "metrics.jsonl").write_text(text)
    for at in steps:
        snapshots.write(path / "snapshots", at, snapshot(at, z_dim))
    return path
