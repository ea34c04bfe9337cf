"""What a run writes to its folder while it trains: metrics, snapshots, saved weights."""

import copy
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

SAVE_SECONDS = (3.0, 8.0)
"""Least and greatest time between two saves; in between a quarter of what was trained so far.

With a step, a report and the saving itself it stays below ten seconds, so no more work is lost.
"""
SAVE_REST = 3.0
"""How many times as long as a save took training goes on at least before the next."""
SUSPENDED_SECONDS = 1.0
"""A stop of the process that is longer is told of."""


class Writer:
    """Writes what a report means to the folder, each kind at its own pace."""

    def __init__(self, folder: RunFolder, trainer: Trainer, dataset: ImageDataset):
        self.folder, self.trainer, self.dataset = folder, trainer, dataset
        self.suspended, self.told_floor, self.told_slow = 0.0, False, False
        # when the last save was, and how long it and the last report took; in seconds of training
        self.saved, self.save_seconds, self.report_seconds = trainer.elapsed, 0.0, 0.0
        self.began = trainer.step, trainer.elapsed
        self.first = True
        self.before = _last_snapshot(folder.path / "snapshots", trainer.model.config.z_dim)
        self._keep()

    def take(self, report: Report) -> None:
        """Write what a report says, and save the run where it is time to."""
        began = self.trainer.watch.read()
        self.folder.append("metrics.jsonl", metrics_line(report))
        self._tell_suspended()
        self._tell_floor()
        closing = run_closing.predict(self.trainer, self.dataset)
        self.folder.status("running", self.trainer, phase="training", closing=closing)
        self.folder.log(str(report))
        self.before = snapshots.take(self.trainer.model, self.dataset.validation, self.before)
        self.folder.room.write(lambda: self._draw(report.step))
        measured = 2 * len(self.trainer.held_out.images) * self.trainer.pass_seconds
        self.report_seconds = measured + self.trainer.watch.read() - began
        if self.first and not report.last:
            self._save()
        elif not report.last:
            self.keep_up()

    def _draw(self, step: int) -> None:
        assert self.before is not None, "it was just made"
        snapshots.write(self.folder.path / "snapshots", step, self.before)

    def is_due(self) -> bool:
        """Tell whether the run should be saved before its next step."""
        elapsed = self.trainer.elapsed
        past, steps = elapsed - self.saved, self.trainer.step - self.began[0]
        if past <= SAVE_REST * self.save_seconds or not steps:
            return False
        # neither a step nor a report is ended early
        ahead = max((elapsed - self.began[1]) / steps, self.report_seconds)
        longest = SAVE_SECONDS[1] - 2 * self.save_seconds
        return past >= min(max(SAVE_SECONDS[0], elapsed / 4), longest - ahead)

    def keep_up(self) -> None:
        """Save the run where it is time to; call it between two steps."""
        if self.is_due():
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
        began = self.trainer.watch.read()
        self.first, self.saved = False, began
        if not self.trainer.is_finite():
            return
        self._keep()
        self.folder.save_state(self.trainer)
        name, config = self.folder.path.absolute().name, self.trainer.config
        model = package(name, self.trainer.model, self.dataset, config, atlas=False, measured=False)
        path = self.folder.path / "model.safetensors"
        self.folder.room.write(lambda: checkpoint.write(path, model))
        self.saved = self.trainer.watch.read()
        self.save_seconds = self.saved - began
        self._tell_slow()

    def _tell_slow(self) -> None:
        """Say once that saving takes so long that it is done more rarely."""
        rest = SAVE_REST * self.save_seconds
        if rest > SAVE_SECONDS[1] and not self.told_slow:
            self.told_slow = True
            words = f"saving takes {self.save_seconds:.0f} s, so it is done every {rest:.0f} s"
            lost = "as much of training is lost if the process is killed"
            self.folder.event("warned", self.trainer.step, words=f"{words}; {lost}")


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
