"""What the map shows of a model: its encoded images, and values of each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ui import resources, words
from vae.errors import UserError

if TYPE_CHECKING:
    from torch.distributions import Distribution

    from vae.checkpoint import Atlas, Checkpoint
    from vae.latent.aggregate import Marginal, PlaneDensity
    from vae.latent.classes import ClassSummary
    from vae.latent.projection import Plane
    from vae.latent.shown_prior import ShownPrior

PRINCIPAL, PAIR, TSNE, UMAP = "PCA", "two dimensions", "t-SNE", "UMAP"
LABEL, CLUSTER, KL, ERROR, SCALE = "class", "cluster", "KL", "reconstruction error", "σ"
CELLS = 140
"""Cells of a density along each side."""


@dataclass(frozen=True)
class Opened:
    """A model whose map is open."""

    name: str
    header: dict[str, Any]
    atlas: "Atlas"
    version: resources.Version

    @property
    def id(self) -> str:
        """Names the model and the version of its file: what was chosen of another is stale."""
        return f"{self.name} {self.version.modified} {self.version.size}"

    @property
    def z_dim(self) -> int:
        """Number of latent dimensions."""
        return self.atlas.loc.shape[1]

    @property
    def classes(self) -> int:
        """How many classes the model is told; 0 where it is told none."""
        found: int = resources.checkpoint(self.name).model.conditioning.classes
        return found

    @property
    def has_density(self) -> bool:
        """Whether posteriors have a width; an autoencoder has neither σ nor a prior."""
        return words.capabilities(self.header)["has_density"]

    @property
    def has_ellipses(self) -> bool:
        """Whether the atlas tells the covariances of posteriors, so that ellipses are theirs."""
        factorises = words.capabilities(self.header)["factorises"]
        return self.has_density and (factorises or self.atlas.tril is not None)

    @property
    def has_kl(self) -> bool:
        """Whether the atlas tells the KL of each image: not where a posterior is not normal."""
        return self.has_ellipses and self.is_normal

    @property
    def is_normal(self) -> bool:
        """Whether posteriors are normal distributions, of which mean and covariance say all."""
        return resources.of_model(self.name, is_normal)

    @property
    def drawn_by(self) -> str | None:
        """How the prior draws, where it is a machine of the model itself; None for a density."""
        found: str | None = resources.checkpoint(self.name).model.prior.drawn_by
        return found

    @property
    def has_prior(self) -> bool:
        """Whether it has a prior to draw: an autoencoder was held to none."""
        return has_prior(resources.checkpoint(self.name))

    @property
    def prior(self) -> "ShownPrior | None":
        """The prior, to be drawn; None where there is none."""
        return resources.of_model(self.name, prior_shown) if self.has_prior else None

    @property
    def prior_by_class(self) -> bool:
        """Whether each class has a prior of its own: the prior drawn is then their mixture."""
        return bool(resources.checkpoint(self.name).model.prior.classes)

    @property
    def has_rings(self) -> bool:
        """Whether circles about the origin are levels of the prior."""
        return self.prior is not None and self.prior.is_standard

    @property
    def has_classes(self) -> bool:
        """Whether any image has a class."""
        return bool((self.atlas.label >= 0).any())

    @property
    def measured_on(self) -> str:
        """Split and number of images, as in "test, 10,000 images"; not escaped."""
        return self.measured(len(self.atlas.label))

    def measured(self, count: int) -> str:
        """The same where only some were looked at, as in "test, 2,000 of 10,000 images"."""
        split = str(self.header["dataset"].get("split") or "held-out")
        total = len(self.atlas.label)
        some = f"{count:,} of " if count < total else ""
        return f"{split}, {some}{total:,} images"

    def class_name(self, label: int) -> str:
        """Name of a class; its number where the file has no name for it."""
        names = self.header["dataset"].get("class_names") or []
        return "no class" if label < 0 else str(names[label] if label < len(names) else label)


def opened(name: str) -> Opened:
    """Open a model's map; `UserError` where it carries no encoded images."""
    # first: a file that is replaced meanwhile then counts as changed at the next draw
    version = resources.version(name)
    checkpoint = resources.checkpoint(name)
    if checkpoint.atlas is None:
        raise UserError(
            f"{name} carries no encoded images to draw as a map; train it again with "
            "`python -m vae train`, which adds them"
        )
    return Opened(name, resources.header(name), checkpoint.atlas, version)


def planes(z_dim: int) -> tuple[str, ...]:
    """Kinds of plane for so many dimensions, the first as the default."""
    return (PRINCIPAL, PAIR, TSNE, UMAP) if z_dim > 2 else (PAIR,)


def dimension_order(model: Opened) -> list[int]:
    """Dimensions from the most to the least informative (KL); in their own order where unknown."""
    kl = resources.of_model(model.name, kl_per_dimension)
    return list(range(model.z_dim)) if kl is None else np.argsort(-kl, kind="stable").tolist()


def kl_per_dimension(checkpoint: "Checkpoint") -> np.ndarray | None:
    """Mean KL of each dimension in nats, (z_dim,); None where there is none of single ones."""
    from vae.latent import encoded

    posterior = checkpoint.model.config.posterior
    if not (posterior.factorises and posterior.has_density):
        return None
    kl = encoded.kl(_atlas(checkpoint), _prior_of_images(checkpoint))
    return None if kl is None else kl.mean(axis=0)


def is_normal(checkpoint: "Checkpoint") -> bool:
    """Whether posteriors are normal distributions."""
    return checkpoint.model.posterior.is_normal


def kl_per_image(checkpoint: "Checkpoint") -> np.ndarray | None:
    """KL of each image in nats, (N,); None where the atlas does not tell it."""
    from vae.latent import encoded

    posterior = checkpoint.model.config.posterior
    known = posterior.factorises or _atlas(checkpoint).tril is not None
    if not (known and posterior.has_density and is_normal(checkpoint)):
        return None
    return encoded.kl_of_images(_atlas(checkpoint), _prior_of_images(checkpoint))


def _prior_of_images(checkpoint: "Checkpoint") -> "Distribution":
    """Return p(z), or p(z|y) of each image where its class has a prior of its own."""
    import torch

    return checkpoint.model.pz(torch.from_numpy(_atlas(checkpoint).label))


def has_prior(checkpoint: "Checkpoint") -> bool:
    """Whether a model was held to its prior, or draws from one of its own."""
    model = checkpoint.model
    return model.config.posterior.has_density or model.prior.drawn_by is not None


def prior_shown(checkpoint: "Checkpoint") -> "ShownPrior":
    """The prior, or what stands for it."""
    from vae.latent.shown_prior import shown_prior

    return shown_prior(checkpoint.model.prior)


def prior_outlines(
    checkpoint: "Checkpoint", axes: tuple[tuple[float, ...], ...], centre: tuple[float, ...]
) -> tuple[np.ndarray, ...]:
    """Levels of the prior on a plane, the innermost first, each as segments (N, 2, 2)."""
    from vae.latent import shown_prior

    shown = prior_shown(checkpoint)
    x, y, p = shown_prior.plane_field(shown, np.array(axes), np.array(centre))
    return tuple(shown_prior.contour(x, y, p, level) for level in shown_prior.levels(p))


def mean_scale(checkpoint: "Checkpoint") -> np.ndarray:
    """Geometric mean of σ of each image, (N,)."""
    from vae.latent import encoded

    return encoded.mean_scale(_atlas(checkpoint))


def principal(checkpoint: "Checkpoint") -> "Plane":
    """Plane of largest variance."""
    from vae.latent import projection

    return projection.principal_plane(_atlas(checkpoint).loc)


def summaries(checkpoint: "Checkpoint") -> "tuple[ClassSummary, ...]":
    """Mean, covariance and width of each class."""
    from vae.latent.classes import class_summaries

    return class_summaries(_atlas(checkpoint))


def density(checkpoint: "Checkpoint", dims: tuple[int, int]) -> "PlaneDensity":
    """Aggregate posterior and prior over two dimensions; points of an autoencoder get a width."""
    from vae.latent import aggregate

    atlas = _atlas(checkpoint)
    point = not (atlas.scale > 0).any()
    kernel = aggregate.kernel_width(atlas, dims) if point else None
    prior = _prior_of(checkpoint)
    return aggregate.plane_density(atlas, dims, cells=CELLS, kernel=kernel, prior=prior)


def marginals(checkpoint: "Checkpoint") -> "tuple[Marginal, ...]":
    """The aggregate posterior of every dimension."""
    from vae.latent import aggregate

    atlas = _atlas(checkpoint)
    point = not (atlas.scale > 0).any()
    prior = _prior_of(checkpoint)
    found = []
    for k in range(atlas.loc.shape[1]):
        kernel = aggregate.kernel_width(atlas, (k,)) if point else None
        found.append(aggregate.marginal(atlas, k, kernel=kernel, prior=prior))
    return tuple(found)


def _prior_of(checkpoint: "Checkpoint") -> "ShownPrior | None":
    # an autoencoder was held to none: the standard normal is drawn for comparison
    found: ShownPrior | None = None
    if has_prior(checkpoint):
        # kept: the draws of a chain take seconds
        found = resources.of_model(checkpoint.name, prior_shown)
    return found


def _atlas(checkpoint: "Checkpoint") -> "Atlas":
    assert checkpoint.atlas is not None, "a model without encoded images has no map to open"
    return checkpoint.atlas
