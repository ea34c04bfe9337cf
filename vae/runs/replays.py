"""Runs that ship with the project to be looked at: the thinned folder of a finished run.

They are no runs under ``VAE_RUNS``: nobody can steer, rename or remove them, and they carry no
model. `benchmarks/thin_run.py` makes one from the folder of a finished run.
"""

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from vae.errors import UserError
from vae.files import arrays
from vae.files.leftovers import UNFINISHED
from vae.files.writing import NAME, SHIPPED, move_folder, refusal, write_atomically
from vae.runs import watch
from vae.runs.snapshots import Snapshot, columns
from vae.runs.watch import RunView

FOLDER = SHIPPED / "replays"
PREFERRED = "mnist-2d"
"""The one that plays where nobody has trained anything yet."""
KEPT = ("config.json", "status.json", "metrics.jsonl", "events.jsonl")


def view(name: str) -> RunView:
    """Look at a run that ships with the project; `UserError` where there is none of that name."""
    path = FOLDER / name if NAME.fullmatch(name) else None
    if path is None or not path.is_dir():
        raise UserError(f"no run {name[:40]!r} ships with this program")
    return watch.view(path)


def first() -> RunView | None:
    """Return the run to play where nobody has trained yet; None where none is shipped."""
    try:
        return view(PREFERRED)
    except UserError:
        return None


def thin(run: Path, target: Path, most: int = 40) -> None:
    """Copy what a replay needs of a finished run: reports, and at most so many snapshots.

    Kept are the first snapshot, the last, and others at equal distances in the list. Their means
    and standard deviations are rounded to float16, which no drawing can show, and packed.

    Raises
    ------
    UserError
        When the run has not finished, the target is there already, or it cannot be written.
    """
    found = watch.view(run)
    if found.state != "finished":
        raise UserError(f"{run} is {found.state}; give the folder of a finished run")
    if target.exists():
        raise UserError(f"{target} is there already; remove it first, or give another folder")
    made = target.with_name(f"{UNFINISHED}{target.name}")
    try:
        shutil.rmtree(made, ignore_errors=True)
        (made / "snapshots").mkdir(parents=True)
        _copy(run, made, most)
        move_folder(made, target)
    except OSError as error:
        raise refusal(f"make {target}", error) from None
    finally:
        # gone already where all went well
        shutil.rmtree(made, ignore_errors=True)


def _copy(run: Path, made: Path, most: int) -> None:
    for name in KEPT:
        write_atomically(made / name, (run / name).read_bytes())
    steps = watch.snapshots(run)
    for at in sorted({round(i) for i in np.linspace(0, len(steps) - 1, min(most, len(steps)))}):
        packed = _packed(watch.snapshot(run, steps[at]))
        write_atomically(made / "snapshots" / f"{steps[at]:06d}.npz", packed)


def _packed(snapshot: Snapshot) -> bytes:
    rounded: dict[str, Any] = columns(snapshot)
    for name in ("loc", "scale"):
        rounded[name] = rounded[name].astype(np.float16).astype(np.float32)
    return arrays.write_small(**rounded)
