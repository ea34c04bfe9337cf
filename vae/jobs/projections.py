"""t-SNE and UMAP as processes of their own, with progress, cached on disk.

A projection is a job in ``VAE_RUNS/.cache/projections/`` under a key made from its points, its
options and the library's version. Pages poll `status`.
"""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from vae.errors import UserError
from vae.files import arrays, plain_json
from vae.files.writing import explain
from vae.jobs.job import Job
from vae.jobs.kind import Arrays, Kind
from vae.latent.projection import PROJECTIONS
from vae.measures.counter import Progress
from vae.options import from_json, to_json

VERSION = 1
"""Raised when `vae.latent.projection` computes otherwise, so that no old result is shown."""
WHAT = "the projection"
SINGLE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


def key_of(loc: np.ndarray, options: Any) -> str:
    """Name the projection of points by all it depends on: 64 hexadecimal digits."""
    loc = np.ascontiguousarray(loc)
    described = [VERSION, to_json(options), _version(options.library), str(loc.dtype), loc.shape]
    return hashlib.sha256(json.dumps(described).encode() + loc.tobytes()).hexdigest()


def start(loc: np.ndarray, options: Any) -> str:
    """Start projecting points (N, z_dim) as `Kind.start` does.

    Every row given is projected; ``options.rows(total)`` chooses them.
    """
    return KIND.start(key_of(loc, options), lambda: _content(loc, options))


def _content(loc: np.ndarray, options: Any) -> bytes:
    text = np.array(json.dumps(to_json(options)))
    return arrays.write(loc=np.ascontiguousarray(loc), options=text)


def _input(job: Job) -> tuple[np.ndarray, Any]:
    """Read what `_content` gave; `UserError` where it is gone or damaged."""
    try:
        found = arrays.read(job.path("input"))
        options = plain_json.strict(str(found["options"]))
        loc = found["loc"]
    except OSError as error:
        raise UserError(f"{WHAT} cannot use its files: {explain(error)}") from None
    except (arrays.DamagedArchive, KeyError, ValueError):
        raise UserError("the input of the projection is damaged; start it again") from None
    if loc.ndim != 2 or loc.dtype.kind != "f" or not np.isfinite(loc).all():
        raise UserError("the points to project are not finite numbers; start it again")
    return loc, from_json(PROJECTIONS, options, "projection")


def _projected(job: Job, asked: tuple[np.ndarray, Any], progress: Progress) -> Arrays:
    loc, options = asked
    xy = options.fit(loc, progress)
    if not np.isfinite(xy).all():
        raise UserError("the projection gave no finite numbers; choose other options")
    return {"xy": xy.astype(np.float32)}


def _places(found: Arrays) -> np.ndarray:
    """Return places (N, 2) float32."""
    xy = found["xy"]
    if not (xy.ndim == 2 and xy.shape[1] == 2 and xy.dtype == np.float32 and np.isfinite(xy).all()):
        raise ValueError("not places on a plane")
    return xy


@cache
def _version(library: str) -> str:
    return version(library)


KIND = Kind("projections", WHAT, _input, _projected, _places, goes_on=False, environ=SINGLE)
status, result, cancel, run = KIND.status, KIND.result, KIND.cancel, KIND.run
