"""Which members of a sweep are held together, and by what the number of dimensions is chosen.

Members count as soon as their training has finished.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vae.jobs import measures
from vae.measures.registry import Measured
from vae.measures.registry.importance import ImportanceSampling
from vae.measures.retraining.dimensions import Tried
from vae.sweep import Member, Sweep, Value

if TYPE_CHECKING:
    from vae.data import ImageDataset
    from vae.models.vae import VAE

SEED, DIMENSIONS = "seed", "z_dim"
IMAGES, SAMPLES = 500, 500
"""Images and draws of z per image by which the NLL of each member is measured for advice."""
SPLIT = "validation"
"""The number of dimensions is a choice, and the test split is for what was chosen."""


@dataclass(frozen=True)
class Group:
    """Finished members of a sweep that differ in their seed alone."""

    values: Mapping[str, Value]
    """What they have of the other options."""
    members: tuple[Member, ...]
    paths: tuple[Path, ...]
    """Their models' files."""

    @property
    def title(self) -> str:
        """Say what they have in common, such as "z_dim 5"; empty where the seed alone varies."""
        return Member("", dict(self.values)).title


def groups(sweep: Sweep) -> list[Group]:
    """Put the finished members together that differ in their seed alone, in order."""
    found: dict[tuple[Value, ...], list[tuple[Member, Path]]] = {}
    for member, path in sweep.finished().items():
        others = tuple(v for option, v in member.values.items() if option != SEED)
        found.setdefault(others, []).append((member, path))
    names = [option for option in sweep.varied if option != SEED]
    return [
        Group(dict(zip(names, others, strict=True)), *map(tuple, zip(*pairs, strict=True)))
        for others, pairs in found.items()
    ]


def varies_seed(sweep: Sweep) -> bool:
    """Tell whether a sweep has members that differ in their seed alone."""
    return SEED in sweep.varied


def varies_dimensions(sweep: Sweep) -> bool:
    """Tell whether nothing but the number of dimensions, and perhaps the seed, is varied."""
    return DIMENSIONS in sweep.varied and set(sweep.varied) <= {DIMENSIONS, SEED}


def nll_order(file: Path, model: "VAE", dataset: "ImageDataset") -> measures.Order:
    """Describe the job that measures a member's NLL for advice: on validation images."""
    return measures.order(
        ImportanceSampling(SAMPLES),
        file,
        dataset,
        SPLIT,
        images=IMAGES,
        # grey pixels have no probability under such a likelihood
        binarize="stochastic" if model.likelihood.is_binary else "none",
        dequantize=model.likelihood.is_density,
    )


def tried(
    sweep: Sweep,
    metrics: Mapping[Member, Mapping[str, Any]],
    nll: Mapping[Member, Measured],
) -> list[Tried]:
    """Collect what each number of dimensions reaches, for those members that were measured.

    Parameters
    ----------
    metrics
        What the finished members' files say.
    nll
        What `nll_order` found, of as many members as there are.
    """
    found = []
    for group in groups(sweep):
        columns = [nll[one].per_image.get("nll") for one in group.members if one in nll]
        known = [column for column in columns if column is not None]
        active = [metrics[one].get("active_units") for one in group.members]
        counted = [float(units) for units in active if units is not None]
        found.append(
            Tried(
                int(group.values[DIMENSIONS]),
                np.stack(known) if known else np.zeros((0, 0)),
                float(np.mean(counted)) if counted else None,
            )
        )
    return found
