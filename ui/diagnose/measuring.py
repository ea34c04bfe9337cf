"""What the page measures of a model, in steps that all visitors share."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ui import resources, work
from ui.diagnose import likelihood
from ui.map import data
from ui.resources import datasets

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint
    from vae.latent.aggregate import Holes, Marginal, PlaneDensity
    from vae.measures.image_terms import ImageTerms

CELLS = 90
"""Cells of the plane along each side, on which holes are counted."""
IMAGES, AGGREGATE, PROSPECT = "images", "aggregate", "prospect"


@dataclass(frozen=True)
class Against:
    """The aggregate posterior against the prior."""

    plane: "PlaneDensity | None"
    """None where z has one dimension, or where all codes are nearly equal."""
    holes: "Holes | None"
    """None where there is no prior to hold it against."""
    marginals: "tuple[Marginal, ...]"
    sharing: float | None
    """How many images cover a place; None for points."""
    chain: str | None = None
    """How a prior without a density draws, in words."""


def key(model: str) -> work.Key:
    """Name what is measured of the version of a model's file that is there now."""
    return ("diagnose", resources.version(model))


def measured(model: str) -> work.Work:
    """Return what is measured of a model, begun where nobody had asked for it yet."""
    return work.start(key(model), lambda done: _steps(model, done), 3)


def _steps(model: str, done: int) -> Iterator[Any]:
    for step in (_aggregate, _images, likelihood.prospect)[done:]:
        yield step(model)


def found_of(work: work.Work) -> dict[str, Any]:
    """Return what is known so far, by name."""
    return dict(zip((AGGREGATE, IMAGES, PROSPECT), work.found, strict=False))


def _images(model: str) -> "ImageTerms | None":
    """Measure every image of the split that the map was encoded from; None where it is not here."""
    from vae.measures.image_terms import image_terms

    split = datasets.originals(model)
    if split is None:
        return None
    return image_terms(resources.checkpoint(model).model, split.images, split.labels)


def _aggregate(model: str) -> Against | None:
    checkpoint = resources.checkpoint(model)
    if checkpoint.atlas is None:
        return None
    held: Against = resources.of_model(model, against)
    return held


def against(checkpoint: "Checkpoint") -> Against:
    """Hold the encoded images against the prior, on the two dimensions that tell most."""
    from vae.latent import aggregate, cover
    from vae.latent.encoded import is_point
    from vae.models.usage import is_collapsed, variances

    atlas, config = checkpoint.atlas, checkpoint.model.config
    assert atlas is not None, "only of a model with encoded images"
    has_density = config.posterior.has_density
    prior = data.prior_shown(checkpoint) if has_density else None
    plane = holes = None
    if atlas.loc.shape[1] > 1 and not is_collapsed(atlas.loc):
        kl = data.kl_per_dimension(checkpoint)
        first = np.argsort(-(variances(atlas.loc) if kl is None else kl), kind="stable")[:2]
        dims = (int(first.min()), int(first.max()))
        kernel = aggregate.kernel_width(atlas, dims) if is_point(atlas) else None
        plane = aggregate.plane_density(atlas, dims, cells=CELLS, kernel=kernel, prior=prior)
        holes = aggregate.holes(plane) if has_density else None
    within = bool(checkpoint.model.conditioning.classes)
    sharing = cover.sharing(atlas, within)
    return Against(
        plane, holes, data.marginals(checkpoint), sharing, checkpoint.model.prior.drawn_by
    )
