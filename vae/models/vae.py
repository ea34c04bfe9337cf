"""The model: an encoder, a decoder, a prior and a likelihood, put together by a config."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.distributions import Distribution, Independent

from vae.errors import UserError
from vae.models.conditioning import Unconditional
from vae.models.config import VAEConfig
from vae.models.gates import folded
from vae.models.noise import normal
from vae.models.posteriors import capabilities
from vae.models.priors import Encoding


class VAE(nn.Module):
    """A variational autoencoder, or a plain one where the posterior has no density.

    Images ``x`` are float in [0, 1] of shape (batch, C, H, W); latents ``z`` are (batch, z_dim);
    labels ``y``, which a model without conditioning does not look at, are int64 of shape (batch,).
    Source: Kingma and Welling 2014, "Auto-encoding variational Bayes".
    """

    def __init__(self, config: VAEConfig):
        super().__init__()
        self.config = config
        channels, height, width = config.image_shape
        self.conditioning = config.conditioning.module(config.z_dim, config.image_shape)
        self.posterior = config.posterior.module(config.z_dim)
        encoder = config.architecture.encoder(
            (channels + self.conditioning.channels, height, width), self.posterior.outputs
        )
        self.encoder = self.conditioning.network(encoder)
        likelihood = config.likelihood.module(config.image_shape)
        wide = (likelihood.raw_channels(channels), height, width)
        # an architecture that is told no labels need not know how to take them
        beside = (self.conditioning.width,) if self.conditioning.width else ()
        decoder = config.architecture.decoder(config.z_dim, wide, *beside)
        self.decoder = self.conditioning.network(decoder)
        # after the decoder, since files of optimizers keep the parameters' order
        self.likelihood = likelihood
        # it may ask the encoder, so it comes last
        encoding = Encoding(
            self.encode,
            self.posterior.draw,
            config.image_shape,
            self.conditioning.classes if self.conditioning.needs_labels else 0,
        )
        self.prior = config.prior.module(config.z_dim, encoding)
        self.prior.bind(self.encoder, self.decoder)
        if self.prior.encodes and self.conditioning.betas:
            raise UserError(
                f"the prior {config.prior.name} is made of encoded images, and this model encodes "
                f"them anew for each β ({config.conditioning.name}); choose another prior"
            )
        if self.prior.encodes and self.conditioning.classes:
            raise UserError(
                f"the prior {config.prior.name} is made of encoded images without a class, and "
                f"the conditioning {config.conditioning.name} tells the encoder one; choose "
                "another prior, or the conditioning none"
            )

    @property
    def capabilities(self) -> dict[str, bool]:
        """What others may ask of the model, as it stands in the header of its file."""
        return capabilities(self.config.posterior)

    @property
    def betas(self) -> tuple[float, float] | None:
        """Least and largest β that `at` takes; None where the model knows but one."""
        return self.conditioning.betas

    def at(self, beta: float) -> "VAE":
        """Return the ordinary model that this one is at one β, its gates folded into the weights.

        Raises
        ------
        UserError
            Where the model was not trained for that β, or is told none.
        """
        low, high = self.range_of_beta()
        if not low <= beta <= high:
            raise UserError(
                f"this model was trained for β from {low:g} to {high:g}, not {beta:g}; "
                "choose one within, or train again with another range"
            )
        own = {
            name: value
            for name, value in self.state_dict().items()
            if not name.startswith(("encoder.", "decoder."))
        }
        model = build(replace(self.config, conditioning=Unconditional()))
        model.encoder, model.decoder = (folded(n, beta) for n in (self.encoder, self.decoder))
        model.load_state_dict(own, strict=False)
        return model.to(next(self.parameters())).train(self.training).requires_grad_(False)

    def range_of_beta(self) -> tuple[float, float]:
        """Return least and largest β of a model that is told β; `UserError` for any other."""
        if self.betas is None:
            raise UserError(
                "this model is told no β; leave β out, or train one for a range of β by "
                "--objective multi-rate"
            )
        return self.betas

    def encode(self, x: Tensor, y: Tensor | None = None) -> Distribution:
        """Posterior q(z|x) of event shape (z_dim,); ``mean`` and ``stddev`` are (batch, z_dim)."""
        if x.shape[1:] != self.config.image_shape:
            raise UserError(
                f"this model takes images of {tuple(self.config.image_shape)} (channels, height, "
                f"width), not {tuple(x.shape[1:])}; choose a data set of that shape"
            )
        head = self.encoder(self.conditioning.to_encoder(x, y))
        qz: Distribution = self.posterior(_at_least_float32(head))
        return qz

    def raw(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """What the decoder gives of z, before the likelihood reads it."""
        return _at_least_float32(self.decoder(self.conditioning.to_decoder(z, y)))

    def decode(self, z: Tensor, y: Tensor | None = None) -> Independent[Any]:
        """Likelihood p(x|z) over images of shape (batch, C, H, W)."""
        px: Independent[Any] = self.likelihood(self.raw(z, y))
        return px

    def log_px(self, x: Tensor, z: Tensor, y: Tensor | None = None) -> Tensor:
        """log p(x|z) in nats per image, shape (batch,)."""
        return self.likelihood.log_prob(self.raw(z, y), x)

    def decode_mean(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Mean pixel E[x|z], shape (batch, C, H, W)."""
        return self.likelihood.mean(self.raw(z, y))

    def pz(self, y: Tensor | None = None) -> Distribution:
        """Prior p(z) of event shape (z_dim,); p(z|y) of each image, where its class has its own."""
        pz: Distribution = self.prior(self.conditioning.to_prior(y))
        return pz


def noise_like(
    qz: Distribution, generator: torch.Generator | None = None, draws: tuple[int, ...] = ()
) -> Tensor:
    """Standard normal noise of the shape, type and device of a posterior's mean, for each draw."""
    # what it is made from has the same shape, and the mean of a flow would take many draws
    mean = getattr(qz, "base_dist", qz).mean
    shape = (*draws, *mean.shape)
    return normal(shape, generator, mean.dtype, mean.device, axis=len(draws))


def _at_least_float32(raw: Tensor) -> Tensor:
    # under autocast the networks end in bfloat16, too coarse for exp, log and sums over an image
    return raw.float() if raw.dtype == torch.bfloat16 else raw


def build(config: VAEConfig, seed: int = 0) -> VAE:
    """Make a model whose weights are drawn from a seed, leaving the global generator as it was."""
    with seeded(seed):
        return VAE(config)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let what is built inside draw its weights from a seed, and nobody else."""
    with torch.random.fork_rng(devices=[]):
        torch.random.manual_seed(seed)
        yield
