"""What a model in training looks like at one step: its map, reconstructions, prior samples."""

import io
import zipfile
import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vae.errors import UserError
from vae.files import write_atomically

if TYPE_CHECKING:
    from torch import Tensor

    from vae.data import Split
    from vae.model import VAE

MAP_IMAGES = 2000
SHOWN_IMAGES = 16
MOST_KEPT = 120
"""Beyond this many snapshots of a run every other one is thrown away."""


DAMAGED = (
    *(ValueError, KeyError, TypeError, EOFError, NotImplementedError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error),
)
"""What NumPy raises for a damaged archive of arrays."""


@dataclass(frozen=True)
class Snapshot:
    """A model at one step of its training, seen on fixed validation images."""

    loc: np.ndarray
    """Posterior means, float32 (N, z_dim)."""
    scale: np.ndarray
    """Posterior standard deviations, float32 (N, z_dim); 0 for an autoencoder."""
    label: np.ndarray
    """Class of each image, int64 (N,); −1 for none."""
    axes: np.ndarray
    """The plane to look at, float32 (2, z_dim), turned so that successive frames agree."""
    original: np.ndarray
    """Images, uint8 (16, C, H, W)."""
    reconstruction: np.ndarray
    """Their decoded posterior means, uint8 (16, C, H, W)."""
    sample: np.ndarray
    """Decoded draws from the prior, the same noise at every step, uint8 (16, C, H, W)."""

    @property
    def projected(self) -> np.ndarray:
        """Posterior means on the plane, (N, 2)."""
        return self.loc @ self.axes.T


def take(
    model: "VAE", split: "Split", before: Snapshot | None = None, count: int = MAP_IMAGES
) -> Snapshot:
    """Look at a model through the first ``count`` images of a split; ``before`` is the last one."""
    import torch

    from vae.evaluation import encode_split
    from vae.projection import aligned_plane
    from vae.training import batch_of

    codes = encode_split(model, split.take(np.arange(min(count, len(split)))))
    images = torch.from_numpy(np.ascontiguousarray(split.images[:SHOWN_IMAGES]))
    device = next(model.parameters()).device
    shape = (SHOWN_IMAGES, model.config.z_dim)
    noise = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        prior = model.prior()
        x = batch_of(images, slice(None), device)
        reconstruction = model.decode_mean(model.encode(x).loc)
        sample = model.decode_mean(prior.loc + prior.scale * noise.to(device))
    loc = codes.loc.astype(np.float32)
    return Snapshot(
        loc=loc,
        scale=codes.scale.astype(np.float32),
        label=codes.label.astype(np.int64),
        axes=aligned_plane(loc, before.projected if before else None).astype(np.float32),
        original=images.numpy(),
        reconstruction=_bytes(reconstruction),
        sample=_bytes(sample),
    )


def write(folder: Path, step: int, snapshot: Snapshot) -> None:
    """Save a snapshot as NNNNNN.npz, and thin out the older ones where they have become many."""
    buffer = io.BytesIO()
    np.savez(buffer, **{field.name: getattr(snapshot, field.name) for field in fields(snapshot)})
    write_atomically(folder / f"{step:06d}.npz", buffer.getvalue(), sync=False)
    there = steps(folder)
    if len(there) > MOST_KEPT:
        forget(folder, there[1:-1:2])


def steps(folder: Path) -> list[int]:
    """List the steps of which there is a snapshot, ascending."""
    return sorted(int(path.stem) for path in folder.glob("*.npz") if path.stem.isdecimal())


def forget(folder: Path, which: list[int]) -> None:
    """Throw snapshots away."""
    for step in which:
        (folder / f"{step:06d}.npz").unlink(missing_ok=True)


def read(folder: Path, step: int) -> Snapshot:
    """Read a snapshot; `UserError` where it is gone or damaged."""
    try:
        content = (folder / f"{step:06d}.npz").read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            found = {field.name: arrays[field.name] for field in fields(Snapshot)}
    except FileNotFoundError:
        raise UserError(f"there is no snapshot of step {step} any more; choose another") from None
    except (OSError, *DAMAGED) as error:
        raise UserError(
            f"the snapshot of step {step} is damaged ({type(error).__name__}); choose another"
        ) from None
    _check(found, step)
    return Snapshot(**found)


def _check(found: dict[str, np.ndarray], step: int) -> None:
    loc, shown = found["loc"], found["original"]
    shapes = {
        "loc": loc.shape,
        "scale": loc.shape,
        "label": loc.shape[:1],
        "axes": (2, *loc.shape[1:]),
        **dict.fromkeys(("original", "reconstruction"), shown.shape),
        "sample": (SHOWN_IMAGES, *shown.shape[1:]),
    }
    whole = loc.ndim == 2 and shown.ndim == 4
    if not whole or any(found[name].shape != shape for name, shape in shapes.items()):
        raise UserError(f"the snapshot of step {step} is damaged (shapes); choose another")
    if not all(np.isfinite(found[name]).all() for name in ("loc", "scale", "axes")):
        raise UserError(f"the snapshot of step {step} is damaged (numbers); choose another")


def _bytes(pixels: "Tensor") -> np.ndarray:
    import torch

    return (pixels.clamp(0, 1) * 255).round().to(torch.uint8).cpu().numpy()
