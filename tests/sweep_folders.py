"""Sweeps written by hand: members in any state, those that have finished with a model."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vae import checkpoint
from vae.checkpoint import Checkpoint
from vae.files.writing import runs_folder
from vae.models.config import VAEConfig
from vae.sweep import Member, Sweep, Value, combinations
from vae.training.config import TrainConfig


def write_sweep(
    varied: Mapping[str, Sequence[int]],
    models: Mapping[int, Checkpoint],
    states: Mapping[int, str] | None = None,
    name: str = "mine",
    dataset: str = "digits",
    shape: tuple[int, int, int] = (1, 8, 8),
) -> Sweep:
    """Write a sweep under ``VAE_RUNS`` whose members have these models, by their place.

    A member without a model is in the state that ``states`` says, else deleted.
    """
    values: dict[str, tuple[Value, ...]] = {
        option: tuple(tried) for option, tried in varied.items()
    }
    members = [Member(f"{name}-{at + 1}", each) for at, each in enumerate(combinations(values))]
    path = runs_folder() / name
    path.mkdir(parents=True)
    model, training = VAEConfig(image_shape=shape), TrainConfig(seconds=10)
    sweep = Sweep(
        path.absolute(),
        dataset,
        model.to_json(),
        training.to_json(),
        values,
        tuple(members),
        "2026-11-21T12:00:00+00:00",
    )
    sweep.write()
    for at, member in enumerate(members):
        state = "finished" if at in models else (states or {}).get(at)
        if state is not None:
            _write_run(sweep.folder_of(member), sweep, state, models.get(at))
    return sweep


def _write_run(folder: Path, sweep: Sweep, state: str, model: Checkpoint | None) -> None:
    folder.mkdir()
    config: dict[str, Any] = {
        "format_version": 1,
        "dataset": sweep.dataset,
        "train_sha256": "",
        "model": sweep.model,
        "training": sweep.training,
        "created": sweep.created,
        "sweep": sweep.name,
    }
    status = {"state": state, "error": "the loss is not finite" if state == "failed" else None}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "status.json").write_text(json.dumps(status))
    if model is not None:
        checkpoint.write(folder / "model.safetensors", model)
