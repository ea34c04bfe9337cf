"""What several processes bring: the same training by one process and by more, on this machine.

    VAE_DATA=… python -m benchmarks.processes [--processes 1 2] [--epochs 3] [--rounds 2]

Each trains `mnist` in 2 dimensions with the page's defaults, the same batches and the same seed;
torchrun starts as many processes as are asked for, and the cores are shared out among them as
threads. Speeds are told as ratios to the first of the same round, ELBOs of the test images in nats.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from vae import checkpoint


def train(processes: int, epochs: int, out: Path) -> tuple[float, float]:
    """Train; return images per second of training, and the ELBO of the test images in nats."""
    threads = max(1, (os.cpu_count() or 1) // processes)
    spread = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    subprocess.run(
        [sys.executable, *(spread if processes > 1 else []), "-m", "vae", "train"]
        + ["--dataset", "mnist", "--z-dim", "2", "--epochs", str(epochs), "--out", str(out)],
        env=os.environ | {"OMP_NUM_THREADS": str(threads)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    last = json.loads((out / "metrics.jsonl").read_text().splitlines()[-1])
    header = checkpoint.read(out / "model.safetensors")
    images = last["step"] * header.training["batch_size"]
    return images / last["seconds"], header.metrics["elbo"]


def main() -> None:
    """Train, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    found: dict[int, list[tuple[float, float, float]]] = {count: [] for count in asked.processes}
    for number in range(asked.rounds):
        first = None
        for count in asked.processes:
            with tempfile.TemporaryDirectory() as folder:
                speed, elbo = train(count, asked.epochs, Path(folder) / "run")
            first = first or speed
            found[count].append((speed, speed / first, elbo))
            print(f"round {number + 1}, {count} processes: {speed:,.0f} images/s, {elbo:.2f} nats")
    for count, values in found.items():
        speed, ratio, elbo = (statistics.median(column) for column in zip(*values, strict=True))
        print(
            f"{count} processes: {speed:,.0f} images/s, {ratio:.2f} of the first; ELBO {elbo:.2f} "
            f"nats, test, 10,000 images, median of {len(values)} rounds"
        )


if __name__ == "__main__":
    main()
