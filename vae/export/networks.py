"""Networks as one block of bytes that the browser runs by itself (`vae/web/core/decoder.js`).

A payload is a 4-byte little-endian header length, a JSON header padded so that the weights start
at a multiple of 4 bytes, and the weights, float16 where that loses nothing and float32 otherwise.
A new kind of layer is one function and one entry in `LAYERS` here, and the same in `decoder.js`.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from vae.checkpoint import Atlas, Checkpoint
from vae.errors import UserError
from vae.export.payload import frame
from vae.latent.projection import principal_plane
from vae.models.networks import Crop, Fourier, Residual
from vae.models.usage import ACTIVE_VARIANCE, variances
from vae.models.vae import VAE

FORMAT = "vae-network"
VERSION = 1
FRAME_BUDGET = 16_000_000
"""Multiply-adds above which a decoder is too large for the browser.

V8 does about two a nanosecond (`benchmarks/decoder_speed.py`): this many take 8 ms, half a frame of
a 60 Hz screen, which leaves room for the drawing and for a machine half as fast.
"""

PRIOR_DRAWS = 500
"""So many draws stand for a prior whose density the browser does not know."""

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


def decoder_payload(checkpoint: Checkpoint) -> bytes:
    """Pack the decoder with what a page shows beside it: likelihood, classes, latent statistics.

    Raises
    ------
    UserError
        When a layer cannot be exported or a weight is not finite.
    """
    model = checkpoint.model
    return _payload(checkpoint, "decoder", model.decoder, (model.config.z_dim,))


def encoder_payload(checkpoint: Checkpoint) -> bytes:
    """Pack the encoder: pixels in [0, 1] to what ``readout`` of the header says.

    Raises
    ------
    UserError
        As `decoder_payload`.
    """
    model = checkpoint.model
    readout = model.posterior.readout()
    if readout is None:
        raise UserError(
            f"the browser cannot read the posterior {model.config.posterior.name}, so that it "
            "encodes no image by itself; `python -m vae encode` does"
        )
    shape = tuple(model.config.image_shape)
    return _payload(checkpoint, "encoder", model.encoder, shape, {"readout": readout})


def multiply_adds(checkpoint: Checkpoint) -> int:
    """Count the decoder's multiply-adds an image, to be held against `FRAME_BUDGET`."""
    shape = (checkpoint.model.config.z_dim,)
    return export_stack(checkpoint.model.decoder, shape, Weights()).multiply_adds


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


def _payload(
    checkpoint: Checkpoint,
    kind: str,
    network: nn.Sequential,
    shape: Shape,
    more: dict[str, Any] | None = None,
) -> bytes:
    weights = Weights()
    stack = export_stack(network, shape, weights)
    dtype, block = weights.pack()
    header = {
        "format": FORMAT,
        "version": VERSION,
        "kind": kind,
        **_describe(checkpoint),
        **(more or {}),
        "dtype": dtype,
        "layers": stack.spec["layers"],
        "multiply_adds": stack.multiply_adds,
    }
    return frame(header, block)


def _describe(checkpoint: Checkpoint) -> dict[str, Any]:
    config, likelihood = checkpoint.model.config, checkpoint.model.likelihood
    atlas = checkpoint.atlas
    return {
        "model": checkpoint.name,
        "z_dim": config.z_dim,
        "image_shape": list(config.image_shape),
        "posterior": config.posterior.name,
        **checkpoint.model.capabilities,
        "likelihood": config.likelihood.name,
        "link": likelihood.link,
        "noise": likelihood.noise,
        "scale": likelihood.pixel_scale(),
        "latent": {
            "kl_per_dim": checkpoint.metrics.get("kl_per_dim"),
            **_prior(checkpoint.model),
            **atlas_statistics(atlas),
        },
        "class_names": list(checkpoint.dataset.get("class_names") or []),
        "n_atlas": 0 if atlas is None else len(atlas.loc),
        "dataset": checkpoint.dataset.get("name"),
        "split": checkpoint.dataset.get("split"),
        "objective": (checkpoint.training.get("objective") or {}).get("name"),
    }


def _prior(model: VAE) -> dict[str, Any]:
    """Tell of the prior what a page needs to draw from it and to show its density.

    An autoencoder was held to none, so that there is none to draw. ``rings`` is whether circles
    about the origin are its levels; without ``mixture`` nothing of its density is shown, and
    ``draws`` stand for it.
    """
    config = model.config
    told: dict[str, Any] = {"prior": config.prior.name, "rings": False, "mixture": None}
    if not config.posterior.has_density:
        return told
    found = model.prior.components()
    if found is not None:
        return told | {"rings": config.prior.rings, "mixture": found.to_json()}
    draws = model.prior.sample(PRIOR_DRAWS, torch.Generator().manual_seed(0))
    # three decimals are far below a pixel of any plane
    return told | {"draws": [[round(value, 3) for value in z] for z in draws.tolist()]}


def atlas_statistics(atlas: Atlas | None) -> dict[str, Any]:
    """Summarise the encoded images: mean, spread and use of each dimension, two directions.

    ``used`` tells of each dimension whether its means differ between images (`vae.models.usage`).

    ``components`` are the two directions of largest variance of the posterior means, unit vectors
    whose largest entry is positive; the second is all zeros where z has one dimension. All values
    are None without an atlas.
    """
    if atlas is None or len(atlas.loc) == 0:
        return dict.fromkeys(("loc_mean", "loc_std", "scale_mean", "used", "components"))
    loc = atlas.loc.astype(np.float64)
    spread = variances(loc)
    return {
        "loc_mean": loc.mean(0).tolist(),
        "loc_std": np.sqrt(spread).tolist(),
        "scale_mean": atlas.scale.mean(0, dtype=np.float64).tolist(),
        "used": (spread > ACTIVE_VARIANCE).tolist(),
        "components": principal_plane(loc).axes.tolist(),
    }


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


def _fourier(layer: Fourier, shape: Shape, weights: Weights) -> Exported:
    spec = {"op": "fourier", "count": layer.count}
    return Exported(spec, (shape[0] * (1 + 2 * layer.count),))


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
    Fourier: _fourier,
    Crop: _crop,
    Residual: _residual,
    nn.Conv2d: _conv2d,
    nn.ConvTranspose2d: _conv_transpose2d,
}
