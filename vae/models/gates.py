"""Gates that let one network be the network of any β: a factor for each hidden unit.

A gate stands before an activation and multiplies its unit by sigmoid(slope · log β + shift), both
learnt, after Bae et al. 2023, "Multi-rate VAE: train once, get the full rate-distortion curve"
(ICLR, section 4). The layer before it is linear in its own weights, so that at one β the gate
folds into these exactly: what is left is an ordinary network.
"""

import copy
import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from vae.models.networks import Residual

INITIAL_SHIFT = 2.0
"""Gates begin at 0.88: nearly open, and where their sigmoid still has a slope."""
INITIAL_SLOPE = 0.3
"""Standard deviation of the first slopes: units differ in β from the start."""
ACTIVATIONS = (nn.ReLU, nn.SiLU, nn.Tanh)


class Told:
    """The β that the gates of one model are told: one for all images, or one for each."""

    def __init__(self) -> None:
        self.log_beta: Tensor | float = 0.0
        """log β: a number, or a tensor of shape (batch,)."""


class Gate(nn.Module):
    """Multiply each unit, or channel, by its own function of β; β = 1 until it is told another."""

    def __init__(self, width: int, told: Told):
        super().__init__()
        self.told = told
        self.slope = nn.Parameter(torch.randn(width) * INITIAL_SLOPE)
        self.shift = nn.Parameter(torch.full((width,), INITIAL_SHIFT))

    def forward(self, x: Tensor) -> Tensor:
        factor = self.at(self.told.log_beta)
        return x * factor.reshape(*factor.shape, *(1 for _ in x.shape[2:]))

    def at(self, log_beta: Tensor | float) -> Tensor:
        """Return the factors at log β, shape (width,), or (batch, width) where it is (batch,)."""
        if isinstance(log_beta, Tensor):
            log_beta = log_beta[..., None]
        return torch.sigmoid(self.slope * log_beta + self.shift)


def gated(stack: nn.Sequential, told: Told) -> nn.Sequential:
    """Put a gate before each activation that follows a layer with weights of its own."""
    layers: list[nn.Module] = []
    for layer in stack:
        if isinstance(layer, Residual):
            layer = Residual(*gated(nn.Sequential(*layer), told))
        elif isinstance(layer, ACTIVATIONS) and layers and (width := _width(layers[-1])):
            layers.append(Gate(width, told))
        layers.append(layer)
    return nn.Sequential(*layers)


def gates(network: nn.Module) -> Iterator[Gate]:
    """List the gates of a network."""
    return (layer for layer in network.modules() if isinstance(layer, Gate))


@torch.no_grad()
def folded(stack: nn.Sequential, beta: float) -> nn.Sequential:
    """Return an ordinary network of its own that does what a gated one does at one β."""
    layers: list[nn.Module] = []
    for layer in stack:
        if isinstance(layer, Gate):
            _scale(layers[-1], layer.at(math.log(beta)))
        elif isinstance(layer, Residual):
            layers.append(Residual(*folded(nn.Sequential(*layer), beta)))
        else:
            layers.append(copy.deepcopy(layer))
    return nn.Sequential(*layers)


def _width(layer: nn.Module) -> int | None:
    """Count the units that a layer with weights gives, or its channels; None for any other."""
    if isinstance(layer, nn.LayerNorm) and layer.elementwise_affine:
        return layer.normalized_shape[-1]
    if isinstance(layer, nn.Linear):
        return layer.out_features
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        return layer.out_channels
    return None


def _scale(layer: nn.Module, factor: Tensor) -> None:
    """Multiply what a layer with weights gives, unit by unit, through its weights."""
    weight, bias = layer.weight, layer.bias
    assert isinstance(weight, Tensor)
    # a transposed convolution has its outputs second
    first = (1, -1) if isinstance(layer, nn.ConvTranspose2d) else (-1,)
    weight.mul_(factor.reshape(*first, *(1 for _ in weight.shape[len(first) :])))
    if isinstance(bias, Tensor):
        bias.mul_(factor)
