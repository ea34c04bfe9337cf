"""Places of three classes, and ellipses by the eigenvalues of their covariance."""

from typing import Any

import numpy as np

MIDDLES = [[3.0, 1.0], [-2.0, 2.0], [0.0, -2.0]]


def oracle() -> dict[str, Any]:
    """Return the classes' places and projected ellipses of 1, 2 and 6 dimensions."""
    draw = np.random.default_rng(0)
    label = draw.integers(0, 3, 900)
    loc = np.array(MIDDLES)[label] + draw.normal(0, 0.3, (900, 2))
    # a few far away draw no name to them, as they would a mean
    loc[:20] = [9, 9]
    places = {"a": loc[:, 0].tolist(), "b": loc[:, 1].tolist(), "label": label.tolist()}
    ellipses = [ellipse for z_dim in (1, 2, 6) for ellipse in _ellipses(z_dim)]
    return {"middles": MIDDLES, "places": places, "ellipses": ellipses}


def _ellipses(z_dim: int) -> list[dict[str, Any]]:
    draw, found = np.random.default_rng(z_dim), []
    for _ in range(20):
        scale, (u, v) = draw.uniform(0, 2, z_dim), draw.normal(size=(2, z_dim))
        axes = np.stack([u, v])
        values, directions = np.linalg.eigh(axes @ np.diag(scale**2) @ axes.T)
        given = {"scale": scale.tolist(), "u": u.tolist(), "v": v.tolist()}
        half_axes = np.sqrt(values.clip(0)).tolist()
        found.append(given | {"half_axes": half_axes, "direction": directions[:, 1].tolist()})
    return found
