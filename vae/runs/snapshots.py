"""What a model in training looks like at one step: its map, reconstructions, prior samples."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vae.errors import UserError
from vae.files import arrays
from vae.files.writing import explain, write_atomically

if TYPE_CHECKING:
    from torch import Tensor

    from vae.checkpoint import Atlas
    from vae.data import Split
    from vae.latent.prior_field import PriorField
    from vae.models.vae import VAE

MAP_IMAGES = 2000
SHOWN_IMAGES = 16
MOST_KEPT = 120
"""Beyond this many snapshots of a run every other one is thrown away."""

MOST_DIMENSIONS = 4096
LARGEST = {"loc": 1e15, "scale": 1e15, "axes": 1.01}
"""What no latent code reaches before its squares leave float32; the axes are unit vectors."""
KINDS = {
    **dict.fromkeys(("loc", "scale", "axes"), np.float32),
    "label": np.int64,
    **dict.fromkeys(("original", "reconstruction", "sample"), np.uint8),
}
OPTIONAL = {
    "tril": np.float16,
    "prior": np.float16,
    "prior_extent": np.float32,
    "prior_draws": np.int64,
}
"""What only some models have, and no snapshot of an older program."""
PRIOR = ("prior", "prior_extent", "prior_draws")
LARGEST_LABEL = 32_767
MOST_CELLS = 65_536
MOST_DRAWS = 1_000_000


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
    tril: np.ndarray | None = None
    """Lower triangles of the Cholesky factors of the posteriors' covariances on the plane, float16
    (N, 3); None where `scale` tells them, and for posteriors that are not normal."""
    prior: np.ndarray | None = None
    """Log density of the prior over the plane, as `PriorField` has it, float16 (rows, columns);
    None for a standard normal and for a model without a prior."""
    prior_extent: np.ndarray | None = None
    """What it covers, a0, a1, b0, b1, float32 (4,)."""
    prior_draws: np.ndarray | None = None
    """How many draws stand for the prior, 0 where the density is its own, int64 (1,)."""

    @property
    def projected(self) -> np.ndarray:
        """Posterior means on the plane, (N, 2)."""
        return self.loc @ self.axes.T


def take(
    model: "VAE", split: "Split", before: Snapshot | None = None, count: int = MAP_IMAGES
) -> Snapshot:
    """Look at a model through the first ``count`` images of a split; ``before`` is the last one."""
    import torch

    from vae.data.batch import Held
    from vae.latent.prior_field import prior_field
    from vae.latent.projection import aligned_plane
    from vae.measures.evaluation import encode_split

    codes = encode_split(model, split.take(np.arange(min(count, len(split)))))
    shown = Held.of(split, SHOWN_IMAGES)
    device = next(model.parameters()).device
    with torch.inference_mode():
        x, y, _ = shown.take(torch.arange(len(shown.images)), device)
        y = model.conditioning.filled(x, y)
        reconstruction = model.decode_mean(model.encode(x, y).mean, y)
        labels = _classes_in_turn(model, y)
        told = model.conditioning.to_prior(labels)
        # the same generator at every step: what changes is the model
        draws = model.prior.sample(SHOWN_IMAGES, torch.Generator().manual_seed(0), told)
        sample = model.decode_mean(draws.to(device), labels)
    loc = codes.loc.astype(np.float32)
    axes = aligned_plane(loc, before.projected if before else None).astype(np.float32)
    return Snapshot(
        loc=loc,
        scale=codes.scale.astype(np.float32),
        label=codes.label.astype(np.int64),
        axes=axes,
        original=shown.images.numpy(),
        reconstruction=_bytes(reconstruction),
        sample=_bytes(sample),
        tril=_factors_on(axes, codes) if model.posterior.is_normal else None,
        **_prior_arrays(prior_field(model, axes)),
    )


def _factors_on(axes: np.ndarray, codes: "Atlas") -> np.ndarray | None:
    from vae.latent.ellipses import projected_factors

    if codes.tril is None:
        return None
    return projected_factors(codes.scale, axes, codes.tril).astype(np.float16)


def _prior_arrays(field: "PriorField | None") -> dict[str, np.ndarray]:
    if field is None:
        return {}
    draws = np.array([field.draws], dtype=np.int64)
    return dict(zip(PRIOR, (field.log_density, field.extent, draws), strict=True))


def _classes_in_turn(model: "VAE", y: "Tensor | None") -> "Tensor | None":
    """Return the classes of the draws: all in turn for a model that is told them."""
    import torch

    if y is None:
        return None
    turn = torch.arange(SHOWN_IMAGES, device=y.device)
    return turn % model.conditioning.classes if model.conditioning.classes else y[turn % len(y)]


def write(folder: Path, step: int, snapshot: Snapshot) -> None:
    """Save a snapshot as NNNNNN.npz, and thin out the older ones where they have become many."""
    content = arrays.write(**columns(snapshot))
    write_atomically(path_of(folder, step), content, sync=False)
    there = steps(folder)
    if len(there) > MOST_KEPT:
        forget(folder, there[1:-1:2])


def columns(snapshot: Snapshot) -> dict[str, np.ndarray]:
    """Return the arrays of a snapshot by name, without those that it does not have."""
    found = ((key, getattr(snapshot, key)) for key in (*KINDS, *OPTIONAL))
    return {key: value for key, value in found if value is not None}


def steps(folder: Path) -> list[int]:
    """List the steps of which there is a snapshot, ascending."""
    named = ((path, path.stem) for path in folder.glob("*.npz"))
    numbers = ((path, int(stem)) for path, stem in named if stem.isascii() and stem.isdecimal())
    return sorted(step for path, step in numbers if path == path_of(folder, step))


def path_of(folder: Path, step: int) -> Path:
    """Return where the snapshot of a step lies."""
    return folder / f"{step:06d}.npz"


def forget(folder: Path, which: list[int]) -> None:
    """Throw snapshots away."""
    for step in which:
        path_of(folder, step).unlink(missing_ok=True)


def read(folder: Path, step: int) -> Snapshot:
    """Read a snapshot; `UserError` where it is gone or damaged."""
    try:
        found = arrays.read(path_of(folder, step))
    except FileNotFoundError:
        raise UserError(f"there is no snapshot of step {step} any more; choose another") from None
    except OSError as error:
        raise UserError(f"cannot read the snapshot of step {step}: {explain(error)}") from None
    except arrays.DamagedArchive as error:
        raise _damaged(step, str(error)) from None
    kinds = KINDS | {key: kind for key, kind in OPTIONAL.items() if key in found}
    if found.keys() != kinds.keys() or any(found[key].dtype != kinds[key] for key in kinds):
        raise _damaged(step, "its arrays are not those of a snapshot")
    _check(found, step)
    _check_optional(found, step)
    return Snapshot(**found)


def _check(found: dict[str, np.ndarray], step: int) -> None:
    loc, shown, label = found["loc"], found["original"], found["label"]
    shapes = {
        "loc": loc.shape,
        "scale": loc.shape,
        "label": loc.shape[:1],
        "axes": (2, *loc.shape[1:]),
        **dict.fromkeys(("original", "reconstruction"), shown.shape),
        "sample": (SHOWN_IMAGES, *shown.shape[1:]),
    }
    whole = loc.ndim == 2 and shown.ndim == 4 and 1 <= loc.shape[1] <= MOST_DIMENSIONS
    if not whole or any(found[name].shape != shape for name, shape in shapes.items()):
        raise _damaged(step, "shapes")
    # written so that a NaN fails too
    if not all((np.abs(found[name]) <= most).all() for name, most in LARGEST.items()):
        raise _damaged(step, "numbers")
    if (found["scale"] < 0).any() or (label < -1).any() or (label > LARGEST_LABEL).any():
        raise _damaged(step, "a label or a standard deviation out of range")


def _check_optional(found: dict[str, np.ndarray], step: int) -> None:
    """Check what only some snapshots have; a NaN fails in each comparison."""
    tril = found.get("tril")
    if tril is not None and (tril.shape != (len(found["loc"]), 3) or not np.isfinite(tril).all()):
        raise _damaged(step, "the covariances")
    there = [key for key in PRIOR if key in found]
    if there and not (len(there) == len(PRIOR) and _is_prior(*(found[key] for key in PRIOR))):
        raise _damaged(step, "the prior")


def _is_prior(field: np.ndarray, extent: np.ndarray, draws: np.ndarray) -> bool:
    whole = field.ndim == 2 and field.shape[1] >= 2 and field.size <= MOST_CELLS
    if not whole or extent.shape != (4,) or draws.shape != (1,):
        return False
    a0, a1, b0, b1 = extent
    wide = a0 < a1 and (b0 < b1 or (len(field) == 1 and b0 == b1))
    small = (np.abs(extent) <= LARGEST["loc"]).all() and 0 <= draws[0] <= MOST_DRAWS
    return bool(wide and small and (np.isfinite(field) & (field <= 0)).all())


def _damaged(step: int, why: str) -> UserError:
    return UserError(f"the snapshot of step {step} is damaged ({why}); choose another")


def _bytes(pixels: "Tensor") -> np.ndarray:

    from vae.models.pixels import to_bytes

    return to_bytes(pixels).cpu().numpy()
