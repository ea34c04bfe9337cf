"""The encoded images of a model that is told β, at several β of its range."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae.checkpoint.header import Damaged
from vae.models.config import VAEConfig
from vae.models.place import FARTHEST

PLACES = 13
"""So many β are stored, spread evenly in log β; between them all is interpolated."""
NUMBERS = 400_000
"""About so many posterior means are stored, over all β, images and dimensions."""
TYPES = {"beta": ("F32",), **dict.fromkeys(("beta_loc", "beta_scale"), ("F16", "F32", "F64"))}
"""The tensors of a file, in the order of the fields of `RateAtlas`."""
SPANS = {"beta": (1e-6, 1e6), "beta_loc": (-FARTHEST, FARTHEST), "beta_scale": (0, 65_504.0)}
"""Within which their values lie."""
LONGEST = 33
FEWEST, MOST = 2_000, 10_000
"""Images that are stored, however many dimensions they have."""


@dataclass(frozen=True)
class RateAtlas:
    """Where the images of an atlas lie at several β: the rows of the atlas, in its order."""

    betas: np.ndarray
    """The β, ascending, float32 (K,)."""
    loc: np.ndarray
    """Posterior means, float32 (K, N, z_dim)."""
    scale: np.ndarray
    """Marginal standard deviations, float32 (K, N, z_dim)."""

    def __getitem__(self, rows: np.ndarray | slice) -> "RateAtlas":
        """Return some of the images, in this order."""
        return RateAtlas(self.betas, self.loc[:, rows], self.scale[:, rows])

    def at(self, beta: float) -> tuple[np.ndarray, np.ndarray]:
        """Return loc and scale (N, z_dim) at a β, linear in log β between those that are stored."""
        low, share = between(self.betas, beta)
        high = min(low + 1, len(self.betas) - 1)
        loc, scale = ((1 - share) * a[low] + share * a[high] for a in (self.loc, self.scale))
        return loc.astype(np.float32), scale.astype(np.float32)


def between(betas: np.ndarray, beta: float) -> tuple[int, float]:
    """Return the place of the β below, and how far log β is on the way to the next, from 0 to 1."""
    logs = np.log(betas)
    place = float(np.interp(np.log(beta), logs, np.arange(len(logs))))
    low = min(int(place), max(0, len(logs) - 2))
    return low, place - low


def images_of(z_dim: int) -> int:
    """Return how many images the atlas of a model that is told β holds at most."""
    return min(MOST, max(FEWEST, NUMBERS // (PLACES * z_dim)))


def places_of(betas: tuple[float, float]) -> np.ndarray:
    """Choose the β that are stored: both ends, 1, and places spread evenly in log β between."""
    low, high = np.log(betas)
    if low == high:
        return np.ones(1)
    below = round((PLACES - 1) * -low / (high - low))
    below = min(max(below, int(low < 0)), PLACES - 1 - int(high > 0))
    parts = np.linspace(low, 0, below + 1), np.linspace(0, high, PLACES - below)[1:]
    found = np.exp(np.concatenate(parts))
    # few digits, so that a page can name them; the ends stay what they are
    rounded = np.array([float(f"{beta:.3g}") for beta in found])
    rounded[[0, -1]] = betas
    return rounded


def shapes(config: VAEConfig, layout: dict[str, Any], loc: list[int]) -> dict[str, list[int]]:
    """Say which shapes a file's tensors of other β must have; none where it holds none.

    ``loc`` is the shape of the posterior means at β = 1.
    """
    if not config.conditioning.told_beta or "atlas.beta" not in layout:
        return {}
    count = (layout["atlas.beta"]["shape"] or [0])[0]
    if not 1 <= count <= LONGEST:
        raise Damaged(f"an atlas at {count} values of β")
    wide = dict.fromkeys(("atlas.beta_loc", "atlas.beta_scale"), [count, *loc])
    return {"atlas.beta": [count], **wide}


def tensors_of(rates: RateAtlas) -> dict[str, Tensor]:
    """Give what goes into a file; 1 part in 2,000 of a place is less than a pixel of a map."""
    halves = {"beta_loc": rates.loc, "beta_scale": rates.scale}
    return {"beta": torch.from_numpy(rates.betas.astype(np.float32))} | {
        key: torch.from_numpy(value).half() for key, value in halves.items()
    }


def read(tensors: dict[str, Tensor]) -> RateAtlas | None:
    """Take the images at other β out of a file's tensors."""
    if "atlas.beta" not in tensors:
        return None
    found = RateAtlas(*(tensors[f"atlas.{key}"].numpy() for key in TYPES))
    if (np.diff(found.betas) <= 0).any():
        raise Damaged("its atlas has values of β that do not ascend")
    return found
