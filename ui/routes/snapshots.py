"""A snapshot of a run as one block of bytes for the browser (`vae/web/train/frames.js`)."""

from typing import TYPE_CHECKING, Any

import numpy as np

from vae.export.payload import frame

if TYPE_CHECKING:
    from vae.runs.snapshots import Snapshot

FORMAT, VERSION = "vae-snapshot", 1
GOLDEN = 0.618033988749895
"""The golden section fills an interval evenly, whatever the number of points."""


def snapshot_payload(step: int, snapshot: "Snapshot", factorises: bool) -> bytes:
    """Pack a snapshot for the browser: its map projected on its own axes, and its images.

    ``factorises`` is whether the standard deviations tell all of a posterior's covariance. Where
    the covariances on the plane are known ``tril`` has a factor of each, and where the prior is
    not drawn as rings ``prior`` its log density, of which the header says where it lies.
    """
    loc, scale = projected(snapshot)
    arrays = {
        "loc": loc.astype("<f4"),
        "scale": scale.astype("<f4"),
        "label": snapshot.label.astype("<i2"),
        "original": snapshot.original,
        "reconstruction": snapshot.reconstruction,
        "sample": snapshot.sample,
    }
    if (tril := factors(snapshot, factorises)) is not None:
        arrays["tril"] = tril.astype("<f2")
    if snapshot.prior is not None:
        arrays["prior"] = snapshot.prior.astype("<f2")
    entries, blocks, offset = {}, [], 0
    for name, array in arrays.items():
        block = np.ascontiguousarray(array).tobytes()
        block += bytes(-len(block) % 4)
        entries[name] = {"shape": list(array.shape), "offset": offset}
        blocks.append(block)
        offset += len(block)
    header = {
        "format": FORMAT,
        "version": VERSION,
        "step": step,
        "count": len(loc),
        "image_shape": list(snapshot.original.shape[1:]),
        "axes": axis_names(snapshot.loc.shape[1]),
        "prior": _prior_header(snapshot),
        "arrays": entries,
    }
    return frame(header, b"".join(blocks))


def factors(snapshot: "Snapshot", factorises: bool) -> np.ndarray | None:
    """Return Cholesky factors (N, 3) of the posteriors' covariances on the plane.

    None where these are not known, and where there are none, as of an autoencoder.
    """
    from vae.latent.ellipses import projected_factors

    if not snapshot.scale.any():
        return None
    if snapshot.loc.shape[1] == 1:
        return np.pad(snapshot.scale, ((0, 0), (0, 2))) if factorises else None
    if factorises:
        return projected_factors(snapshot.scale, snapshot.axes)
    return snapshot.tril


def _prior_header(snapshot: "Snapshot") -> dict[str, Any] | None:
    """Say where the log density of a prior lies, as `vae/web/core/density.js` reads a grid."""
    if snapshot.prior is None:
        return None
    assert snapshot.prior_extent is not None, "they are kept together"
    assert snapshot.prior_draws is not None, "they are kept together"
    a0, a1, b0, b1 = map(float, snapshot.prior_extent)
    line = len(snapshot.prior) == 1
    return {
        "low": [a0] if line else [a0, b0],
        "high": [a1] if line else [a1, b1],
        "size": list(snapshot.prior.shape[::-1])[: 1 if line else 2],
        "draws": int(snapshot.prior_draws[0]),
    }


def projected(snapshot: "Snapshot") -> tuple[np.ndarray, np.ndarray]:
    """Project means and standard deviations (N, z_dim) on the snapshot's axes: (N, 2) each.

    One dimension is spread out for the eye along a second axis, each point always in its place.
    """
    loc = snapshot.loc @ snapshot.axes.T
    scale = np.sqrt(np.square(snapshot.scale) @ np.square(snapshot.axes.T))
    if snapshot.loc.shape[1] == 1:
        loc[:, 1] = 2 * ((np.arange(len(loc)) * GOLDEN) % 1) - 1
        scale[:, 1] = 0
    return loc, scale


def axis_names(z_dim: int) -> list[str]:
    """Name the axes of the map."""
    if z_dim == 1:
        return ["z1", "spread out for the eye"]
    return ["z1", "z2"] if z_dim == 2 else ["plane of largest spread", ""]
