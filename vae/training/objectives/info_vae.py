"""The bound whose KL gives way to a distance between all codes and the prior."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor

from vae.data.batch import Batch
from vae.models.cost import Cost
from vae.options import option
from vae.training.objectives.bound import Bound, draw
from vae.training.objectives.objective import ObjectiveOptions, Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE


def gaussian(squares: Tensor, bandwidth: float) -> Tensor:
    """exp(−d² / 2ℓ²) of squared distances d², for a bandwidth ℓ."""
    return (squares / (-2 * bandwidth**2)).exp()


def inverse_multiquadratic(squares: Tensor, bandwidth: float) -> Tensor:
    """C / (C + d²) of squared distances d², with C = 2ℓ² (Tolstikhin et al. 2018, section 4)."""
    spread = 2 * bandwidth**2
    return spread / (spread + squares)


PAIR_NUMBERS, PAIR_OPERATIONS = 1.5, 15
"""What a pair of codes costs: for each dimension, and for all pairs together."""
KERNELS = {"gaussian": gaussian, "inverse-multiquadratic": inverse_multiquadratic}


def squared_mmd(a: Tensor, b: Tensor, kernel: str, bandwidth: float) -> Tensor:
    """Estimate the squared maximum mean discrepancy between two samples, without bias.

    Parameters
    ----------
    a, b
        Samples, (n, z_dim) and (m, z_dim), of at least two each.

    Returns
    -------
    Tensor
        A scalar, 0 in the mean where both have one distribution, so it may lie below 0
        (Gretton et al. 2012, eq. 3).
    """
    within = _mean_of_pairs(a, kernel, bandwidth) + _mean_of_pairs(b, kernel, bandwidth)
    return within - 2 * KERNELS[kernel](_squares(a, b), bandwidth).mean()


def _mean_of_pairs(a: Tensor, kernel: str, bandwidth: float) -> Tensor:
    """Mean kernel of two different members of a sample."""
    values = KERNELS[kernel](_squares(a, a), bandwidth)
    pairs = values.new_tensor(len(a) * (len(a) - 1))
    # a member's kernel with itself is 1
    return (values.sum() - len(a)) / pairs


def _squares(a: Tensor, b: Tensor) -> Tensor:
    # from differences: a product of matrices would be rounded to bfloat16 where training is
    return (a[:, None] - b[None]).square().sum(-1)


class MmdBound(Bound):
    """Scores the bound with less KL, and with the distance of all codes from the prior."""

    def __init__(self, options: Any, z_dim: int):
        super().__init__(options)
        # the mean squared distance of two draws of a standard normal is 2 z_dim
        self.bandwidth: float = options.bandwidth or z_dim**0.5

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        found, options = draw(model, batch, generator), self.options
        # a copy, since draws are made for looking at, outside of what is differentiated
        prior = model.prior.sample(len(found.z), generator, batch.y).clone()
        apart = squared_mmd(found.z, prior, options.kernel, self.bandwidth)
        cost = (1 - options.alpha) * found.kl - found.log_px
        loss = cost.mean() + (options.alpha + options.scale - 1) * apart
        return Terms(loss, found.log_px, found.kl, found.kl_per_dim)


@dataclass(frozen=True)
class InfoVae(ObjectiveOptions):
    """The ELBO with less KL per image, and a distance of all codes from the prior in its place.

    Zhao et al. 2019, "InfoVAE: balancing learning and inference in variational autoencoders";
    the distance is the squared maximum mean discrepancy. With α = 0 and λ = 1 it is the
    ELBO, with α = 1 the MMD-VAE, which has no KL. The prior itself learns from the KL alone.
    """

    name: ClassVar[str] = "info-vae"
    title: ClassVar[str] = "InfoVAE (MMD)"
    main: ClassVar[str | None] = "scale"
    smallest_batch: ClassVar[int] = 2
    is_reported: ClassVar[bool] = False
    alpha: float = option(
        0.0,
        "how much of each image's KL is left out; at 1 there is none",
        minimum=-100.0,
        maximum=1.0,
        title="α",
    )
    scale: float = option(
        10.0,
        "weight of the distance between the codes of a batch and draws of the prior, to which "
        "α - 1 is added; too much of it makes all codes alike",
        minimum=0.0,
        maximum=1e6,
        title="λ",
        steer="λ",
    )
    kernel: str = option(
        "gaussian",
        "how like two places are, by their distance; the second one falls more slowly",
        choices=tuple(KERNELS),
    )
    bandwidth: float | None = option(
        None,
        "distance at which the kernel has fallen; without one the root of the number of dimensions",
        above=0.0,
        maximum=1e3,
        title="Bandwidth of the kernel",
    )

    @property
    def compiles(self) -> bool:
        """Tell whether `torch.compile` takes its step: it does not take draws of the prior."""
        return False

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "MMD-VAE" if self.alpha == 1 else "InfoVAE"

    def beta_at(self, share: float) -> float:
        """Return the weight of each image's KL."""
        return 1 - self.alpha

    def contradiction(self) -> str | None:
        """Refuse a distance that would be sought, not avoided."""
        if self.alpha + self.scale < 1:
            return f"α + λ must be at least 1, not {self.alpha:g} + {self.scale:g}; raise scale"
        return None

    def refusal(self, model: "VAEConfig") -> str | None:
        """Refuse to leave a prior with parameters untrained."""
        if self.alpha == 1 and not model.prior.rings:
            return (
                "without a KL nothing would train the prior, since the distance is to draws of it; "
                "choose the standard normal or an alpha below 1"
            )
        return None

    def cost(self, model: "VAEConfig", batch: int) -> Cost:
        """Count the distances of all codes and as many draws of the prior from one another."""
        return Cost(numbers=PAIR_NUMBERS * batch * model.z_dim, operations=PAIR_OPERATIONS)

    def module(self, model: "VAEConfig") -> MmdBound:
        """Build what scores a batch."""
        return MmdBound(self, model.z_dim)
