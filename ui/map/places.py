"""Where the encoded images lie: on a plane of z, or as t-SNE and UMAP place them."""

from dataclasses import dataclass

import numpy as np

from ui import resources
from ui.map.data import Opened, principal


@dataclass(frozen=True)
class Places:
    """Where the images lie on a plane."""

    id: str
    """Names the plane: a choice made on another one is stale."""
    xy: np.ndarray
    """Float32 (M, 2)."""
    rows: np.ndarray
    """Rows of the atlas that lie on the plane, int64 (M,)."""
    titles: tuple[str, str]
    axes: np.ndarray | None = None
    """The plane's directions (2, z_dim); None where it has none (t-SNE, UMAP, one dimension)."""
    centre: np.ndarray | None = None
    """Its origin, (z_dim,)."""
    equal: bool = True
    """Whether both axes have the same unit."""
    note: str = ""

    def project(self, loc: np.ndarray) -> np.ndarray:
        """Places (K, 2) of latents (K, z_dim) on a plane that has axes."""
        assert self.axes is not None and self.centre is not None, "only where there are axes"
        return (np.asarray(loc, np.float64) - self.centre) @ self.axes.T


def pair_plane(model: Opened, x: int, y: int) -> Places:
    """The plane of two dimensions, or of one with the classes spread upwards."""
    loc, count = model.atlas.loc, len(model.atlas.label)
    rows = np.arange(count)
    if model.z_dim == 1:
        return _line(model, rows)
    axes = np.zeros((2, model.z_dim))
    axes[0, x], axes[1, y] = 1, 1
    xy = loc[:, [x, y]].astype(np.float32)
    titles = (f"z{x + 1}", f"z{y + 1}")
    return Places(f"{model.id} z{x} z{y}", xy, rows, titles, axes, np.zeros(model.z_dim))


def _line(model: Opened, rows: np.ndarray) -> Places:
    # where an image stands upwards means its class, and within it nothing: room to see it
    spread = np.random.default_rng(0).uniform(-0.35, 0.35, len(rows))
    height = np.where(model.atlas.label < 0, 0, model.atlas.label) + spread
    xy = np.stack([model.atlas.loc[:, 0], height], axis=1).astype(np.float32)
    return Places(
        f"{model.id} z0",
        xy,
        rows,
        ("z1", "class"),
        equal=False,
        note="z has one dimension: the height shows the class, spread at random within it",
    )


def principal_places(model: Opened) -> Places:
    """The plane of largest variance, with the share it explains."""
    found = resources.of_model(model.name, principal)
    shares = [f"{share:.0%}" for share in found.explained]
    return Places(
        f"{model.id} pca",
        found.project(model.atlas.loc).astype(np.float32),
        np.arange(len(model.atlas.label)),
        (f"first component, {shares[0]} of the variance", f"second component, {shares[1]}"),
        found.axes,
        found.centre,
        note="straight projection of z: distances are in units of z",
    )


def projected_places(
    model: Opened, kind: str, key: str, xy: np.ndarray, rows: np.ndarray, note: str
) -> Places:
    """Places of a finished t-SNE or UMAP."""
    titles = (f"{kind} 1, no unit", f"{kind} 2, no unit")
    return Places(f"{model.id} {key}", xy.astype(np.float32), rows, titles, note=note)
