"""Files of all kinds: replaced whole, or appended to a line at a time."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.run_folders import snapshot, write_run
from tests.tiny_models import tiny_checkpoint
from tests.writers.writer import MODEL, Writer
from vae import checkpoint
from vae.data import idx
from vae.files.writing import write_atomically
from vae.runs import orders, replays, snapshots, watch
from vae.runs.folder import RunFolder


def plain(folder: Path) -> Writer:
    path = folder / "file"
    path.write_bytes(b"old")
    return Writer(lambda: write_atomically(path, b"new content"), path.read_bytes)


def line(folder: Path) -> Writer:
    run = write_run("run", "paused", reports=0)
    control_file = run / "control.jsonl"
    control_file.write_bytes(b'{"id": "0", "action": "pause"}\n')

    def asked() -> set[str]:
        assert all(b"}" in one for one in control_file.read_bytes().split() if one.endswith(b"{"))
        return {order["action"] for order in orders.pending(run)}

    return Writer(lambda: orders.add(run, "cancel"), asked)


def model(folder: Path) -> Writer:
    path = folder / "model.safetensors"
    old, new = (tiny_checkpoint("a", replace(MODEL, z_dim=z_dim)) for z_dim in (2, 3))
    checkpoint.write(path, old)
    return Writer(
        lambda: checkpoint.write(path, new), lambda: checkpoint.read(path).model.config.z_dim
    )


def map_of_a_step(folder: Path) -> Writer:
    snapshots.write(folder, 1, snapshot(1))

    def read() -> list[int]:
        return [step for step in snapshots.steps(folder) if len(snapshots.read(folder, step).loc)]

    return Writer(lambda: snapshots.write(folder, 2, snapshot(2)), read)


def idx_file(folder: Path) -> Writer:
    path = folder / "images"
    idx.write(path, np.zeros((2, 4, 4), np.uint8))
    new = np.ones((3, 4, 4), np.uint8)
    return Writer(lambda: idx.write(path, new), lambda: idx.read_images(path).tolist())


def replay(folder: Path) -> Writer:
    run, target = write_run("run", "finished", reports=3), folder / "replays" / "thin"
    RunFolder(run).prepare()

    def read() -> object:
        return target.exists() and (watch.view(target).state, len(watch.snapshots(target)))

    return Writer(lambda: replays.thin(run, target), read)


PLAIN = (plain, line, model, map_of_a_step, idx_file, replay)
