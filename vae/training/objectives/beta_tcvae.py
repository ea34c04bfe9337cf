"""The bound whose KL is taken apart, with the total correlation of the codes weighted by β."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import torch
from torch import Tensor

from vae.data.batch import Batch
from vae.models.cost import Cost
from vae.models.divergence import factors
from vae.models.posteriors import PosteriorOptions
from vae.models.priors import is_by_class
from vae.options import option
from vae.training.objectives.bound import Bound, Draw, draw
from vae.training.objectives.objective import ObjectiveOptions, Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE

PAIR_NUMBERS, PAIR_OPERATIONS = 5, 10
"""What a pair of images costs: for each dimension, and for all pairs together."""


class Parts(NamedTuple):
    """One draw's share of the three parts of the KL, in nats per image, each (batch,).

    They add up to log q(z|x) − log p(z), whose mean is the KL (Chen et al. 2018, eq. 2).
    """

    mutual_information: Tensor
    """log q(z|x) − log q(z): between the code and which image it is of."""
    total_correlation: Tensor
    """log q(z) − Σ log q(z_j): how much the dimensions depend on one another."""
    dimension_wise: Tensor
    """Σ log q(z_j) − log p(z): how far each dimension is from the prior."""


def parts(found: Draw, dataset_size: int, sampling: str) -> Parts:
    """Take the KL of a batch apart; posterior and prior must factorise.

    Parameters
    ----------
    dataset_size
        Number of images from which the batch was drawn without putting any back.
    sampling
        How q(z) is estimated from the batch: a name of `SAMPLINGS`.
    """
    qz = factors(found.qz)
    assert qz is not None  # what does not factorise was refused
    # log q of draw i under the posterior of image j, per dimension: (batch, batch, z_dim)
    log_q = qz.log_prob(found.z[:, None])
    log_share = SAMPLINGS[sampling](len(found.z), dataset_size).to(log_q)
    log_joint = torch.logsumexp(log_q.sum(-1) + log_share, 1)
    log_marginals = torch.logsumexp(log_q + log_share[..., None], 1).sum(-1)
    log_own = log_q.sum(-1).diagonal()
    return Parts(
        log_own - log_joint,
        log_joint - log_marginals,
        log_marginals - found.pz.log_prob(found.z),
    )


def weighted(count: int, dataset_size: int) -> Tensor:
    """log of the weight 1 / (N M) of each image of a batch of M (Chen et al. 2018, appendix C)."""
    return torch.full((count, count), -math.log(dataset_size * count))


def stratified(count: int, dataset_size: int) -> Tensor:
    """log of the weights that make the estimate of q(z) unbiased, (batch, batch).

    A draw's own image has its true weight of 1 / N. The M − 1 others stand for the N − 1 that
    remain, equally; Chen et al. 2018 (appendix C) give one of them another share, which is the
    same in the mean. Where the batch is the whole data set, the estimate is exact.
    """
    others = (dataset_size - 1) / (dataset_size * (count - 1)) if count > 1 else 1.0
    weight = torch.full((count, count), others).fill_diagonal_(1 / dataset_size)
    return weight.log()


SAMPLINGS = {"stratified": stratified, "weighted": weighted}


class TotalCorrelationBound(Bound):
    """Scores the bound, with more or less weight on some parts of its KL."""

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        found, options = draw(model, batch, generator), self.options
        apart = parts(found, dataset_size, options.sampling)
        # α, β and γ for the three parts; the whole KL in place of its estimate has less noise
        cost = options.alpha * found.kl
        cost = cost + (options.beta - options.alpha) * apart.total_correlation
        cost = cost + (options.gamma - options.alpha) * apart.dimension_wise
        loss = (cost - found.log_px).mean()
        return Terms(loss, found.log_px, found.kl, found.kl_per_dim)


@dataclass(frozen=True)
class BetaTcvae(ObjectiveOptions):
    """The ELBO with the total correlation of the codes weighted by β, which disentangles them.

    Chen et al. 2018, "Isolating sources of disentanglement in variational autoencoders", eq. 4.
    With all three weights at 1 it is the ELBO.
    """

    name: ClassVar[str] = "beta-tcvae"
    title: ClassVar[str] = "β-TCVAE"
    main: ClassVar[str | None] = "beta"
    smallest_batch: ClassVar[int] = 2
    is_reported: ClassVar[bool] = False
    beta: float = option(
        6.0,
        "weight of the total correlation; above 1 dimensions become independent of one another",
        minimum=0.0,
        maximum=1e4,
        title="β",
        steer="β",
    )
    alpha: float = option(
        1.0,
        "weight of the mutual information between code and image",
        minimum=0.0,
        maximum=1e4,
        title="α",
    )
    gamma: float = option(
        1.0,
        "weight of the KL of each dimension's aggregate to the prior",
        minimum=0.0,
        maximum=1e4,
        title="γ",
    )
    sampling: str = option(
        "stratified",
        "how the density of all codes is estimated from a batch: without bias, or as in the "
        "paper's experiments",
        choices=tuple(SAMPLINGS),
        title="Minibatch sampling",
    )

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return f"β-TCVAE (β = {self.beta:g})"

    def beta_at(self, share: float) -> float:
        """Return the weight of the whole KL, to which the other weights add."""
        return self.alpha

    @classmethod
    def refusal_of(cls, posterior: PosteriorOptions | type[PosteriorOptions]) -> str | None:
        """Refuse a posterior whose marginals have no density."""
        if posterior.has_density and not posterior.factorises:
            return "it does not factorise, and the density of each dimension is needed"
        return super().refusal_of(posterior)

    def refusal(self, model: "VAEConfig") -> str | None:
        """Refuse a prior that does not come apart into dimensions, or differs between classes."""
        if is_by_class(model.prior):
            return (
                "the codes of all classes together are held against one prior, and this prior "
                "has another one for each class; choose one that is the same for all"
            )
        if not model.prior.factorises:
            return (
                "the KL is taken apart into one of each dimension to the prior, and this prior "
                "does not factorise; choose one that does"
            )
        return None

    def cost(self, model: "VAEConfig", batch: int) -> Cost:
        """Count the density of each code under the posterior of each image, per dimension."""
        return Cost(numbers=PAIR_NUMBERS * batch * model.z_dim, operations=PAIR_OPERATIONS)

    def module(self, model: "VAEConfig") -> TotalCorrelationBound:
        """Build what scores a batch."""
        return TotalCorrelationBound(self)
