"""A classifier as one block of bytes, so that the browser names what it draws (`vae/web/batch`)."""

import torch
from torch import nn

from vae.export.layers import Weights, export_stack
from vae.export.payload import frame
from vae.measures.classifier import Classifier

FORMAT = "vae-classifier"
VERSION = 1


def classifier_payload(classifier: Classifier, image_shape: tuple[int, int, int]) -> bytes:
    """Pack its layers, its temperature and how well it does on held-out images.

    Raises
    ------
    UserError
        When a layer cannot be exported.
    """
    weights = Weights()
    layers = [_as_convolution(layer, image_shape[0]) for layer in classifier.network]
    stack = export_stack(nn.Sequential(*layers), image_shape, weights)
    dtype, block = weights.pack()
    header = {
        "format": FORMAT,
        "version": VERSION,
        "image_shape": list(image_shape),
        "temperature": classifier.temperature,
        "accuracy": classifier.accuracy,
        "n_validation": classifier.n_validation,
        "dtype": dtype,
        "layers": stack.spec["layers"],
    }
    return frame(header, block)


def _as_convolution(layer: nn.Module, channels: int) -> nn.Module:
    """Write the mean over squares of pixels as the convolution that it is."""
    if not isinstance(layer, nn.AvgPool2d):
        return layer
    side = int(layer.kernel_size if isinstance(layer.kernel_size, int) else layer.kernel_size[0])
    mean = nn.Conv2d(channels, channels, side, side, bias=False).requires_grad_(False)
    mean.weight.zero_()
    own = torch.arange(channels)
    mean.weight[own, own] = 1 / side**2
    return mean
