"""Encoded images at several β as one block of bytes (`vae/web/core/rates.js`).

It travels beside the block of `vae.export.points`, whose images it holds in the same order: a JSON
header, padded so that the arrays start at a multiple of 4 bytes, and loc and scale in float16,
(β, images, z_dim) each.
"""

import numpy as np

from vae.checkpoint import Checkpoint
from vae.errors import UserError
from vae.export.payload import frame

FORMAT = "vae-rates"
VERSION = 1


def rates_payload(checkpoint: Checkpoint) -> bytes:
    """Pack where a model's encoded images lie at the β that its file holds.

    Raises
    ------
    UserError
        Where the file holds none.
    """
    found = None if checkpoint.atlas is None else checkpoint.atlas.rates
    if found is None:
        raise UserError(
            f"{checkpoint.name} carries no encoded images at other β; train it again with "
            "`python -m vae train --objective multi-rate`, which adds them"
        )
    places, count, z_dim = found.loc.shape
    header = {
        "format": FORMAT,
        "version": VERSION,
        "betas": [float(f"{beta:.6g}") for beta in found.betas],
        "count": count,
        "z_dim": z_dim,
    }
    arrays = (found.loc.astype("<f2"), found.scale.astype("<f2"))
    return frame(header) + b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
