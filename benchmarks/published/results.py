"""What a model reached, kept as one file whose name tells its settings."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.published.rows import Row
from vae.files.writing import write_atomically
from vae.models.config import VAEConfig
from vae.options import Dataclass
from vae.training.config import TrainConfig

PROGRESS = "progress.json"
"""How far a training has got, beside its state."""


@dataclass(frozen=True)
class Result:
    """One trained model and log p(x) of each test image."""

    row: str
    model: dict[str, Any]
    training: dict[str, Any]
    """Both configs as plain JSON."""
    samples: int
    log_px: list[float]
    """Nats, in the order of the test split."""
    elbo: float
    active_units: int
    train_seconds: float
    nll_seconds: float
    threads: int
    bfloat16: bool
    torch: str

    @property
    def nll(self) -> np.ndarray:
        """−log p(x) of each image, nats."""
        return -np.array(self.log_px)

    @property
    def config(self) -> TrainConfig:
        """How it was trained."""
        return TrainConfig.from_json(self.training)


def changed(options: Dataclass) -> dict[str, Any]:
    """Give the options that are not at their defaults, so that later options change no name."""
    found = {"name": getattr(options, "name", None)}
    for field in fields(options):
        value = getattr(options, field.name)
        if value != field.default:
            nested = is_dataclass(value) and not isinstance(value, type)
            found[field.name] = changed(value) if nested else value
    return found


def name_of(row: Row, training: TrainConfig, images: int) -> str:
    """Name what belongs to one model: no two settings share a name."""
    told = [changed(row.model), changed(training), row.samples, images]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return f"{row.name}-{training.seed}-{training.epochs}e-{digest[:8]}"


def path_of(folder: Path, row: Row, training: TrainConfig, images: int) -> Path:
    """Say where the result of one model is kept."""
    return folder / f"{name_of(row, training, images)}.json"


def is_there(folder: Path, row: Row, training: TrainConfig, images: int) -> bool:
    """Tell whether one model has been trained and measured."""
    found = read(folder, row)
    return any(one.config == training and len(one.log_px) == images for one in found)


def begun(folder: Path, row: Row) -> str:
    """Say how far the longest training of a row has got; empty where none has begun."""
    paths = folder.glob(f"{row.name}-[0-9]*e-*/{PROGRESS}")
    found = [json.loads(path.read_text("utf-8")) for path in paths]
    if not found:
        return ""
    most = max(found, key=lambda one: one["epoch"])
    return f"{most['epoch']:.0f} of {most['epochs']} epochs, not measured yet"


def keep(path: Path, result: Any) -> None:
    """Write a result down."""
    write_atomically(path, json.dumps(asdict(result)).encode())


def read(folder: Path, row: Row) -> list[Result]:
    """Read all results of a row's own model, ordered by seed."""
    found = []
    for path in sorted(folder.glob(f"{row.name}-[0-9]*e-*.json")):
        result = Result(**json.loads(path.read_text("utf-8")))
        same = VAEConfig.from_json(result.model) == row.model and result.samples == row.samples
        if result.row == row.name and same:
            found.append(result)
    return sorted(found, key=lambda result: result.config.seed)
