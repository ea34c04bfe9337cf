"""What a run writes to its folder while it trains: metrics, snapshots, saved weights."""

import copy
import math
from contextlib import suppress
from pathlib import Path
from typing import Any

from vae import checkpoint
from vae.data import ImageDataset
from vae.errors import UserError
from vae.runs import closing as run_closing
from vae.runs import snapshots
from vae.runs.folder import RunFolder
from vae.runs.packaging import package
from vae.training.loop import Trainer
from vae.training.report import Report

SAVE_SECONDS = (3.0, 15.0)
"""Least and greatest time between two saves; in between a quarter of what was trained so far."""
SUSPENDED_SECONDS = 1.0
"""A stop of the process that is longer is told of."""


class Writer:
    """Writes what a report means to the folder, each kind at its own pace."""

    def __init__(self, folder: RunFolder, trainer: Trainer, dataset: ImageDataset):
        self.folder, self.trainer, self.dataset = folder, trainer, dataset
        self.saved, self.suspended, self.told_floor = -math.inf, 0.0, False
        self.before = _last_snapshot(folder.path / "snapshots", trainer.model.config.z_dim)
        self._keep()

    def take(self, report: Report) -> None:
        self.folder.append("metrics.jsonl", metrics_line(report))
        self._tell_suspended()
        self._tell_floor()
        closing = run_closing.predict(self.trainer, self.dataset)
        self.folder.status("running", self.trainer, phase="training", closing=closing)
        self.folder.log(str(report))
        self.before = snapshots.take(self.trainer.model, self.dataset.validation, self.before)
        snapshots.write(self.folder.path / "snapshots", report.step, self.before)
        pause = min(max(SAVE_SECONDS[0], report.seconds / 4), SAVE_SECONDS[1])
        if not report.last and report.seconds - self.saved >= pause:
            self.saved = report.seconds
            self._save()

    def _tell_suspended(self) -> None:
        suspended = self.trainer.watch.suspended
        if suspended - self.suspended >= SUSPENDED_SECONDS:
            self.suspended = suspended
            words = f"the process was suspended for {suspended:.0f} s; that time does not count"
            self.folder.warn(self.trainer.step, words)

    def _tell_floor(self) -> None:
        """Say once that a learned σ of a pixel has come down to its floor."""
        if self.told_floor:
            return
        if words := self.trainer.model.likelihood.floor_words():
            self.told_floor = True
            self.folder.warn(self.trainer.step, f"at step {self.trainer.step:,} {words}")

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
        name, config = self.folder.path.absolute().name, self.trainer.config
        model = package(name, self.trainer.model, self.dataset, config, atlas=False, measured=False)
        checkpoint.write(self.folder.path / "model.safetensors", model)


def metrics_line(report: Report) -> dict[str, Any]:
    """Give a report as one line of metrics.jsonl; nothing in it comes from the test split."""
    keys = ("step", "epoch", "seconds", "lr", "beta", "kl_per_dim")
    line = {key: getattr(report, key) for key in keys}
    if report.pixel_scale is not None:
        line["pixel_scale"] = report.pixel_scale
    return line | {"train": report.train.to_json(), "validation": report.validation.to_json()}


def _last_snapshot(folder: Path, z_dim: int) -> snapshots.Snapshot | None:
    for step in reversed(snapshots.steps(folder)):
        with suppress(UserError):
            found = snapshots.read(folder, step)
            return found if found.loc.shape[1] == z_dim else None
    return None
