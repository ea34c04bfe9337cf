"""The model: an encoder, a decoder, a prior and a likelihood, put together by a config."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.distributions import Independent, Normal

from vae.errors import UserError
from vae.models.likelihoods import LIKELIHOODS, Bernoulli
from vae.models.networks import ARCHITECTURES, MLP
from vae.models.priors import PRIORS, StandardNormal
from vae.options import build as build_options
from vae.options import from_json, option, to_json, validate

SIDES = (8, 64)


@dataclass(frozen=True)
class VAEConfig:
    """All that defines a model but its weights."""

    image_shape: tuple[int, ...] = option((1, 28, 28), "channels, height and width", minimum=1)
    z_dim: int = option(2, "number of latent dimensions", minimum=1, maximum=128)
    architecture: Any = MLP()
    likelihood: Any = Bernoulli()
    prior: Any = StandardNormal()
    posterior: str = option(
        "gaussian",
        "what the encoder gives: a normal distribution, or one point as in a plain autoencoder",
        choices=("gaussian", "point"),
    )

    def __post_init__(self):
        validate(self)
        shape = self.image_shape
        if len(shape) != 3 or shape[0] not in (1, 3):
            raise UserError(f"image_shape must be (1 or 3, height, width), not {shape}")
        if not all(SIDES[0] <= side <= SIDES[1] for side in shape[1:]):
            raise UserError(
                f"images of {shape[1]}×{shape[2]} pixels cannot be modelled; "
                f"both sides must be from {SIDES[0]} to {SIDES[1]}"
            )

    def to_json(self) -> dict[str, Any]:
        """Give the config as plain JSON values."""
        return to_json(self)

    @classmethod
    def from_json(cls, mapping: Any) -> "VAEConfig":
        """Rebuild a config from `to_json`'s form; raise `UserError` on anything unknown."""
        if not isinstance(mapping, dict):
            raise UserError("the model's config must be an object")
        registries = {
            "architecture": ARCHITECTURES,
            "likelihood": LIKELIHOODS,
            "prior": PRIORS,
        }
        values = {
            key: from_json(registries[key], value, key) if key in registries else value
            for key, value in mapping.items()
        }
        return build_options(cls, values, "model")


class VAE(nn.Module):
    """A variational autoencoder, or a plain one where ``config.posterior`` is "point".

    Images ``x`` are float in [0, 1] of shape (batch, C, H, W); latents ``z`` are (batch, z_dim).
    Source: Kingma and Welling 2014, "Auto-encoding variational Bayes".
    """

    def __init__(self, config: VAEConfig):
        super().__init__()
        self.config = config
        heads = 2 if config.posterior == "gaussian" else 1
        self.encoder = config.architecture.encoder(config.image_shape, heads * config.z_dim)
        self.decoder = config.architecture.decoder(config.z_dim, config.image_shape)
        self.likelihood = config.likelihood.module()
        self.register_buffer("_origin", torch.zeros(config.z_dim), persistent=False)

    def encode(self, x: Tensor) -> Normal:
        """Posterior q(z|x): loc and scale of shape (batch, z_dim); scale 0 for a point."""
        if x.shape[1:] != self.config.image_shape:
            raise UserError(
                f"this model takes images of {tuple(self.config.image_shape)} (channels, height, "
                f"width), not {tuple(x.shape[1:])}; choose a data set of that shape"
            )
        head = _at_least_float32(self.encoder(x))
        if self.config.posterior == "point":
            return Normal(head, torch.zeros_like(head), validate_args=False)
        loc, log_scale = head.chunk(2, dim=-1)
        return Normal(loc, log_scale.clamp(-7, 7).exp(), validate_args=False)

    def decode(self, z: Tensor) -> Independent:
        """Likelihood p(x|z) over images of shape (batch, C, H, W)."""
        return self.likelihood(_at_least_float32(self.decoder(z)))

    def log_px(self, x: Tensor, z: Tensor) -> Tensor:
        """log p(x|z) in nats an image, shape (batch,)."""
        return self.likelihood.log_prob(_at_least_float32(self.decoder(z)), x)

    def decode_mean(self, z: Tensor) -> Tensor:
        """Mean pixel E[x|z], shape (batch, C, H, W)."""
        return self.likelihood.mean(_at_least_float32(self.decoder(z)))

    def prior(self) -> Normal:
        """Prior p(z), a `Normal` of shape (z_dim,)."""
        return self.config.prior.distribution(self._origin)


def _at_least_float32(raw: Tensor) -> Tensor:
    # under autocast the networks end in bfloat16, too coarse for exp, log and sums over an image
    return raw.float() if raw.dtype == torch.bfloat16 else raw


def build(config: VAEConfig, seed: int = 0) -> VAE:
    """Make a model whose weights are drawn from a seed, leaving the global generator as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.random.manual_seed(seed)
        return VAE(config)
