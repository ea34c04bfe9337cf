"""A training run as a folder on disk, where trainer and page meet.

Every file is appended to a line at a time or replaced whole, so that a reader never needs the
trainer's leave and a crash loses at most what was learnt since the last save.
"""

import copy
import fcntl
import io
import json
import math
import platform
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from vae import checkpoint as checkpoints
from vae.checkpoint import Checkpoint
from vae.data import ImageDataset, Split
from vae.data import load as load_dataset
from vae.errors import UserError
from vae.evaluation import encode_split, evaluate, knn_accuracy
from vae.files import explain, write_atomically
from vae.model import VAE, VAEConfig, build
from vae.training import Diverged, Report, TrainConfig, Trainer, batch_of

SAVE_SECONDS = 15.0
SNAPSHOTS = 100
SHOWN_IMAGES = 16
ATLAS_IMAGES = 10_000
NEIGHBOURS = 15
FOLDER_VERSION = 1

Watch = Callable[[Report], None]


class RunFolder:
    """The files of one run; other programs read them by these names."""

    def __init__(self, path: str | Path):
        self.path = Path(path)

    def create(self, config: dict[str, Any]) -> None:
        """Make the folder with its configuration; refuse one that holds a run already."""
        if (self.path / "config.json").exists():
            raise UserError(
                f"{self.path} holds a run already; give another folder, or go on with that run "
                f"by --resume {self.path}"
            )
        try:
            (self.path / "snapshots").mkdir(parents=True, exist_ok=True)
            for name in ("metrics.jsonl", "events.jsonl", "control.jsonl", "log.txt", "lock"):
                (self.path / name).touch()
        except OSError as error:
            raise UserError(f"cannot make the run folder {self.path}: {explain(error)}") from None
        self.write_json("config.json", config)

    def config(self) -> dict[str, Any]:
        """Read the configuration of the run."""
        try:
            value = json.loads((self.path / "config.json").read_text())
        except OSError:
            raise UserError(
                f"{self.path} is not a run folder (it has no config.json); "
                "give the folder that `train --out` made"
            ) from None
        except ValueError:
            raise UserError(
                f"config.json in {self.path} is damaged; start the run again in another folder"
            ) from None
        if not isinstance(value, dict) or value.get("format_version") != FOLDER_VERSION:
            raise UserError(
                f"{self.path} was made by another version of this program; start the run again"
            )
        return value

    def write_json(self, name: str, value: dict[str, Any]) -> None:
        """Replace a JSON file whole."""
        write_atomically(self.path / name, json.dumps(value, indent=1, allow_nan=False).encode())

    def append(self, name: str, value: dict[str, Any]) -> None:
        """Append one JSON line."""
        try:
            with (self.path / name).open("a") as file:
                file.write(json.dumps(value, allow_nan=False) + "\n")
        except OSError as error:
            raise UserError(f"cannot write {self.path / name}: {explain(error)}") from None

    def event(self, kind: str, step: int, **details: Any) -> None:
        """Record that something happened."""
        self.append("events.jsonl", {"event": kind, "step": step, "time": time.time(), **details})

    def status(self, state: str, report: Report | None, error: str | None = None) -> None:
        """Replace status.json."""
        progress = {"step": 0, "steps": None, "epoch": 0.0, "seconds": 0.0, "remaining": None}
        if report:
            progress = {key: getattr(report, key) for key in progress}
        value = {"state": state, **progress, "error": error, "updated": time.time()}
        self.write_json("status.json", value)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the run's advisory lock, which tells that its trainer is alive."""
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UserError(
                    f"{self.path} is being trained by another process; wait for it or cancel it"
                ) from None
            yield

    def save_state(self, trainer: Trainer) -> None:
        """Replace state.safetensors, the one file that resuming reads."""
        tensors, values = trainer.state()
        data = save_tensors(tensors, metadata={"state": json.dumps(values)})
        write_atomically(self.path / "state.safetensors", data)

    def restore(self, trainer: Trainer) -> None:
        """Bring a trainer to where state.safetensors left off."""
        path = self.path / "state.safetensors"
        try:
            data = path.read_bytes()
            (length,) = struct.unpack("<Q", data[:8])
            values = json.loads(json.loads(data[8 : 8 + length])["__metadata__"]["state"])
            trainer.restore(load_tensors(data), values)
        except FileNotFoundError:
            raise UserError(
                f"{self.path} has no saved state to go on from; start the run again"
            ) from None
        except Exception as error:
            raise UserError(
                f"state.safetensors in {self.path} is damaged ({type(error).__name__}); "
                "start the run again"
            ) from error


def start(
    out: str | Path,
    dataset: ImageDataset,
    model: VAEConfig,
    training: TrainConfig,
    watch: Watch | None = None,
) -> Checkpoint:
    """Train a new model in a new run folder and return the finished checkpoint."""
    trainer = Trainer(build(model, training.seed), dataset, training)
    folder = RunFolder(out)
    folder.create(
        {
            "format_version": FOLDER_VERSION,
            "dataset": dataset.name,
            "train_sha256": dataset.train.sha256(),
            "model": model.to_json(),
            "training": training.to_json(),
            "threads": torch.get_num_threads(),
            "versions": versions(),
            "created": checkpoints.now(),
        }
    )
    with folder.locked():
        return _drive(folder, trainer, dataset, watch, "started")


def resume(out: str | Path, watch: Watch | None = None) -> Checkpoint:
    """Go on with an interrupted run, exactly where its last save left off."""
    folder = RunFolder(out)
    config = folder.config()
    dataset = load_dataset(config["dataset"])
    if dataset.train.sha256() != config["train_sha256"]:
        raise UserError(
            f"the training images of {dataset.name} are not those the run in {out} began with; "
            "put the same files back, or start the run again"
        )
    training = TrainConfig.from_json(config["training"])
    model = build(VAEConfig.from_json(config["model"]), training.seed)
    trainer = Trainer(model, dataset, training)
    with folder.locked():
        folder.restore(trainer)
        return _drive(folder, trainer, dataset, watch, "resumed")


def versions() -> dict[str, str]:
    """Name the versions that a result may depend on."""
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
    }


def package(
    name: str, model: VAE, dataset: ImageDataset, training: TrainConfig, full: bool = True
) -> Checkpoint:
    """Turn a trained model into a checkpoint: rounded, and if ``full`` evaluated, with its atlas.

    The given model stays as it is.
    """
    model = checkpoints.round_to_half(copy.deepcopy(model).cpu()).eval().requires_grad_(False)
    atlas, metrics = None, {}
    if full:
        codes = encode_split(model, dataset.test)
        metrics = evaluate(model, dataset.test).to_json()
        metrics |= _neighbours(model, dataset, codes)
        atlas = _first(codes, ATLAS_IMAGES)
    return Checkpoint(
        name=name,
        model=model,
        training=training.to_json(),
        dataset=describe(dataset),
        metrics=metrics,
        created=checkpoints.now(),
        versions=versions(),
        atlas=atlas,
    )


def describe(dataset: ImageDataset) -> dict[str, Any]:
    """Tell which images a model was trained and is shown on."""
    return {
        "name": dataset.name,
        "split": "test",
        "sha256": dataset.test.sha256(),
        "class_names": list(dataset.class_names),
        "image_shape": list(dataset.image_shape),
        "n_train": len(dataset.train),
        "n_validation": len(dataset.validation),
        "n_test": len(dataset.test),
    }


def _neighbours(model: VAE, dataset: ImageDataset, codes: Any) -> dict[str, Any]:
    labelled = dataset.train.labels is not None and dataset.test.labels is not None
    if not labelled or len(dataset.train) < NEIGHBOURS:
        return {}
    train = encode_split(model, dataset.train)
    accuracy = knn_accuracy(train.loc, train.label, codes.loc, codes.label, k=NEIGHBOURS)
    return {"knn_accuracy": accuracy, "knn_neighbours": NEIGHBOURS}


def _first(codes: Any, count: int) -> checkpoints.Atlas:
    fields = ("loc", "scale", "label", "index")
    return checkpoints.Atlas(**{key: getattr(codes, key)[:count] for key in fields})


def _drive(
    folder: RunFolder, trainer: Trainer, dataset: ImageDataset, watch: Watch | None, how: str
) -> Checkpoint:
    folder.event(how, trainer.step)
    folder.status("running", None)
    progress = _Progress(folder, trainer, dataset)
    state, error = "finished", None
    try:
        for report in trainer.run():
            progress.take(report)
            if watch:
                watch(report)
    except KeyboardInterrupt:
        state = "cancelled"
    except Diverged as diverged:
        state, error = "failed", diverged
        trainer.model.load_state_dict(progress.good)
    return _close(folder, trainer, dataset, state, error, progress.last)


def _close(
    folder: RunFolder,
    trainer: Trainer,
    dataset: ImageDataset,
    state: str,
    error: Diverged | None,
    last: Report | None,
) -> Checkpoint:
    name = folder.path.absolute().name
    if error is None:
        folder.save_state(trainer)
    finished = package(name, trainer.model, dataset, trainer.config)
    checkpoints.write(folder.path / "model.safetensors", finished)
    folder.status(state, last, str(error) if error else None)
    folder.event(state, trainer.step)
    if error:
        raise UserError(f"{error}; the last good model is kept in {folder.path}")
    if state == "cancelled":
        raise KeyboardInterrupt
    return finished


class _Progress:
    """Writes what a report means to the folder, each kind at its own pace."""

    def __init__(self, folder: RunFolder, trainer: Trainer, dataset: ImageDataset):
        self.folder, self.trainer, self.dataset = folder, trainer, dataset
        self.shown = dataset.validation
        self.last: Report | None = None
        self.saved = self.drawn = -math.inf
        self.good = copy.deepcopy(trainer.model.state_dict())

    def take(self, report: Report) -> None:
        self.last = report
        self.folder.append("metrics.jsonl", metrics_line(report))
        self.folder.status("running", report)
        done = report.step == report.steps
        if done or report.seconds - self.drawn >= max(2.0, self._length(report) / SNAPSHOTS):
            self.drawn = report.seconds
            self._snapshot(report.step)
        if done or report.seconds - self.saved >= SAVE_SECONDS:
            self.saved = report.seconds
            self._save()

    @staticmethod
    def _length(report: Report) -> float:
        return report.seconds + report.remaining

    def _save(self) -> None:
        if not self.trainer.is_finite():
            return
        self.good = copy.deepcopy(self.trainer.model.state_dict())
        self.folder.save_state(self.trainer)
        name = self.folder.path.absolute().name
        model = package(name, self.trainer.model, self.dataset, self.trainer.config, full=False)
        checkpoints.write(self.folder.path / "model.safetensors", model)

    def _snapshot(self, step: int) -> None:
        write_snapshot(
            self.folder.path / "snapshots" / f"{step:06d}.npz", self.trainer.model, self.shown
        )


def metrics_line(report: Report) -> dict[str, Any]:
    """Give a report as one line of metrics.jsonl; nothing in it comes from the test split."""
    keys = ("step", "epoch", "seconds", "lr", "beta", "kl_per_dim")
    line = {key: getattr(report, key) for key in keys}
    return line | {"train": asdict(report.train), "validation": asdict(report.validation)}


@torch.inference_mode()
def write_snapshot(path: Path, model: VAE, split: Split, count: int = 2000) -> None:
    """Save the map of the first ``count`` images, some reconstructions and prior samples.

    The arrays: loc, scale (N, z_dim) and label (N,); original, reconstruction and sample
    (16, C, H, W) as uint8.
    """
    codes = encode_split(model, split.take(np.arange(min(count, len(split)))))
    images = torch.from_numpy(np.ascontiguousarray(split.images[:SHOWN_IMAGES]))
    device = next(model.parameters()).device
    x = batch_of(images, slice(None), device)
    prior = model.prior()
    noise = torch.randn(
        (SHOWN_IMAGES, model.config.z_dim), generator=torch.Generator().manual_seed(0)
    )
    z = prior.loc + prior.scale * noise.to(device)
    buffer = io.BytesIO()
    np.savez(
        buffer,
        loc=codes.loc.astype(np.float32),
        scale=codes.scale.astype(np.float32),
        label=codes.label.astype(np.int64),
        original=images.numpy(),
        reconstruction=_bytes(model.decode_mean(model.encode(x).loc)),
        sample=_bytes(model.decode_mean(z)),
    )
    write_atomically(path, buffer.getvalue())


def _bytes(pixels: torch.Tensor) -> np.ndarray:
    return (pixels.clamp(0, 1) * 255).round().to(torch.uint8).cpu().numpy()
