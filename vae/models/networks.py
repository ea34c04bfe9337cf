"""Encoder and decoder networks: one frozen dataclass of options per architecture.

An architecture builds plain ``nn.Sequential`` stacks from a small vocabulary of layers, so that
the browser can run the very same networks, see `vae.export.networks`. Encoders take pixels in
[0, 1] of shape (batch, C, H, W); decoders give the raw numbers that the likelihood reads, most
often one per pixel and channel.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, Protocol

import torch
from torch import Tensor, nn

from vae.options import Part, option

ImageShape = tuple[int, int, int]


class Architecture(Part, Protocol):
    """Options that build both networks of a model."""

    def encoder(self, image_shape: ImageShape, outputs: int) -> nn.Sequential:
        """Map (batch, C, H, W) to (batch, outputs)."""

    def decoder(self, z_dim: int, image_shape: ImageShape, beside: int = 0) -> nn.Sequential:
        """Map (batch, z_dim + beside) to (batch, C, H, W), C as the likelihood asks for.

        ``beside`` numbers after z say what else the decoder is told, such as a class.
        """


class Fourier(nn.Module):
    """Append sin and cos of f·z for f = 0.5·2^i to what comes in: (batch, d + 2·count·size).

    Of the d numbers that come in the first ``size`` are z, or all of them.

    Lets a narrow z steer sharp changes of the image (Tancik et al. 2020, "Fourier features let
    networks learn high frequency functions in low dimensional domains").
    """

    def __init__(self, count: int, size: int | None = None):
        super().__init__()
        self.count, self.size = count, size

    def forward(self, x: Tensor) -> Tensor:
        parts, z = [x], x[..., : self.size]
        for i in range(self.count):
            parts += [torch.sin(0.5 * 2**i * z), torch.cos(0.5 * 2**i * z)]
        return torch.cat(parts, dim=-1)


class Residual(nn.Sequential):
    """x + f(x), where f is the stack inside."""

    def forward(self, x: Tensor) -> Tensor:
        inside: Tensor = super().forward(x)  # type: ignore[no-untyped-call]  # torch's
        return x + inside


class Crop(nn.Module):
    """Keep the upper left height × width of an image that was upsampled too far."""

    def __init__(self, height: int, width: int):
        super().__init__()
        self.height, self.width = height, width

    def forward(self, x: Tensor) -> Tensor:
        return x[..., : self.height, : self.width]


ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh}


@dataclass(frozen=True)
class MLP:
    """Fully connected layers; the decoder mirrors the encoder. The fastest at 28×28 on a CPU."""

    name: ClassVar[str] = "mlp"
    title: ClassVar[str] = "MLP"
    hidden: tuple[int, ...] = option(
        (512, 512, 256),
        "widths of the encoder's hidden layers, from the image inwards; the decoder mirrors them",
        minimum=1,
        maximum=4096,
        title="Widths of the hidden layers",
    )
    norm: str = option(
        "layer",
        "whether each hidden layer's values are brought to mean 0 and variance 1",
        choices=("layer", "none"),
        title="Normalization",
    )
    activation: str = option(
        "relu",
        "what each hidden unit makes of its sum: its positive part, or its hyperbolic tangent, "
        "which older papers have",
        choices=tuple(ACTIVATIONS),
        title="Activation",
    )
    fourier: int = option(
        3,
        "how many pairs sin and cos of z the decoder sees beside z, each of twice the frequency "
        "of the one before; they help it with sharp changes",
        minimum=0,
        maximum=12,
        unit="octaves",
        title="Fourier features of z",
    )

    def encoder(self, image_shape: ImageShape, outputs: int) -> nn.Sequential:
        """Map (batch, C, H, W) to (batch, outputs)."""
        widths = (math.prod(image_shape), *self.hidden)
        return nn.Sequential(nn.Flatten(), *self._stack(widths), nn.Linear(widths[-1], outputs))

    def decoder(self, z_dim: int, image_shape: ImageShape, beside: int = 0) -> nn.Sequential:
        """Map (batch, z_dim + beside) to (batch, C, H, W)."""
        first = [Fourier(self.fourier, z_dim)] if self.fourier else []
        widths = (z_dim * (1 + 2 * self.fourier) + beside, *reversed(self.hidden))
        last = nn.Linear(widths[-1], math.prod(image_shape))
        return nn.Sequential(*first, *self._stack(widths), last, nn.Unflatten(1, image_shape))

    def _stack(self, widths: tuple[int, ...]) -> list[nn.Module]:
        layers: list[nn.Module] = []
        for inputs, outputs in zip(widths, widths[1:], strict=False):
            layers.append(nn.Linear(inputs, outputs))
            if self.norm == "layer":
                layers.append(nn.LayerNorm(outputs))
            layers.append(ACTIVATIONS[self.activation]())
        return layers


@dataclass(frozen=True)
class Conv:
    """Strided convolutions down to about 4×4 and transposed ones back up."""

    name: ClassVar[str] = "conv"
    title: ClassVar[str] = "Conv"
    channels: tuple[int, ...] = option(
        (16, 32, 64, 64),
        "channels after each halving of the image; the last repeats if more are needed",
        minimum=1,
        maximum=1024,
        title="Channels at each size",
    )
    width: int = option(
        256,
        "width of the dense layer beside z, in the encoder and in the decoder",
        minimum=1,
        maximum=4096,
        unit="units",
        title="Width of the dense layer",
    )
    blocks: ClassVar[int] = 0

    def encoder(self, image_shape: ImageShape, outputs: int) -> nn.Sequential:
        """Map (batch, C, H, W) to (batch, outputs)."""
        return _conv_encoder(self, image_shape, outputs)

    def decoder(self, z_dim: int, image_shape: ImageShape, beside: int = 0) -> nn.Sequential:
        """Map (batch, z_dim + beside) to (batch, C, H, W)."""
        return _conv_decoder(self, z_dim + beside, image_shape)


@dataclass(frozen=True)
class ResNet(Conv):
    """As `conv`, with residual blocks (He et al. 2016) at each resolution."""

    name: ClassVar[str] = "resnet"
    title: ClassVar[str] = "ResNet"
    blocks: int = option(  # type: ignore[misc]  # an option here, a constant there
        1,
        "how many residual blocks follow each halving of the image",
        minimum=1,
        maximum=8,
        title="Residual blocks",
    )


@dataclass(frozen=True)
class Linear:
    """One linear layer each way: the encoder and the decoder of principal component analysis."""

    name: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear"

    def encoder(self, image_shape: ImageShape, outputs: int) -> nn.Sequential:
        """Map (batch, C, H, W) to (batch, outputs)."""
        return nn.Sequential(nn.Flatten(), nn.Linear(math.prod(image_shape), outputs))

    def decoder(self, z_dim: int, image_shape: ImageShape, beside: int = 0) -> nn.Sequential:
        """Map (batch, z_dim) to (batch, C, H, W)."""
        pixels = math.prod(image_shape)
        return nn.Sequential(nn.Linear(z_dim + beside, pixels), nn.Unflatten(1, image_shape))


@dataclass(frozen=True)
class Boltzmann:
    """Sigmoid units beside the pixels: one restricted Boltzmann machine, whose units are z.

    z is the log odds that a unit is on, so that every z has a meaning: the decoder takes the
    sigmoid of it first.
    """

    name: ClassVar[str] = "boltzmann"
    title: ClassVar[str] = "Boltzmann machine"
    hidden: ClassVar[tuple[int, ...]] = ()

    def encoder(self, image_shape: ImageShape, outputs: int) -> nn.Sequential:
        """Map (batch, C, H, W) to log odds (batch, outputs)."""
        widths = (math.prod(image_shape), *self.hidden, outputs)
        return nn.Sequential(nn.Flatten(), *_sigmoid_stack(widths)[1:])

    def decoder(self, z_dim: int, image_shape: ImageShape, beside: int = 0) -> nn.Sequential:
        """Map log odds (batch, z_dim) to (batch, C, H, W)."""
        widths = (z_dim + beside, *reversed(self.hidden), math.prod(image_shape))
        return nn.Sequential(*_sigmoid_stack(widths), nn.Unflatten(1, image_shape))


@dataclass(frozen=True)
class BeliefNet(Boltzmann):
    """Layers of sigmoid units, each with the next one a Boltzmann machine; z is the topmost.

    z is the log odds that a unit of the top layer is on.
    """

    name: ClassVar[str] = "belief-net"
    title: ClassVar[str] = "Belief net"
    hidden: tuple[int, ...] = option(  # type: ignore[misc]  # an option here, a constant there
        (500, 250),
        "widths of the layers between the pixels and z, from the image inwards",
        minimum=1,
        maximum=4096,
        title="Widths of the hidden layers",
    )


ARCHITECTURES: dict[str, type[Architecture]] = {
    cls.name: cls for cls in (MLP, Conv, ResNet, Linear, Boltzmann, BeliefNet)
}


def _sigmoid_stack(widths: tuple[int, ...]) -> list[nn.Module]:
    """List a sigmoid and a linear layer for each pair of widths that follow one another."""
    layers: list[nn.Module] = []
    for inputs, outputs in zip(widths, widths[1:], strict=False):
        layers += [nn.Sigmoid(), nn.Linear(inputs, outputs)]
    return layers


def _pyramid(channels: tuple[int, ...], image_shape: ImageShape) -> list[tuple[int, int, int]]:
    """List the (C, H, W) after each halving, until neither side exceeds 7 pixels."""
    _, height, width = image_shape
    levels: list[tuple[int, int, int]] = []
    while max(height, width) > 7:
        height, width = (height + 1) // 2, (width + 1) // 2
        levels.append((channels[min(len(levels), len(channels) - 1)], height, width))
    return levels


def _blocks(channels: int, count: int) -> list[nn.Module]:
    half = max(1, channels // 2)
    return [
        Residual(
            nn.ReLU(),
            nn.Conv2d(channels, half, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(half, channels, 1),
        )
        for _ in range(count)
    ]


def _conv_encoder(options: Conv, image_shape: ImageShape, outputs: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    inputs = image_shape[0]
    for channels, _, _ in (levels := _pyramid(options.channels, image_shape)):
        # kernel 3 with padding 1 halves odd sides upwards, which the decoder's crop undoes
        layers += [nn.Conv2d(inputs, channels, 3, stride=2, padding=1)]
        layers += _blocks(channels, options.blocks)
        layers += [nn.ReLU()]
        inputs = channels
    size = math.prod(levels[-1])
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(size, options.width),
        nn.ReLU(),
        nn.Linear(options.width, outputs),
    )


def _conv_decoder(options: Conv, inputs: int, image_shape: ImageShape) -> nn.Sequential:
    levels = [image_shape, *_pyramid(options.channels, image_shape)]
    layers: list[nn.Module] = [
        nn.Linear(inputs, options.width),
        nn.ReLU(),
        nn.Linear(options.width, math.prod(levels[-1])),
        nn.Unflatten(1, levels[-1]),
    ]
    for small, large in zip(reversed(levels[1:]), reversed(levels[:-1]), strict=True):
        layers += [*_blocks(small[0], options.blocks), nn.ReLU()]
        layers += [nn.ConvTranspose2d(small[0], large[0], 4, stride=2, padding=1)]
        if (2 * small[1], 2 * small[2]) != large[1:]:
            layers += [Crop(large[1], large[2])]
    return nn.Sequential(*layers)
