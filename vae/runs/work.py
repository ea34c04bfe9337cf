"""What a model does in a step of training, counted part by part."""

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.cost import Cost


CONVOLUTION_LAYERS = 3
"""However small its images, a convolution takes as long as so many other layers."""


class Work(NamedTuple):
    """What a model does with one image, and what it holds."""

    multiply_adds: float
    parameters: int
    activations: float
    """Outputs of layers, and numbers made beside them."""
    layers: float
    """Of a step: those of the networks, and as many as the work of other parts counts."""
    tensors: int
    prior_multiply_adds: int = 0
    """Of a step, not of an image: what the prior has the encoder encode."""
    prior_activations: int = 0
    convolved: float = 0.0
    """Those of the multiply-adds that convolutions make."""
    moved: float = 0.0
    """Numbers that an optimizer moves beside the model's parameters."""


@lru_cache(maxsize=64)
def work(model: "VAEConfig", decodes: int = 1) -> Work:
    """Count what a model does with one image that is encoded once and decoded so many times.

    Nothing of the model's size is allocated.
    """
    import torch

    from vae.models.cost import added
    from vae.models.vae import VAE

    encoding, decoding = [0, 0, 0, 0], [0, 0, 0, 0]
    with torch.device("meta"), torch.inference_mode():
        built, label = VAE(model), torch.zeros(1, dtype=torch.int64)
        x = built.conditioning.to_encoder(torch.empty(1, *model.image_shape), label)
        z = built.conditioning.to_decoder(torch.empty(1, model.z_dim), label)
        for network, seen, given in ((built.encoder, encoding, x), (built.decoder, decoding, z)):
            for module in network.modules():
                if not list(module.children()):
                    module.register_forward_hook(partial(_count, seen))
            network(given)
    tensors = list(built.state_dict().values())
    # what is done with each draw
    draw = added(
        built.posterior.cost(), built.prior.cost(), built.likelihood.cost(model.image_shape)
    )
    multiply_adds = encoding[0] + decodes * (decoding[0] + draw.multiply_adds)
    convolved = encoding[3] + decodes * decoding[3]
    activations = encoding[1] + decodes * (decoding[1] + draw.numbers)
    if built.conditioning.infers:
        # an image without a label is encoded and decoded once per class
        multiply_adds *= built.conditioning.classes
        activations *= built.conditioning.classes
        convolved *= built.conditioning.classes
    pseudo = built.prior.encodes
    return Work(
        multiply_adds,
        sum(t.numel() for t in tensors),
        activations,
        # all draws of a batch go through a layer at once
        encoding[2] + decoding[2] + draw.operations,
        len(tensors),
        pseudo * encoding[0],
        pseudo * encoding[1],
        convolved,
    )


def with_cost(done: Work, beside: "Cost") -> Work:
    """Add what an objective does beside the model's own work."""
    return done._replace(
        multiply_adds=done.multiply_adds + beside.multiply_adds,
        activations=done.activations + beside.numbers,
        layers=done.layers + beside.operations,
        moved=done.moved + beside.parameters,
    )


def _count(seen: list[int], module: Any, inputs: tuple[Any, ...], output: Any) -> None:
    """Add a layer's multiply-adds, outputs and itself to what was seen."""
    from torch import nn

    weight = getattr(module, "weight", None)
    if weight is not None and weight.dim() > 1:
        # a transposed convolution applies its kernel at every place of its input
        places = inputs[0] if isinstance(module, nn.ConvTranspose2d) else output
        multiply_adds = weight.numel() * places.shape[2:].numel()
        seen[0] += multiply_adds
        if weight.dim() > 2:
            seen[3] += multiply_adds
            seen[2] += CONVOLUTION_LAYERS - 1
    seen[1] += output.numel()
    seen[2] += 1
