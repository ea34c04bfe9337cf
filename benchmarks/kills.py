"""What is lost where a training is killed at random moments: seconds of it, kill by kill.

    VAE_DATA=… python -m benchmarks.kills [--kills 20] [--epochs 30] [--longest 12]

Starts ``python -m vae train --dataset mnist --epochs N``, sends SIGKILL to it at a random moment,
most often up to so many seconds after it has begun to train, and goes on with ``--resume``, again
and again; then lets it end. What a kill costs is the training that the process had done since the
state on the disk, by its own reports and the clock. At last a run that is never killed says whether
both are equal, bit for bit.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.numpy import load_file

STATE, MODEL = "state.safetensors", "model.safetensors"
LOOK_SECONDS = 0.005
TRAINED, START_SECONDS = 0.75, 6.0
"""Share of the kills that come after the first step; the others come within so many seconds."""


def command(out: Path, epochs: int) -> list[str]:
    """Begin a run, or go on with it."""
    words = ["--resume", str(out)]
    if not (out / "config.json").exists():
        words = ["--dataset", "mnist", "--z-dim", "2", "--architecture", "mlp"]
        words += ["--epochs", str(epochs), "--out", str(out)]
    return [sys.executable, "-m", "vae", "train", *words, "--json"]


def saved(out: Path) -> tuple[int, float]:
    """Step, and seconds of training, of the state that a run would go on from."""
    if not (out / STATE).exists():
        return 0, 0.0
    with safe_open(out / STATE, "np") as file:
        values = json.loads(file.metadata()["state"])
    return values["step"], values["elapsed"]


def status_of(out: Path) -> dict[str, Any]:
    """Read what the run says of itself; it is replaced whole, so it can be read at any moment."""
    path = out / "status.json"
    return json.loads(path.read_text()) if path.exists() else {}


def kill(out: Path, epochs: int, trained: bool, after: float) -> tuple[str, float] | None:
    """Start a process, kill it, and return what it was at and the seconds lost; None at its end.

    It is killed so many seconds after its start, or after it has begun to train.
    """
    began = since = time.time()
    waits = trained
    process = subprocess.Popen(
        command(out, epochs), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while waits or time.time() < since + after:
        if process.poll() is not None:
            assert process.returncode == 0, (out / "log.txt").read_text()
            return None
        if waits and trains(out, began):
            waits, since = False, time.time()
        time.sleep(LOOK_SECONDS)
    process.kill()
    killed = time.time()
    process.wait()
    status = status_of(out)
    if not trains(out, began):
        # it had not begun to train, or was done with it
        return status.get("phase", "") if status.get("updated", 0.0) > began else "", 0.0
    return "training", max(0.0, status["seconds"] + killed - status["updated"] - saved(out)[1])


def trains(out: Path, began: float) -> bool:
    """Tell whether the process that was started then has begun to train, and is not done."""
    status = status_of(out)
    return status.get("updated", 0.0) > began and status.get("phase") == "training"


def equal(one: Path, other: Path) -> bool:
    """Tell whether two files hold the same arrays, bit for bit."""
    found = [load_file(path) for path in (one, other)]
    return found[0].keys() == found[1].keys() and all(
        array.tobytes() == found[1][name].tobytes() for name, array in found[0].items()
    )


def main() -> None:
    """Kill, go on, compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--longest", type=float, default=12.0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    draw, lost = random.Random(arguments.seed), []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAE_RUNS"] = folder
        run, whole = Path(folder) / "killed", Path(folder) / "whole"
        print("kill  s after its  s     at         saved step  lost s")
        for number in range(1, arguments.kills + 1):
            trained = draw.random() < TRAINED
            after = draw.uniform(0.0, arguments.longest if trained else START_SECONDS)
            found = kill(run, arguments.epochs, trained, after)
            if found is None:
                print("the run has ended before; give more --epochs")
                break
            at, seconds = found
            lost.append(seconds)
            print(
                f"{number:4d}  {'training' if trained else 'start':11s}  {after:4.1f}  "
                f"{at or 'loading':9.9s}  {saved(run)[0]:10,d}  {seconds:6.1f}",
                flush=True,
            )
        for out in (run, whole):
            subprocess.run(command(out, arguments.epochs), check=True, stdout=subprocess.DEVNULL)
        same = all(equal(run / name, whole / name) for name in (STATE, MODEL))
        steps = saved(run)[0]
    print(
        f"{len(lost)} kills: {max(lost):.1f} s lost at most, {sum(lost) / len(lost):.1f} s on "
        f"average; after {steps:,} steps state and model are "
        f"{'equal, bit for bit,' if same else 'NOT equal'} to those of a run never killed"
    )


if __name__ == "__main__":
    main()
