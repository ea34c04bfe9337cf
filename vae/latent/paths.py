"""Geometry of the latent space: paths, grids and traversals. NumPy in, NumPy out."""

from collections.abc import Callable
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from vae.errors import UserError

if TYPE_CHECKING:
    from vae.checkpoint import Atlas

LARGEST_OVERSHOOT = 0.5
"""How far beyond its ends a path may go, in units of t."""


def lerp(a: np.ndarray, b: np.ndarray, t: float | np.ndarray) -> np.ndarray:
    """Point on the straight line from a (t = 0) to b (t = 1); any other t goes on along it.

    ``a`` and ``b`` have shape (z_dim,); the result (z_dim,), or (len(t), z_dim) for an array t.
    """
    a, b, t = _pair(a, b, t)
    return (1 - t) * a + t * b


def slerp(a: np.ndarray, b: np.ndarray, t: float | np.ndarray) -> np.ndarray:
    """Point on the arc from a (t = 0) to b (t = 1), at constant angular speed.

    The norm runs linearly from |a| to |b|, so that a path between two typical points of a normal
    prior stays at a typical radius (White 2016, "Sampling generative networks"; Shoemake 1985).
    Beyond the ends angle and norm go on at the same speeds; a norm that would fall below 0 stays
    at 0: the path waits at the origin and does not come out on the other side. Where a or b is
    zero or both point the same way the arc is the straight line. Opposite vectors have no shortest
    arc: it then goes by the coordinate axis farthest from them. In one dimension there is no arc,
    and slerp is lerp, also beyond the ends. Shapes as in `lerp`.
    """
    a, b, t = _pair(a, b, t)
    line = (1 - t) * a + t * b
    if len(a) == 1:
        return line
    norm_a, norm_b = np.linalg.norm(a), np.linalg.norm(b)
    radius = np.maximum((1 - t) * norm_a + t * norm_b, 0)
    if norm_a == 0 or norm_b == 0:
        return np.where(radius > 0, line, 0.0)
    u, v = a / norm_a, b / norm_b
    # of the two usual forms this one keeps its digits near 0 and near 180 degrees
    angle = 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))
    if angle < 1e-6:
        return np.where(radius > 0, line, 0.0)
    if np.pi - angle < 1e-6:
        return _half_circle(a, b, u, radius, t)
    to_a, to_b = np.sin((1 - t) * angle) / np.sin(angle), np.sin(t * angle) / np.sin(angle)
    # scaling a and b themselves, not u and v, keeps both ends exact
    return to_a * (radius / norm_a) * a + to_b * (radius / norm_b) * b


PATHS: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]] = {
    "lerp": lerp,
    "slerp": slerp,
}


def path(
    a: np.ndarray, b: np.ndarray, steps: int, method: str = "slerp", overshoot: float = 0.0
) -> np.ndarray:
    """Latents at ``steps`` equal steps of t from −overshoot to 1 + overshoot; (steps, z_dim).

    Without overshoot, t = 0 and t = 1 and with them a and b themselves are the ends.

    Raises
    ------
    UserError
        For an unknown method, fewer than two steps, an overshoot outside [0, 0.5].
    """
    if method not in PATHS:
        raise UserError(f"unknown method '{method}'; choose from {', '.join(PATHS)}")
    if steps < 2:
        raise UserError(f"a path has 2 steps or more, not {steps}")
    if not 0 <= overshoot <= LARGEST_OVERSHOOT:
        raise UserError(f"overshoot must be from 0 to {LARGEST_OVERSHOOT}, not {overshoot}")
    return PATHS[method](a, b, np.linspace(-overshoot, 1 + overshoot, steps))


def classes_on(a: int, b: int, steps: int, overshoot: float = 0.0) -> np.ndarray:
    """Class at each step of a `path` whose ends have classes, int64 (steps,).

    It changes half-way, at t = 0.5, from that of a to that of b: a model is told one class at a
    time, and was never told a mixture of two.
    """
    return np.where(np.linspace(-overshoot, 1 + overshoot, steps) < 0.5, a, b).astype(np.int64)


def prior_grid(count: int, edge: float = 0.025) -> np.ndarray:
    """Plane of latents at equal steps of probability under a standard normal.

    Shape (count, count, 2): the quantiles from ``edge`` to 1 − ``edge``, z1 growing to the right
    and z2 upwards, as on the page: row 0 is the top.
    """
    side = _quantiles(count, edge)
    z1, z2 = np.meshgrid(side, side[::-1])
    return np.stack([z1, z2], axis=-1)


def traversal(z: np.ndarray, dim: int, count: int, edge: float = 0.025) -> np.ndarray:
    """Copies of z (z_dim,) with dimension ``dim`` at the prior's quantiles; (count, z_dim).

    Equal steps of probability from ``edge`` to 1 − ``edge`` (as in disentangling-vae).
    """
    z = np.asarray(z, dtype=np.float64)
    if not 0 <= dim < len(z):
        raise UserError(f"dimension must be from 0 to {len(z) - 1}, not {dim}")
    line = np.repeat(z[None], count, axis=0)
    line[:, dim] = _quantiles(count, edge)
    return line


def class_representative(atlas: "Atlas", label: int) -> int:
    """Row of the atlas whose loc is nearest the mean loc of its class; ties go to the first."""
    rows = np.flatnonzero(atlas.label == label)
    if label < 0 or not len(rows):
        known = ", ".join(str(value) for value in np.unique(atlas.label) if value >= 0)
        raise UserError(f"no encoded image has the label {label}; choose from {known or 'none'}")
    loc = atlas.loc[rows].astype(np.float64)
    return int(rows[np.square(loc - loc.mean(axis=0)).sum(axis=1).argmin()])


def _pair(a: np.ndarray, b: np.ndarray, t: float | np.ndarray) -> tuple[np.ndarray, ...]:
    a, b, t = (np.asarray(value, dtype=np.float64) for value in (a, b, t))
    if a.ndim != 1 or a.shape != b.shape:
        raise ValueError(f"two latents of one shape (z_dim,) expected, not {a.shape}, {b.shape}")
    return a, b, t[..., None]


def _half_circle(
    a: np.ndarray, b: np.ndarray, u: np.ndarray, radius: np.ndarray, t: np.ndarray
) -> np.ndarray:
    axis = np.zeros_like(u)
    axis[np.abs(u).argmin()] = 1
    side = axis - (axis @ u) * u
    side /= np.linalg.norm(side)
    arc = radius * (np.cos(np.pi * t) * u + np.sin(np.pi * t) * side)
    return np.where(t == 0, a, np.where(t == 1, b, arc))


def _quantiles(count: int, edge: float) -> np.ndarray:
    if count < 1:
        raise UserError(f"count must be 1 or more, not {count}")
    if not 0 < edge <= 0.5:
        raise UserError(f"edge must be above 0 and at most 0.5, not {edge}")
    share = [0.5] if count == 1 else np.linspace(edge, 1 - edge, count)
    return np.array([NormalDist().inv_cdf(float(p)) for p in share])
