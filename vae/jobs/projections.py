"""t-SNE and UMAP as processes of their own, with progress, cached on disk.

A projection is a job in ``VAE_RUNS/.cache/projections/`` under a key made from its points, its
options and the library's version. Pages poll `status`. One computes at a time, the others wait.
"""

import hashlib
import json
import os
import re
import time
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from vae.errors import UserError
from vae.files import arrays, locks, plain_json
from vae.files.writing import explain, runs_folder, write_atomically
from vae.jobs.job import Job
from vae.jobs.progress import JobStatus, Reporter
from vae.latent.projection import PROJECTIONS
from vae.options import from_json, to_json

VERSION = 1
"""Raised when `vae.latent.projection` computes otherwise, so that no old result is shown."""
KEPT = 200
"""Jobs kept on disk; the oldest go first."""
FAILURES = (ValueError, TypeError, ArithmeticError, MemoryError, RuntimeError, OSError)
"""What a library raises that cannot project the points."""
KEY = re.compile(r"[0-9a-f]{64}")
WHAT = "the projection"
SINGLE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


def key_of(loc: np.ndarray, options: Any) -> str:
    """Name the projection of points by all it depends on: 64 hexadecimal digits."""
    loc = np.ascontiguousarray(loc)
    described = [VERSION, to_json(options), _version(options.library), str(loc.dtype), loc.shape]
    return hashlib.sha256(json.dumps(described).encode() + loc.tobytes()).hexdigest()


def start(loc: np.ndarray, options: Any) -> str:
    """Start projecting points (N, z_dim) in a process of its own and return the job's key.

    Nothing happens where the result is there already or on its way. Every row given is projected;
    ``options.rows(total)`` chooses them.

    Raises
    ------
    UserError
        When the cache folder cannot be written or the disk is full.
    """
    key = key_of(loc, options)
    job = _job(key)
    _make_folder()
    if _places(job) is not None:
        return key
    locks.check_inherited("a projection beside the page")
    job.check_quota()
    with job.locked() as lock:
        job.wanted(lock)
        if lock is not None:
            job.make_room(KEPT)
            _write_input(job, loc, options)
            job.tell(state="running", phase="waiting", started=time.time())
            words = ["project", "--job", str(job.base.absolute())]
            job.launch(words, lock, os.environ | SINGLE)
    return key


def status(key: str) -> JobStatus:
    """Tell how far a job is; damaged files read as a job that never was."""
    job = _job(key)
    return job.status(lambda: _places(job) is not None)


def result(key: str) -> np.ndarray:
    """Places (N, 2) float32 of a finished job; `UserError` where there is none."""
    xy = _places(_job(key))
    if xy is None:
        raise UserError("this projection is not there or its file is damaged; start it again")
    return xy


def cancel(key: str) -> None:
    """Stop a job and forget it; a finished one stays, and nothing happens where there is none.

    It runs on while another visitor of a shared server wants it.
    """
    job = _job(key)
    if not job.leave():
        return
    job.stop()
    if _places(job) is None:
        job.forget()


def run(base: str | Path) -> None:
    """Do the job whose files begin with the path ``base``: what its process runs."""
    job = Job(Path(base), WHAT)
    os.nice(10)
    begun = time.time()
    try:
        loc, options = _input(job)
        with job.turn():
            begun = time.time()
            xy = options.fit(loc, Reporter(job.tell, begun))
        if not np.isfinite(xy).all():
            raise UserError("the projection gave no finite numbers; choose other options")
        write_atomically(job.path("npz"), arrays.write(xy=xy.astype(np.float32)))
        job.path("input").unlink(missing_ok=True)
        job.tell(state="finished", seconds=time.time() - begun)
    except (UserError, *FAILURES) as error:
        said = str(error) if isinstance(error, UserError) else _failure(error)
        job.tell(state="failed", seconds=time.time() - begun, error=said)
        raise UserError(said) from error


def _job(key: str) -> Job:
    if not KEY.fullmatch(key):
        raise ValueError(f"not the key of a projection: {key!r}")
    return Job(_folder() / key, WHAT)


def _folder() -> Path:
    return runs_folder() / ".cache" / "projections"


def _make_folder() -> None:
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder {folder}: {explain(error)}") from None


def _write_input(job: Job, loc: np.ndarray, options: Any) -> None:
    text = np.array(json.dumps(to_json(options)))
    kept = arrays.write(loc=np.ascontiguousarray(loc), options=text)
    write_atomically(job.path("input"), kept)


def _input(job: Job) -> tuple[np.ndarray, Any]:
    """Read what `_write_input` kept; `UserError` where it is gone or damaged."""
    try:
        found = arrays.read(job.path("input"))
        options = plain_json.strict(str(found["options"]))
        loc = found["loc"]
    except OSError as error:
        raise UserError(_failure(error)) from None
    except (arrays.DamagedArchive, KeyError, ValueError):
        raise UserError("the input of the projection is damaged; start it again") from None
    if loc.ndim != 2 or loc.dtype.kind != "f" or not np.isfinite(loc).all():
        raise UserError("the points to project are not finite numbers; start it again")
    return loc, from_json(PROJECTIONS, options, "projection")


def _places(job: Job) -> np.ndarray | None:
    """Return the result, or None where it is missing or damaged."""
    try:
        xy = arrays.read(job.path("npz"))["xy"]
    except (OSError, arrays.DamagedArchive, KeyError):
        return None
    whole = xy.ndim == 2 and xy.shape[1] == 2 and xy.dtype == np.float32
    return xy if whole and np.isfinite(xy).all() else None


@cache
def _version(library: str) -> str:
    return version(library)


def _failure(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "the projection needs more memory than there is; choose fewer images"
    if isinstance(error, OSError):
        return f"the projection cannot use its files: {explain(error)}"
    return f"the projection failed ({type(error).__name__}: {error}); choose other options"
