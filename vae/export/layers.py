"""The layers that the browser runs: what `vae/web/core/layers.js` needs to know of each.

A new kind of layer is one function and one entry in `LAYERS` here, and the same in `layers.js`.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from vae.errors import UserError
from vae.models.gates import Gate
from vae.models.networks import Crop, Fourier, Residual

Shape = tuple[int, ...]


class Exported(NamedTuple):
    """What `decoder.js` needs to know of a layer, what comes out of it and what it costs."""

    spec: dict[str, Any]
    shape: Shape
    multiply_adds: int = 0


class Weights:
    """The weights of a network, one after the other."""

    def __init__(self) -> None:
        self.arrays: list[np.ndarray] = []
        self.count = 0

    def add(self, tensor: Tensor | None) -> list[int] | None:
        """Append a tensor; return its [offset, count] in elements, None for a missing bias."""
        if tensor is None:
            return None
        array = tensor.detach().cpu().to(torch.float32).numpy().ravel()
        span = [self.count, array.size]
        self.arrays.append(array)
        self.count += array.size
        return span

    def pack(self) -> tuple[str, bytes]:
        """Return the type's name and the little-endian bytes.

        Raises
        ------
        UserError
            When a weight is not finite: no image can come of it.
        """
        values = np.concatenate([np.zeros(0, np.float32), *self.arrays])
        if not np.isfinite(values).all():
            raise UserError(
                "the model holds weights that are not finite numbers; "
                "train it again with a lower learning rate"
            )
        with np.errstate(over="ignore"):
            halves = values.astype("<f2")
        if np.array_equal(halves.astype(np.float32), values):
            return "float16", halves.tobytes()
        return "float32", values.astype("<f4").tobytes()


def export_stack(stack: nn.Sequential, shape: Shape, weights: Weights) -> Exported:
    """Export layers in order; ``spec["layers"]`` lists them, shapes are without the batch.

    Raises
    ------
    UserError
        When a layer is not one that `LAYERS` knows, or not in a form that the browser runs.
    """
    specs, total = [], 0
    for layer in stack:
        if type(layer) not in LAYERS:
            known = ", ".join(cls.__name__ for cls in LAYERS)
            raise UserError(
                f"a layer {type(layer).__name__} cannot be exported to the browser; "
                f"build the network from {known}"
            )
        spec, shape, cost = LAYERS[type(layer)](layer, shape, weights)
        specs.append(spec)
        total += cost
    return Exported({"layers": specs}, shape, total)


def _plain(op: str) -> Callable[[nn.Module, Shape, Weights], Exported]:
    return lambda layer, shape, weights: Exported({"op": op}, shape)


def _flatten(layer: nn.Flatten, shape: Shape, weights: Weights) -> Exported:
    _require(layer, layer.start_dim == 1 and layer.end_dim == -1, "start_dim 1 and end_dim -1")
    return Exported({"op": "flatten"}, (math.prod(shape),))


def _unflatten(layer: nn.Unflatten, shape: Shape, weights: Weights) -> Exported:
    target = tuple(layer.unflattened_size)
    _require(layer, layer.dim == 1 and len(target) == 3, "dim 1 and a (channels, height, width)")
    return Exported({"op": "unflatten", "shape": list(target)}, target)


def _linear(layer: nn.Linear, shape: Shape, weights: Weights) -> Exported:
    _require(layer, shape == (layer.in_features,), "a flat input of its own width")
    spec = {
        "op": "linear",
        "in": layer.in_features,
        "out": layer.out_features,
        "weight": weights.add(layer.weight),
        "bias": weights.add(layer.bias),
    }
    return Exported(spec, (layer.out_features,), layer.in_features * layer.out_features)


def _layer_norm(layer: nn.LayerNorm, shape: Shape, weights: Weights) -> Exported:
    (size,) = layer.normalized_shape if len(layer.normalized_shape) == 1 else (None,)
    affine = layer.elementwise_affine
    _require(layer, size == shape[-1] and affine, "one dimension and a weight")
    spec = {
        "op": "layer_norm",
        "size": size,
        "eps": layer.eps,
        "weight": weights.add(layer.weight),
        "bias": weights.add(layer.bias),
    }
    return Exported(spec, shape)


def _gate(layer: Gate, shape: Shape, weights: Weights) -> Exported:
    (size,) = layer.slope.shape
    _require(layer, size == (shape[0] if len(shape) == 3 else shape[-1]), "a unit for each value")
    slope, shift = weights.add(layer.slope), weights.add(layer.shift)
    return Exported({"op": "gate", "size": size, "slope": slope, "shift": shift}, shape)


def _fourier(layer: Fourier, shape: Shape, weights: Weights) -> Exported:
    size = shape[0] if layer.size is None else layer.size
    spec = {"op": "fourier", "count": layer.count, "size": size}
    return Exported(spec, (shape[0] + 2 * layer.count * size,))


def _crop(layer: Crop, shape: Shape, weights: Weights) -> Exported:
    spec = {"op": "crop", "height": layer.height, "width": layer.width}
    return Exported(spec, (shape[0], layer.height, layer.width))


def _residual(layer: Residual, shape: Shape, weights: Weights) -> Exported:
    inside = export_stack(layer, shape, weights)
    _require(layer, inside.shape == shape, "layers that keep the shape")
    return inside._replace(spec={"op": "residual", **inside.spec})


def _conv2d(layer: nn.Conv2d, shape: Shape, weights: Weights) -> Exported:
    spec = _convolution("conv2d", layer, weights)
    kernel, stride, padding = spec["kernel"], spec["stride"], spec["padding"]
    height, width = (
        (side + 2 * p - k) // s + 1
        for side, k, s, p in zip(shape[1:], kernel, stride, padding, strict=True)
    )
    cost = layer.weight.numel() * height * width
    return Exported(spec, (layer.out_channels, height, width), cost)


def _conv_transpose2d(layer: nn.ConvTranspose2d, shape: Shape, weights: Weights) -> Exported:
    _require(layer, not any(layer.output_padding), "output_padding 0")
    spec = _convolution("conv_transpose2d", layer, weights)
    kernel, stride, padding = spec["kernel"], spec["stride"], spec["padding"]
    height, width = (
        (side - 1) * s - 2 * p + k
        for side, k, s, p in zip(shape[1:], kernel, stride, padding, strict=True)
    )
    # every input pixel meets every weight once
    cost = layer.weight.numel() * shape[1] * shape[2]
    return Exported(spec, (layer.out_channels, height, width), cost)


def _convolution(
    op: str, layer: nn.Conv2d | nn.ConvTranspose2d, weights: Weights
) -> dict[str, Any]:
    simple = layer.groups == 1 and set(layer.dilation) == {1} and layer.padding_mode == "zeros"
    numeric = not isinstance(layer.padding, str)
    _require(layer, simple and numeric, "groups 1, dilation 1 and a number of zeros as padding")
    return {
        "op": op,
        "in": layer.in_channels,
        "out": layer.out_channels,
        "kernel": list(layer.kernel_size),
        "stride": list(layer.stride),
        "padding": list(layer.padding),
        "weight": weights.add(layer.weight),
        "bias": weights.add(layer.bias),
    }


def _require(layer: nn.Module, holds: bool, needs: str) -> None:
    if not holds:
        raise UserError(
            f"this {type(layer).__name__} cannot be exported to the browser; it needs {needs}"
        )


LAYERS: dict[type, Callable[[Any, Shape, Weights], Exported]] = {
    nn.Flatten: _flatten,
    nn.Unflatten: _unflatten,
    nn.Linear: _linear,
    nn.LayerNorm: _layer_norm,
    nn.ReLU: _plain("relu"),
    nn.SiLU: _plain("silu"),
    nn.Tanh: _plain("tanh"),
    Gate: _gate,
    nn.Sigmoid: _plain("sigmoid"),
    Fourier: _fourier,
    Crop: _crop,
    Residual: _residual,
    nn.Conv2d: _conv2d,
    nn.ConvTranspose2d: _conv_transpose2d,
}
