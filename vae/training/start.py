"""Where a decoder starts: at the mean training image, so that no step is spent on finding it."""

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from vae.models.vae import VAE
    from vae.training.config import TrainConfig

SUMMED = 4096
"""So many images are added up at once."""
LAYERS = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
"""Layers whose bias moves what they give by as much."""


def starts_at_mean(model: "VAE", config: "TrainConfig") -> bool:
    """Tell whether a training begins there: where it is asked to, or where the prior needs it.

    A prior made of encoded images follows the encoder. While the decoder learns the mean image
    alone, nothing then holds the codes apart, and where they have met they stay: on MNIST in 20
    dimensions, warm-ups of 500, 1,000 and 1,926 steps, that happened to five of 14 trainings in
    their first 1,800 steps, and to none of eight that started at the mean image.
    """
    if config.objective.fits:
        return False
    return bool(model.prior.encodes) if config.mean_start is None else config.mean_start


@torch.no_grad()
def start_at_mean(model: "VAE", images: Tensor) -> None:
    """Set the bias of the decoder's last layer to what stands for the mean of the images.

    ``images`` are uint8, (N, C, H, W). A bias for each pixel takes the mean image, one for each
    channel the mean colour. Nothing happens under a likelihood that does not say which raw numbers
    have a given mean, nor where the decoder does not end in one of `LAYERS`.
    """
    # whole numbers: their sum is exact in any order, and torch would first copy all as float64
    total = sum(part.sum(0, dtype=torch.float64) for part in images.split(SUMMED))
    mean = torch.as_tensor(total).div(255 * len(images)).float()
    raw = model.likelihood.raw_of(mean)
    last = [layer for layer in model.decoder.modules() if isinstance(layer, LAYERS)][-1:]
    if raw is None or not last or last[0].bias is None:
        return
    bias = last[0].bias
    if bias.numel() == raw.numel():
        bias.copy_(raw.flatten())
    elif bias.numel() == len(raw):
        colour = model.likelihood.raw_of(mean.mean((1, 2), keepdim=True))
        assert colour is not None, "it knew the raw numbers of the mean image"
        bias.copy_(colour.flatten())
