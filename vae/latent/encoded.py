"""Encoded images: the values of each, and its neighbours.

Rows are those of an `Atlas`. Everything is NumPy in and float64 out.
"""

from typing import TYPE_CHECKING

import numpy as np

from vae.errors import UserError
from vae.latent.ellipses import factors

if TYPE_CHECKING:
    from torch.distributions import Distribution

    from vae.checkpoint import Atlas
    from vae.models.posteriors.full import FullNormal
    from vae.models.posteriors.posterior import Factorised

LEAST_SCALE = float(np.finfo(np.float16).smallest_subnormal)
"""Stands for a σ that float16, in which a file stores it, rounded to 0."""


def is_point(atlas: "Atlas") -> bool:
    """Whether the images were encoded to points without width, as by an autoencoder."""
    return not bool((atlas.scale > 0).any())


def kl(atlas: "Atlas", prior: "Distribution | None" = None) -> np.ndarray | None:
    """KL(q(z|x) ‖ p(z)) of each image and dimension in nats, (N, z_dim).

    Without a prior it is to the standard normal. None where the KL is undefined, for an
    autoencoder, and where the posteriors or the prior do not factorise.
    """
    import torch

    from vae.models.divergence import kl_per_dim
    from vae.models.posteriors.posterior import Factorised

    if is_point(atlas):
        return None
    width = torch.ones(atlas.loc.shape[1])
    # a prior may hold parameters
    with torch.inference_mode():
        found = kl_per_dim(_posteriors(atlas), prior or Factorised(torch.zeros_like(width), width))
    return None if found is None else found.double().numpy()


def kl_of_images(atlas: "Atlas", prior: "Distribution") -> np.ndarray | None:
    """KL(q(z|x) ‖ p(z)) of each image in nats, (N,); None for an autoencoder.

    Where there is no formula, one draw of z an image tells it, from a generator of seed 0.
    """
    import torch

    from vae.models.divergence import divergence

    if is_point(atlas):
        return None
    qz, z_dim = _posteriors(atlas), atlas.loc.shape[1]
    noise = torch.randn(len(atlas.loc), z_dim, generator=torch.Generator().manual_seed(0)).double()
    if atlas.tril is None:
        z = qz.mean + qz.stddev * noise
    else:
        z = qz.mean + (torch.from_numpy(_factors(atlas)) @ noise[..., None]).squeeze(-1)
    with torch.inference_mode():
        found = divergence(qz, prior, z.to(torch.float32))
    return found.kl.double().numpy()


def _posteriors(atlas: "Atlas") -> "Factorised | FullNormal":
    """The normal distributions of the atlas' means, and of its σ or of its covariances."""
    import torch

    from vae.models.posteriors.full import FullNormal
    from vae.models.posteriors.posterior import Factorised

    loc = torch.from_numpy(atlas.loc.astype(np.float64))
    if atlas.tril is not None:
        return FullNormal(loc, torch.from_numpy(_factors(atlas)))
    scale = np.maximum(atlas.scale.astype(np.float64), LEAST_SCALE)
    return Factorised(loc, torch.from_numpy(scale))


def _factors(atlas: "Atlas") -> np.ndarray:
    """Cholesky factors of the covariances, (N, z_dim, z_dim), none of them without a width."""
    assert atlas.tril is not None, "only of posteriors that do not factorise"
    found, at = factors(atlas.tril, atlas.loc.shape[1]), np.arange(atlas.loc.shape[1])
    found[:, at, at] = np.maximum(found[:, at, at], LEAST_SCALE)
    return found


def mean_scale(atlas: "Atlas") -> np.ndarray:
    """Geometric mean of σ over the dimensions, (N,): the posterior's width; 0 for a point."""
    with np.errstate(divide="ignore"):
        return np.exp(np.log(atlas.scale.astype(np.float64)).mean(axis=1))


def nearest(
    loc: np.ndarray, place: np.ndarray, k: int, exclude: int | np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the k points of ``loc`` (N, z_dim) nearest to ``place`` (z_dim,), and distances.

    Nearest first, Euclidean, by brute force; ties go to the lower row. ``exclude`` names rows to
    leave out, such as the place's own. Fewer than k are returned where there are no more.
    """
    squared = np.square(loc.astype(np.float64) - np.asarray(place, dtype=np.float64)).sum(axis=1)
    if exclude is not None:
        squared[exclude] = np.inf
    k = min(max(k, 0), int(np.isfinite(squared).sum()))
    if not k:
        return np.zeros(0, np.int64), np.zeros(0)
    # every tie of the k-th stays in until the stable sort decides
    among = np.flatnonzero(squared <= np.partition(squared, k - 1)[k - 1])
    rows = among[np.argsort(squared[among], kind="stable")][:k]
    return rows, np.sqrt(squared[rows])


def check_finite(loc: np.ndarray) -> None:
    """Raise `UserError` where posterior means are not finite: no map can be drawn of them."""
    if not np.isfinite(loc).all():
        raise UserError(
            "the map holds posterior means that are not finite numbers; "
            "train the model again with a lower learning rate"
        )
