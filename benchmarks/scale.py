"""How much memory and time own images take: prepared and trained on, by their number.

    python -m benchmarks.scale [--images 60000,300000,1000000] [--seconds 20] [--objective pca]

Generated images of 28x28 grey pixels (soft spots, two a picture, of ten classes) lie in one .npy
file. Each number has a process of its own for preparing and one for training, so that the peaks
belong to it. Two peaks are told: all resident memory, in which the system counts the pages of the
mapped file that it can drop at any time, and the process's own (anonymous) memory.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

SIDE, CHUNK = 28, 5_000
MB = 1 << 20
LOOK_SECONDS = 0.02
"""Between two readings of a process's own memory."""


class Peak:
    """The most memory that this process has held, in MB."""

    def __init__(self) -> None:
        self._own, self._ended = 0.0, threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self._own = max(self._own, _status("RssAnon"))

    def read(self) -> dict[str, float]:
        """Give both peaks."""
        self._ended.set()
        return {"resident_mb": _status("VmHWM"), "own_mb": max(self._own, _status("RssAnon"))}


def _status(key: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{key}:"))


def generate(path: Path, count: int) -> None:
    """Write images, a few thousand at a time."""
    draw = np.random.default_rng(0)
    rows = np.arange(SIDE)
    with open(path, "wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": (count, SIDE, SIDE)}
        npy.write_array_header_1_0(file, header)
        for start in range(0, count, CHUNK):
            size = min(CHUNK, count - start)
            sheet = np.zeros((size, SIDE, SIDE), np.float32)
            for _ in range(2):
                middle, width = draw.uniform(6, 22, (size, 2, 1)), draw.uniform(2, 5, (size, 1))
                down, across = (
                    np.exp(-(((rows - middle[:, axis]) / width) ** 2)).astype(np.float32)
                    for axis in (0, 1)
                )
                sheet += down[:, :, None] * across[:, None]
            file.write((sheet.clip(0, 1) * 255).astype(np.uint8).tobytes())


def prepare(path: str) -> dict[str, Any]:
    """Prepare what lies at a path; its images a second."""
    from vae.data import own

    peak, begin = Peak(), time.perf_counter()
    before = _status("VmHWM")
    made = own.bring(Path(path))
    seconds = time.perf_counter() - begin
    count = sum(made.counts.values())
    return {"name": made.name, "images_per_s": count / seconds, "before_mb": before} | peak.read()


def train(name: str, seconds: float, objective: str) -> dict[str, Any]:
    """Train the default model of an objective for a while; its images a second."""
    from vae import data
    from vae.models.config import VAEConfig
    from vae.models.vae import build
    from vae.training.config import TrainConfig
    from vae.training.loop import Trainer
    from vae.training.objectives import OBJECTIVES, first_of

    peak = Peak()
    images = data.load(name)
    learns = OBJECTIVES[objective]()
    kinds = ("architecture", "likelihood", "prior", "posterior")
    defaults = {kind: getattr(VAEConfig(images.image_shape), kind) for kind in kinds}
    parts = {kind: first_of(type(learns), kind, defaults[kind]) for kind in kinds}
    config = TrainConfig(learns, seconds=seconds, compile=False)
    before = _status("VmHWM")
    trainer = Trainer(build(VAEConfig(images.image_shape, **parts), 0), images, config)
    for _ in trainer.run():
        pass
    rate = trainer.step * trainer.batch_size / trainer.elapsed
    return {"images_per_s": rate, "before_mb": before} | peak.read()


def _alone(*words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scale", *words]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure each number and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", default="60000,300000,1000000", help="numbers of images")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to train each")
    parser.add_argument("--objective", default="elbo", help="what is trained, such as pca")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--prepare", help=argparse.SUPPRESS)
    parser.add_argument("--train", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.prepare:
        return print(json.dumps(prepare(args.prepare)))
    if args.train:
        return print(json.dumps(train(args.train, args.seconds, args.objective)))
    found = []
    for count in map(int, args.images.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["VAE_RUNS"] = folder
            path = Path(folder) / "spots.npy"
            generate(path, count)
            prepared = _alone("--prepare", str(path))
            path.unlink()
            words = ["--seconds", str(args.seconds), "--objective", args.objective]
            trained = _alone("--train", prepared["name"], *words)
        found.append({"images": count, "prepare": prepared, "train": trained})
        if not args.json:
            print(_line(found[-1]), flush=True)
    if args.json:
        print(json.dumps(found))


def _line(row: dict[str, Any]) -> str:
    parts = [f"{row['images']:>9,} images"]
    for name in ("prepare", "train"):
        one = row[name]
        parts.append(
            f"{name} {one['images_per_s']:>9,.0f} images/s, peak {one['resident_mb']:>6,.0f} MB "
            f"resident, {one['own_mb']:>5,.0f} MB own ({one['before_mb']:,.0f} MB before)"
        )
    return "; ".join(parts)


if __name__ == "__main__":
    main()
