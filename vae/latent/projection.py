"""Planes through a latent space: principal ones, t-SNE, UMAP.

The plane part needs NumPy alone, so that a trainer can call it at every report.
"""

import re
import sys
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.errors import UserError
from vae.latent.encoded import check_finite
from vae.models.usage import COLLAPSED, is_collapsed
from vae.options import option

Progress = Callable[[int, int], None]
"""Hears (done, total) steps of arranging; first (0, total), once the neighbours are found."""

LARGEST_COUNT = 20_000


@dataclass(frozen=True)
class Plane:
    """A plane through a latent space."""

    centre: np.ndarray
    """Its origin, (z_dim,)."""
    axes: np.ndarray
    """Two orthonormal directions, (2, z_dim); the second is zero where z_dim is 1."""
    explained: np.ndarray
    """Share of the points' variance along each axis, (2,)."""

    def project(self, loc: np.ndarray) -> np.ndarray:
        """Coordinates in the plane of latents (N, z_dim); (N, 2)."""
        return (np.asarray(loc, dtype=np.float64) - self.centre) @ self.axes.T


def principal_plane(loc: np.ndarray) -> Plane:
    """Plane of largest variance of latents (N, z_dim).

    The largest entry of each axis is positive.
    """
    loc = np.asarray(loc, dtype=np.float64)
    centre, z_dim = loc.mean(axis=0), loc.shape[1]
    centred = loc - centre
    values, vectors = np.linalg.eigh(centred.T @ centred / len(loc))
    axes, explained = np.zeros((2, z_dim)), np.zeros(2)
    total = max(float(values.sum()), np.finfo(np.float64).tiny)
    for row in range(min(2, z_dim)):
        vector = vectors[:, -1 - row]
        axes[row] = vector * np.sign(vector[np.abs(vector).argmax()])
        explained[row] = max(float(values[-1 - row]), 0.0) / total
    return Plane(centre, axes, explained)


def aligned(axes: np.ndarray, loc: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Turn or flip axes (2, z_dim) within their plane so that ``loc`` comes to lie as ``before``.

    ``before`` (N, 2) are the previous places of the points ``loc`` (N, z_dim); only their shape
    about their own centre counts. Orthogonal Procrustes problem (Schönemann 1966).
    """
    xy = np.asarray(loc, dtype=np.float64) @ axes.T
    before = np.asarray(before, dtype=np.float64)
    if before.shape != xy.shape:
        raise ValueError(f"previous places must have shape {xy.shape}, not {before.shape}")
    u, _, v = np.linalg.svd((before - before.mean(axis=0)).T @ (xy - xy.mean(axis=0)))
    return u @ v @ axes


def aligned_plane(loc: np.ndarray, before: np.ndarray | None = None) -> np.ndarray:
    """Axes (2, z_dim) in which to draw one frame of a training run; its places are loc @ axes.T.

    Up to two dimensions are drawn as they are. More are drawn in their principal plane, turned so
    that the points ``loc`` (N, z_dim) lie as near as may be to the previous frame's places
    ``before`` (N, 2), since principal axes alone flip and swap from frame to frame.
    """
    z_dim = loc.shape[1]
    if z_dim <= 2:
        return np.eye(2, z_dim)
    axes = principal_plane(loc).axes
    return axes if before is None else aligned(axes, loc, before)


def sample_rows(total: int, count: int, seed: int) -> np.ndarray:
    """At most ``count`` of ``total`` rows, drawn without replacement, ascending."""
    if total <= count:
        return np.arange(total)
    return np.sort(np.random.default_rng(seed).choice(total, count, replace=False))


@dataclass(frozen=True)
class PCA:
    """The two directions of largest variance: linear, with an exact way back."""

    name: ClassVar[str] = "pca"
    library: ClassVar[str] = "numpy"

    def rows(self, total: int) -> np.ndarray:
        """Rows to project: all."""
        return np.arange(total)

    def fit(self, loc: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """Places (N, 2) float32 of latents (N, z_dim)."""
        return principal_plane(_checked(loc, 2)).project(loc).astype(np.float32)


class Drawn:
    """Projects a draw of the images, since its work grows faster than their number."""

    count: int
    seed: int

    def rows(self, total: int) -> np.ndarray:
        """Rows to project: ``count`` of them, drawn by ``seed``."""
        return sample_rows(total, self.count, self.seed)


def _count(usual: int) -> int:
    """Return the option of how many images are drawn."""
    return option(usual, "images to project", minimum=10, maximum=LARGEST_COUNT)


def _seed(what: str) -> int:
    """Return the option of what a seed is of."""
    return option(0, what, minimum=0, maximum=2**31 - 1)


@dataclass(frozen=True)
class TSNE(Drawn):
    """Keeps neighbours together; distances between groups mean nothing (van der Maaten 2008)."""

    name: ClassVar[str] = "tsne"
    library: ClassVar[str] = "scikit-learn"
    perplexity: float = option(30.0, "neighbours that count for a point", minimum=2, maximum=200)
    iterations: int = option(1000, "steps of gradient descent", minimum=300, maximum=5000)
    count: int = _count(2000)
    seed: int = _seed("of the choice of images")

    def fit(self, loc: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """Places (N, 2) float32 of latents (N, z_dim), starting from their principal plane.

        With ``progress`` it reads what the process prints: for a process that does nothing else.
        """
        loc = _neighbourly(loc)
        from sklearn.manifold import TSNE as Fit

        fit = Fit(
            # scikit-learn needs fewer neighbours than points; a third of them is the usual most
            perplexity=min(self.perplexity, (len(loc) - 1) / 3),
            max_iter=self.iterations,
            init=_spread(loc),
            random_state=self.seed,
            verbose=2 if progress else 0,
        )
        if progress is None:
            return fit.fit_transform(loc).astype(np.float32)
        # it has no callback: the lines it prints, one every 50 steps, are its one sign of progress
        lines = _Counted(r"Mean sigma()|Iteration (\d+):", progress, self.iterations)
        with redirect_stdout(lines):
            return fit.fit_transform(loc).astype(np.float32)


@dataclass(frozen=True)
class UMAP(Drawn):
    """Keeps neighbours and more of the coarse shape (McInnes, Healy and Melville 2018)."""

    name: ClassVar[str] = "umap"
    library: ClassVar[str] = "umap-learn"
    neighbours: int = option(15, "neighbours of a point", minimum=2, maximum=200)
    min_dist: float = option(0.1, "least distance on the map", minimum=0, maximum=0.99)
    count: int = _count(5000)
    seed: int = _seed("of the map and the choice of images")

    def fit(self, loc: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """Places (N, 2) float32 of latents (N, z_dim); the same for the same seed."""
        loc = _neighbourly(loc)
        neighbours, options = min(self.neighbours, len(loc) - 1), {}
        if progress:
            lines = _Counted(r"(\d+)/(\d+)", progress)
            form = {"file": lines, "bar_format": "{n_fmt}/{total_fmt}\n", "disable": False}
            options["tqdm_kwds"] = form | {"mininterval": 0.2}
        with warnings.catch_warnings():
            # at import it misses TensorFlow, with a seed it says that it uses one thread, and with
            # neighbours given that it cannot place further points
            warnings.filterwarnings("ignore", "Tensorflow not installed", ImportWarning)
            warnings.filterwarnings("ignore", "n_jobs value 1 overridden to 1 by setting random")
            warnings.filterwarnings("ignore", r"precomputed_knn\[2\] .* is not an NNDescent object")
            from umap import UMAP as Fit

            fit = Fit(
                n_neighbors=neighbours,
                precomputed_knn=_neighbours(loc, neighbours),
                min_dist=self.min_dist,
                init=_spread(loc),
                random_state=self.seed,
                **options,
            )
            return fit.fit_transform(loc).astype(np.float32)


PROJECTIONS = {cls.name: cls for cls in (PCA, TSNE, UMAP)}


class _Counted:
    """A stream that turns what is printed into progress and drops the text."""

    def __init__(self, pattern: str, progress: Progress, total: int | None = None):
        self.pattern, self.progress, self.total = re.compile(pattern), progress, total
        self.stdout = sys.stdout

    def write(self, text: str) -> int:
        for groups in self.pattern.findall(text):
            done, total = groups if self.total is None else (max(groups) or 0, self.total)
            # the listener may print, and not into this stream
            with redirect_stdout(self.stdout):
                self.progress(int(done), int(total))
        return len(text)

    def flush(self) -> None:
        pass


def _neighbours(loc: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray, None]:
    """Rows and distances of each point's k nearest, itself first, as UMAP takes them.

    Exact, and half a minute sooner than UMAP's own search, which is compiled when first used.
    """
    from sklearn.neighbors import NearestNeighbors

    distances, rows = NearestNeighbors(n_neighbors=k).fit(loc).kneighbors(loc)
    return rows, distances, None


def _spread(loc: np.ndarray) -> np.ndarray:
    """Start for a layout: the principal plane, 1e-4 wide along its first axis; (N, 2).

    An axis along which the points do not differ starts at random, or it would stay flat.
    """
    xy = principal_plane(loc).project(loc)
    flat = xy.std(axis=0) <= 1e-9 * max(1.0, float(np.abs(loc).max()))
    xy[:, flat] = np.random.default_rng(0).normal(size=(len(loc), int(flat.sum())))
    return (xy / xy[:, 0].std() * 1e-4).astype(np.float32)


def _checked(loc: np.ndarray, least: int) -> np.ndarray:
    loc = np.asarray(loc)
    if loc.ndim != 2 or len(loc) < least:
        raise UserError(
            f"a projection needs {least} or more encoded images, not {len(loc)}; choose more"
        )
    check_finite(loc)
    return loc


def _neighbourly(loc: np.ndarray) -> np.ndarray:
    """Check latents whose neighbours are to be kept together: some must be farther than others."""
    loc = _checked(loc, 10)
    if is_collapsed(loc):
        raise UserError(
            f"{COLLAPSED}, and a map of neighbours would show structure that is not there; "
            "look at it with pca, or train again with a smaller β, a smaller step size or a "
            "KL warm-up"
        )
    return loc
