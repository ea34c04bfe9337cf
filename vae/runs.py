"""Training runs: start, stop, resume, and pack what was learnt into a checkpoint."""

import copy
import io
import math
import platform
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from vae import checkpoint as checkpoints
from vae.checkpoint import Checkpoint
from vae.data import ImageDataset, Split
from vae.data import load as load_dataset
from vae.errors import UserError
from vae.evaluation import encode_split, evaluate, knn_accuracy
from vae.files import write_atomically
from vae.model import VAE, VAEConfig, build
from vae.run_folder import FOLDER_VERSION, RunFolder
from vae.training import Diverged, Report, TrainConfig, Trainer, batch_of

SAVE_SECONDS = 15.0
SNAPSHOTS = 100
SHOWN_IMAGES = 16
ATLAS_IMAGES = 10_000
NEIGHBOURS = 15

Watch = Callable[[Report], None]


def start(
    out: str | Path,
    dataset: ImageDataset,
    model: VAEConfig,
    training: TrainConfig,
    watch: Watch | None = None,
) -> Checkpoint:
    """Train a new model in a new run folder and return the finished checkpoint.

    Ctrl-C, or a SIGTERM, ends it after the step under way; what was learnt is kept, and
    KeyboardInterrupt is raised.
    """
    folder = RunFolder(out)
    folder.refuse_if_taken()
    trainer = Trainer(build(model, training.seed), dataset, training)
    checkpoints.check_size(trainer.model, min(ATLAS_IMAGES, len(dataset.test)))
    folder.prepare()
    with folder.locked():
        folder.begin(
            {
                "format_version": FOLDER_VERSION,
                "dataset": dataset.name,
                "train_sha256": dataset.train.sha256(),
                "model": model.to_json(),
                "training": training.to_json(),
                "threads": torch.get_num_threads(),
                "bfloat16": trainer.bfloat16,
                "versions": versions(),
                "created": checkpoints.now(),
            }
        )
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
    # the arithmetic the run began with, whatever this processor would choose
    trainer.bfloat16 = bool(config.get("bfloat16", trainer.bfloat16))
    with folder.locked():
        folder.restore(trainer)
        folder.prepare()
        folder.trim(trainer.step)
        if config.get("threads") != torch.get_num_threads():
            words = f"began on {config.get('threads')} threads, goes on with"
            folder.event("warned", trainer.step, words=f"{words} {torch.get_num_threads()}")
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
    with _never_left_running(folder, trainer):
        progress = _Progress(folder, trainer, dataset)
        folder.event(how, trainer.step)
        folder.status("running", trainer)
        diverged = _train(trainer, progress, watch)
        if diverged:
            step = progress.fall_back()
            _close(folder, trainer, dataset, "failed", str(diverged))
        elif trainer.stopping and trainer.step != trainer.steps:
            _close(folder, trainer, dataset, "cancelled")
        else:
            return _close(folder, trainer, dataset, "finished")
    if diverged:
        raise UserError(f"{diverged}; the model of step {step} is kept in {folder.path}")
    raise KeyboardInterrupt


def _train(trainer: Trainer, progress: "_Progress", watch: Watch | None) -> Diverged | None:
    """Train until the budget is spent, a signal comes, or the numbers are lost."""
    try:
        with _stopping_on_signals(trainer):
            for report in trainer.run():
                progress.take(report)
                if watch:
                    watch(report)
    except KeyboardInterrupt:
        trainer.stopping = True
    except Diverged as error:
        return error
    if trainer.is_finite():
        return None
    return Diverged(f"training diverged at step {trainer.step} (a weight is not finite)")


@contextmanager
def _never_left_running(folder: RunFolder, trainer: Trainer) -> Iterator[None]:
    """Write down that a run failed, whatever the reason; the error itself is for the caller."""
    try:
        yield
    except Exception as error:
        with suppress(UserError):
            folder.status("failed", trainer, str(error) or type(error).__name__)
            folder.event("failed", trainer.step, error=str(error))
        raise


@contextmanager
def _stopping_on_signals(trainer: Trainer) -> Iterator[None]:
    """Turn the first Ctrl-C or SIGTERM into a stop after the step under way."""

    def stop(number: int, frame: Any) -> None:
        trainer.stopping = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _close(
    folder: RunFolder,
    trainer: Trainer,
    dataset: ImageDataset,
    state: str,
    error: str | None = None,
) -> Checkpoint:
    name = folder.path.absolute().name
    if error is None:
        folder.save_state(trainer)
    finished = package(name, trainer.model, dataset, trainer.config)
    checkpoints.write(folder.path / "model.safetensors", finished)
    folder.status(state, trainer, error)
    folder.event(state, trainer.step, **({"error": error} if error else {}))
    return finished


class _Progress:
    """Writes what a report means to the folder, each kind at its own pace."""

    def __init__(self, folder: RunFolder, trainer: Trainer, dataset: ImageDataset):
        self.folder, self.trainer, self.dataset = folder, trainer, dataset
        self.saved = self.drawn = -math.inf
        self._keep()

    def take(self, report: Report) -> None:
        self.folder.append("metrics.jsonl", metrics_line(report))
        self.folder.status("running", self.trainer)
        self.folder.log(str(report))
        done = report.step == report.steps
        length = report.seconds + report.remaining
        if done or report.seconds - self.drawn >= max(2.0, length / SNAPSHOTS):
            self.drawn = report.seconds
            path = self.folder.path / "snapshots" / f"{report.step:06d}.npz"
            write_snapshot(path, self.trainer.model, self.dataset.validation)
        if not done and report.seconds - self.saved >= SAVE_SECONDS:
            self.saved = report.seconds
            self._save()

    def fall_back(self) -> int:
        """Give the model back the last weights known to be good; return the step they are of."""
        step, weights = self.good
        self.trainer.model.load_state_dict(weights)
        return step

    def _keep(self) -> None:
        self.good = self.trainer.step, copy.deepcopy(self.trainer.model.state_dict())

    def _save(self) -> None:
        if not self.trainer.is_finite():
            return
        self._keep()
        self.folder.save_state(self.trainer)
        name = self.folder.path.absolute().name
        model = package(name, self.trainer.model, self.dataset, self.trainer.config, full=False)
        checkpoints.write(self.folder.path / "model.safetensors", model)


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
