"""Reconstruction from the first numbers of a code, however many they are."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from vae.data.batch import Batch
from vae.models.noise import uniform
from vae.options import option
from vae.training.objectives.autoencoder import Autoencoder, Reconstruction
from vae.training.objectives.objective import Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE


def log_uniform(chance: Tensor, z_dim: int, keep: float) -> Tensor:
    """Give width k with probability log((k + 1) / k) / log(z_dim + 1): as many of 1 as of 2 and 3.

    ``chance`` is even in [0, 1), as for all of `WIDTHS`: the place at which their distribution
    function is inverted.
    """
    return (chance * math.log(z_dim + 1)).exp()


def even(chance: Tensor, z_dim: int, keep: float) -> Tensor:
    """Give each width equally often."""
    return 1 + chance * z_dim


def geometric(chance: Tensor, z_dim: int, keep: float) -> Tensor:
    """Give width k in proportion to keepᵏ, as Rippel et al. do."""
    left = 1 - chance * (1 - keep**z_dim)
    return 1 + left.log() / math.log(keep)


WIDTHS: dict[str, Callable[[Tensor, int, float], Tensor]] = {
    "log-uniform": log_uniform,
    "uniform": even,
    "geometric": geometric,
}


class NestedReconstruction(Reconstruction):
    """Sets the codes after a width, drawn for each image, to zero and scores what comes out."""

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        code = model.encode(batch.x, batch.y).mean
        widths = self.widths(len(code), code.shape[1], generator)
        log_px = model.log_px(batch.x, first_of_code(code, widths), batch.y)
        return Terms(-log_px.mean(), log_px)

    def widths(self, count: int, z_dim: int, generator: torch.Generator) -> Tensor:
        """Draw how many numbers each image keeps, int64 (count,), from 1 to ``z_dim``."""
        chance = uniform(torch.empty(count, device=generator.device), generator)
        drawn = WIDTHS[self.options.widths](chance, z_dim, self.options.keep)
        # rounding may reach the number above
        return drawn.long().clamp(1, z_dim)


@dataclass(frozen=True)
class NestedDropout(Autoencoder):
    """An autoencoder of every width at once: the first k numbers of its code are a code of width k.

    For each image the numbers after a random width are set to zero (Rippel, Gelbart and Adams
    2014, "Learning ordered representations with nested dropout"). A linear one finds the principal
    components, in their order. Reports of a training tell of drawn widths, on both splits.
    """

    name: ClassVar[str] = "nested-dropout"
    title: ClassVar[str] = "autoencoder with nested dropout"
    is_ordered: ClassVar[bool] = True
    widths: str = option(
        "log-uniform",
        "how often each width is drawn: the narrow ones most often, all equally often, or each "
        "a fixed share less often than the one before",
        choices=tuple(WIDTHS),
        title="How often each width is drawn",
    )
    keep: float = option(
        0.9,
        "how often a width is drawn relative to the one before; where the widths are geometric",
        above=0.0,
        maximum=0.999,
        title="Share of the next width",
    )

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "nested autoencoder"

    def module(self, model: "VAEConfig") -> NestedReconstruction:
        """Build what scores reconstructions."""
        return NestedReconstruction(self)


def first_of_code(code: Tensor, widths: Tensor | int) -> Tensor:
    """Set the numbers of codes (batch, z_dim) after a width, or each after its own, to zero."""
    places = torch.arange(code.shape[1], device=code.device)
    kept = places < (widths if isinstance(widths, int) else widths[:, None])
    return code * kept
