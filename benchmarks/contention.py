"""How much slower a training gets beside other busy processes, against its fair share.

    VAE_DATA=… python -m benchmarks.contention [--rounds 3] [--seconds 10] [--dataset mnist]

One round trains alone and beside three processes that multiply matrices on two threads each, once
with every set of OpenMP's variables (``VARIANTS``), in turn, so that a slow minute of the machine
hits all of them. What counts is steps a second; both runs of a pair have the same budget in
seconds. Four processes that want all cores leave each a quarter: a ratio of 4 is its share.
Everything runs at the same priority, which on the pages it does not: there a trainer gives way.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY = 3
BUSY_SCRIPT = """
import torch
torch.set_num_threads(2)
x = torch.randn(700, 700)
print("busy", flush=True)
while True:
    x @ x
"""
OPENMP = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "OMP_DYNAMIC")
VARIANTS = {
    "OpenMP's own": {"OMP_WAIT_POLICY": "ACTIVE", "GOMP_SPINCOUNT": "300000"},
    "as train sets them": {},
    "as for epochs": {"GOMP_SPINCOUNT": "1000"},
    "never looking twice": {"GOMP_SPINCOUNT": "0"},
    "one thread": {"OMP_NUM_THREADS": "1"},
}


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """Keep so many processes of two threads each at work."""
    command = [sys.executable, "-c", BUSY_SCRIPT]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(count)]
    try:
        for process in processes:
            process.stdout.readline()
        yield
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def steps_a_second(dataset: str, seconds: float, variables: dict[str, str]) -> float:
    """Train for some seconds in a process of its own, and count its steps."""
    clean = {key: value for key, value in os.environ.items() if key not in OPENMP}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        command = [sys.executable, "-m", "vae", "train", "--dataset", dataset, "--json"]
        command += ["--seconds", str(seconds), "--out", str(out)]
        # a folder of its own also means a queue of its own
        env = clean | {"VAE_RUNS": folder} | variables
        subprocess.run(command, check=True, env=env, capture_output=True)
        status = json.loads((out / "status.json").read_text())
    return status["step"] / status["seconds"]


def main() -> None:
    """Print steps a second and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--only", nargs="*", choices=VARIANTS, help="measure only these")
    arguments = parser.parse_args()
    names = arguments.only or list(VARIANTS)
    pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for round_number in range(1, arguments.rounds + 1):
        for name in names:
            rate = [arguments.dataset, arguments.seconds, VARIANTS[name]]
            alone = steps_a_second(*rate)
            with busy_processes(BUSY):
                beside = steps_a_second(*rate)
            pairs[name].append((alone, beside))
            print(f"round {round_number}, {name}: {alone:.1f} and {beside:.1f} steps/s", flush=True)
    print(f"\n{os.cpu_count()} cores, beside {BUSY} busy processes of 2 threads; medians")
    for name, rates in pairs.items():
        alone, beside = (statistics.median(side) for side in zip(*rates, strict=True))
        ratios = sorted(a / b for a, b in rates)
        print(
            f"{name:20} {alone:6.1f} alone, {beside:6.1f} beside: {statistics.median(ratios):.1f} "
            f"times slower ({ratios[0]:.1f} to {ratios[-1]:.1f})"
        )


if __name__ == "__main__":
    main()
