"""All that defines a model but its weights."""

from dataclasses import dataclass
from typing import Any

from vae.errors import UserError
from vae.models.conditioning import CONDITIONINGS, ConditioningOptions, Unconditional
from vae.models.likelihoods import LIKELIHOODS, Bernoulli, LikelihoodOptions
from vae.models.networks import ARCHITECTURES, MLP, Architecture, ImageShape
from vae.models.posteriors import POSTERIORS, Gaussian, PosteriorOptions
from vae.models.priors import PRIORS, PriorOptions, StandardNormal
from vae.options import build as build_options
from vae.options import named_parts, option, part, to_json, validate

SIDES = (8, 64)


@dataclass(frozen=True)
class VAEConfig:
    """All that defines a model but its weights; a part may be given by its name alone."""

    image_shape: ImageShape = option((1, 28, 28), "channels, height and width", minimum=1)
    z_dim: int = option(
        2, "number of latent dimensions", minimum=1, maximum=128, title="Latent dimensions"
    )
    architecture: Architecture = part(MLP(), ARCHITECTURES, "the two networks")
    likelihood: LikelihoodOptions = part(Bernoulli(), LIKELIHOODS, "what a pixel is")
    prior: PriorOptions = part(StandardNormal(), PRIORS, "where z is expected to lie")
    posterior: PosteriorOptions = part(
        Gaussian(),
        POSTERIORS,
        "what the encoder says of an image's z",
        # as files have it since there was nothing but a name to say
        by_name=True,
    )
    conditioning: ConditioningOptions = part(
        Unconditional(), CONDITIONINGS, "what the model is told beside the image", by_name=True
    )

    def __post_init__(self) -> None:
        named_parts(self)
        validate(self)
        shape = self.image_shape
        if len(shape) != 3 or shape[0] not in (1, 3):
            raise UserError(f"image_shape must be (1 or 3, height, width), not {shape}")
        if not all(SIDES[0] <= side <= SIDES[1] for side in shape[1:]):
            raise UserError(
                f"images of {shape[1]}×{shape[2]} pixels cannot be modelled; "
                f"both sides must be from {SIDES[0]} to {SIDES[1]}"
            )

    @property
    def betas(self) -> tuple[float, float] | None:
        """Least and largest β that the model can be told; None where it knows but one."""
        return self.conditioning.module(self.z_dim, self.image_shape).betas

    @property
    def classes(self) -> int:
        """How many classes the model is told; 0 where it is told none."""
        return self.conditioning.module(self.z_dim, self.image_shape).classes

    def to_json(self) -> dict[str, Any]:
        """Give the config as plain JSON values."""
        return to_json(self)

    @classmethod
    def from_json(cls, mapping: Any) -> "VAEConfig":
        """Rebuild a config from `to_json`'s form; raise `UserError` on anything unknown."""
        if not isinstance(mapping, dict):
            raise UserError("the model's config must be an object")
        return build_options(cls, mapping, "model")
