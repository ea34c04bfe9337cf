"""What a run does after its last step: measure what was learnt, and write the model."""

import math
import time
from collections.abc import Callable
from dataclasses import replace

from vae import checkpoint
from vae.checkpoint import Checkpoint
from vae.data import ImageDataset
from vae.runs import origin
from vae.runs.folder import RunFolder
from vae.runs.packaging import package, passes
from vae.training.loop import Trainer
from vae.training.report import Closing

WRITING_SECONDS = 1.0
"""About how long it takes to find neighbours and to write the model, beside measuring it."""
TELL_SECONDS = 0.5
SURE_SHARE = 0.2
"""From this share of the measuring on its own speed tells how long the rest takes."""


def predict(trainer: Trainer, dataset: ImageDataset) -> Closing:
    """Predict how long it will take, from how long the last report took."""
    count = passes(dataset, trainer.model, trainer.config.objective)
    return Closing(0.0, count * trainer.pass_seconds + WRITING_SECONDS)


def close(
    folder: RunFolder,
    trainer: Trainer,
    dataset: ImageDataset,
    state: str,
    error: str | None = None,
    watch: Callable[[Closing], None] | None = None,
) -> Checkpoint:
    """Save a run that ends in this state, and return its model as it was written."""
    name = folder.path.absolute().name
    if error is None:
        folder.save_state(trainer)
    # what goes on learning is not measured on the test split yet
    measured = state != "paused"
    tell = _telling(folder, trainer, dataset, watch) if measured else None
    phase = "measuring" if measured else "saving"
    folder.status("running", trainer, phase=phase, closing=predict(trainer, dataset))
    finished = package(
        name, trainer.model, dataset, trainer.config, measured=measured, progress=tell
    )
    finished = replace(finished, start_from=origin.said_of(folder.config()))
    folder.room.write(lambda: checkpoint.write(folder.path / "model.safetensors", finished))
    folder.status(state, trainer, error)
    folder.event(state, trainer.step, **({"error": error} if error else {}))
    return finished


def _telling(
    folder: RunFolder,
    trainer: Trainer,
    dataset: ImageDataset,
    watch: Callable[[Closing], None] | None,
) -> Callable[[float], None]:
    """Give a function that hears which share of the measuring is done, and writes it down."""
    predicted = predict(trainer, dataset).left
    began, told = time.monotonic(), -math.inf

    def tell(measured: float) -> None:
        nonlocal told
        past = time.monotonic() - began
        if past - told < TELL_SECONDS and measured < 1:
            return
        told, whole = past, predicted
        if measured > SURE_SHARE:
            whole = past / measured + WRITING_SECONDS
        share = measured * (1 - WRITING_SECONDS / whole)
        closing = Closing(share, whole * (1 - share))
        phase = "measuring" if measured < 1 else "saving"
        folder.status("running", trainer, phase=phase, closing=closing)
        if watch:
            watch(closing)

    return tell
