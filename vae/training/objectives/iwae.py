"""The importance-weighted bound: several draws of z per image, weighted by how well they do."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import torch
from torch import Tensor
from torch.distributions import Distribution

from vae.data.batch import Batch
from vae.models.divergence import divergence
from vae.models.posteriors.posterior import Factorised
from vae.models.vae import noise_like
from vae.options import option
from vae.training.objectives.bound import Bound
from vae.training.objectives.objective import ObjectiveOptions, Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE


class Weighted(NamedTuple):
    """Several draws of z per image and their importance weights."""

    z: Tensor
    """Draws from the posteriors, (k, batch, z_dim)."""
    log_px: Tensor
    """log p(x|z) of each draw, (k, batch)."""
    log_qz: Tensor
    """log q(z|x) of each draw, (k, batch)."""
    log_w: Tensor
    """log p(x|z) + log p(z) − log q(z|x), (k, batch)."""


class ImportanceWeightedBound(Bound):
    """Scores log mean w over k draws per image, w = p(x|z) p(z) / q(z|x)."""

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        qz, pz = model.encode(batch.x, batch.y), model.pz(batch.y)
        found = self.weighted(model, batch, qz, pz, generator)
        if self.options.doubly_reparameterized:
            weigh_path(found)
        bound = torch.logsumexp(found.log_w, 0) - math.log(self.options.k)
        kl, per_dim = divergence(qz, pz, found.z[0], lambda: found.log_qz[0])
        told = bound if self.options.bound_draws else None
        return Terms(-bound.mean(), found.log_px[0], kl, per_dim, bound=told)

    def bound(self, model: "VAE", batch: Batch, generator: torch.Generator) -> Tensor:
        qz, pz = model.encode(batch.x, batch.y), model.pz(batch.y)
        log_w = self.weighted(model, batch, qz, pz, generator).log_w
        return torch.logsumexp(log_w, 0) - math.log(self.options.k)

    def weighted(
        self,
        model: "VAE",
        batch: Batch,
        qz: Distribution,
        pz: Distribution,
        generator: torch.Generator,
    ) -> Weighted:
        """Draw k times from each posterior and weight the draws; all are decoded at once."""
        k = self.options.k
        noise = noise_like(qz, generator, (k,))
        z = model.posterior.draw(qz, noise)
        if self.options.doubly_reparameterized:
            held: Distribution = Factorised(qz.mean.detach(), qz.stddev.detach())
            log_qz = held.log_prob(z)
        else:
            log_qz = model.posterior.log_prob(qz, noise)
        x = batch.x.expand(k, *batch.x.shape).flatten(0, 1)
        y = None if batch.y is None else batch.y.repeat(k)
        log_px = model.log_px(x, z.flatten(0, 1), y).view(k, -1)
        return Weighted(z, log_px, log_qz, log_px + pz.log_prob(z) - log_qz)


def weigh_path(found: Weighted) -> None:
    """Multiply the gradient that reaches each draw by its normalised weight w̃.

    The gradient of the log-mean weights each draw's log w by w̃ already. Decoder and prior keep
    that; what flows on through z to the encoder is then weighted by w̃². It is unbiased where
    log q(z|x) holds the posterior's own parameters fixed (Tucker et al. 2019, "Doubly
    reparameterized gradient estimators for Monte Carlo objectives").
    """
    if found.z.requires_grad:
        share = torch.softmax(found.log_w.detach(), 0)[..., None]
        found.z.register_hook(lambda gradient: gradient * share)


@dataclass(frozen=True)
class Iwae(ObjectiveOptions):
    """The importance-weighted bound of k draws per image, tighter than the ELBO.

    Burda et al. 2016, "Importance weighted autoencoders", eq. 8; k = 1 is the ELBO. Reports of a
    training tell the ELBO, whose KL it does not minimise by itself.
    """

    name: ClassVar[str] = "iwae"
    title: ClassVar[str] = "IWAE"
    main: ClassVar[str | None] = "k"
    is_reported: ClassVar[bool] = False
    k: int = option(
        5,
        "draws of z per image; the bound tightens with them, and each is decoded",
        minimum=1,
        maximum=1000,
        unit="draws",
        title="k",
    )
    doubly_reparameterized: bool = option(
        False,
        "whether the encoder learns from the doubly reparameterized gradient (Tucker et al. "
        "2019), which has less noise where there are many draws",
        title="Doubly reparameterized gradient",
    )

    @property
    def decodes(self) -> int:
        """How many times a step decodes each image."""
        return self.k

    @property
    def bound_draws(self) -> int:
        """How many draws its own bound takes; one draw gives the ELBO."""
        return self.k if self.k > 1 else 0

    @property
    def by_image(self) -> bool:
        """Tell whether each image is scored by itself."""
        return True

    @property
    def compiles(self) -> bool:
        """Tell whether `torch.compile` takes its step: it knows no gradient weighted on its way."""
        return not self.doubly_reparameterized

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return f"IWAE (k = {self.k})"

    def refusal(self, model: "VAEConfig") -> str | None:
        """Refuse the second gradient where log q(z|x) is no formula of z alone."""
        if self.doubly_reparameterized and not model.posterior.factorises:
            return (
                "the doubly reparameterized gradient needs log q(z|x) with the posterior's own "
                "parameters held fixed, which is at hand only where it factorises; set "
                "doubly_reparameterized to false"
            )
        return None

    def module(self, model: "VAEConfig") -> ImportanceWeightedBound:
        """Build what scores a batch."""
        return ImportanceWeightedBound(self)
