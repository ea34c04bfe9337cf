"""Runs that ship with the project to be looked at: the thinned folder of a finished run.

They are no runs under ``VAE_RUNS``: nobody can steer, rename or remove them, and they carry no
model. `benchmarks/thin_run.py` makes one from the folder of a finished run.
"""

from pathlib import Path
from typing import Any

import numpy as np

from vae.errors import UserError
from vae.files import arrays
from vae.files.writing import NAME, SHIPPED, write_atomically
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
        When the run has not finished, or the target is there already.
    """
    found = watch.view(run)
    if found.state != "finished":
        raise UserError(f"{run} is {found.state}; give the folder of a finished run")
    if target.exists():
        raise UserError(f"{target} is there already; remove it first, or give another folder")
    (target / "snapshots").mkdir(parents=True)
    for name in KEPT:
        write_atomically(target / name, (run / name).read_bytes())
    steps = watch.snapshots(run)
    for at in sorted({round(i) for i in np.linspace(0, len(steps) - 1, min(most, len(steps)))}):
        packed = _packed(watch.snapshot(run, steps[at]))
        write_atomically(target / "snapshots" / f"{steps[at]:06d}.npz", packed)


def _packed(snapshot: Snapshot) -> bytes:
    rounded: dict[str, Any] = columns(snapshot)
    for name in ("loc", "scale"):
        rounded[name] = rounded[name].astype(np.float16).astype(np.float32)
    return arrays.write_small(**rounded)
