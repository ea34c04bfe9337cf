"""What the defaults reach in a budget of seconds, and whether the budget is kept.

    VAE_DATA=… python -m benchmarks.minute [--seconds 60] [--runs 3]

Starts ``python -m vae train --dataset mnist --z-dim 2 --seconds S`` several times, one after the
other, each with another seed, and reads from the run's own files how long it trained, its last step
size, and what the model reaches: −ELBO on all test images, grey, one sample of z, nats per image.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def run(seconds: float, seed: int, out: Path) -> tuple[float, float]:
    """Train once, print a line, and return the seconds trained and −ELBO on test."""
    command = [sys.executable, "-m", "vae", "train", "--dataset", "mnist", "--z-dim", "2"]
    command += ["--seconds", f"{seconds:g}", "--seed", str(seed), "--out", str(out), "--json"]
    started = time.perf_counter()
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    whole = time.perf_counter() - started
    last = json.loads((out / "metrics.jsonl").read_text().splitlines()[-1])
    nats = -json.loads(output)["metrics"]["elbo"]
    print(
        f"seed {seed}: {last['seconds']:.1f} s of training, {last['step']:,} steps, "
        f"last step size {last['lr']:.0e}, {whole:.0f} s in all, −ELBO {nats:.2f} nats",
        flush=True,
    )
    return last["seconds"], nats


def main() -> None:
    """Run and print the spread."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = [
            run(arguments.seconds, seed, Path(folder) / str(seed)) for seed in range(arguments.runs)
        ]
    trained, nats = zip(*found, strict=True)
    print(
        f"{len(found)} runs: {min(trained):.1f} to {max(trained):.1f} s of training, "
        f"−ELBO {statistics.mean(nats):.2f} ({min(nats):.2f} to {max(nats):.2f}) nats · test"
    )


if __name__ == "__main__":
    main()
