"""Pictures of decoded images: sheets of them and PNG, made with Pillow.

Every picture is pixel-exact: an image's pixel becomes a square of ``zoom`` by ``zoom`` equal ones.
"""

import io
import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

    from vae.models.vae import VAE

GAP = 2
"""Pixels of the images between two of a sheet; they grow with the zoom."""
USUAL, FAST = 6, 1
"""How hard a PNG is squeezed; FAST is three times as fast and no larger for small images."""


def decode(model: "VAE", z: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """Mean images of latents (N, z_dim), of classes (N,), as uint8 of shape (N, H, W, C)."""
    import torch

    from vae.models.pixels import to_bytes

    latents = torch.from_numpy(z.astype(np.float32))
    y = None if labels is None else torch.from_numpy(np.asarray(labels, dtype=np.int64))
    with torch.inference_mode():
        x = torch.cat(
            [
                model.decode_mean(latents[rows], None if y is None else y[rows])
                for rows in torch.arange(len(latents)).split(256)
            ]
        )
    return to_bytes(x).permute(0, 2, 3, 1).numpy()


def sheet(images: np.ndarray, columns: int) -> np.ndarray:
    """Lay images (N, H, W, C) out in rows on white; uint8 pixels (rows, columns, C)."""
    count, height, width, channels = images.shape
    rows = math.ceil(count / columns)
    across, down = columns * (width + GAP) + GAP, rows * (height + GAP) + GAP
    canvas = np.full((down, across, channels), 255, np.uint8)
    for i, image in enumerate(images):
        row, column = divmod(i, columns)
        top, left = GAP + row * (height + GAP), GAP + column * (width + GAP)
        canvas[top : top + height, left : left + width] = image
    return canvas


def png(pixels: np.ndarray, zoom: int = 1, effort: int = USUAL) -> bytes:
    """Encode pixels (H, W, C) as a PNG, each drawn ``zoom`` wide and high; C is 1, 3 or 4.

    ``effort`` is how hard it is squeezed, from 0 to 9.
    """
    file = io.BytesIO()
    enlarged(picture(pixels), zoom).save(file, "PNG", compress_level=effort)
    return file.getvalue()


def picture(pixels: np.ndarray) -> "Image":
    """Give Pillow's image of pixels (H, W, C)."""
    from PIL import Image

    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def enlarged(picture: "Image", zoom: int) -> "Image":
    """Draw each pixel as a square of ``zoom`` by ``zoom`` equal ones."""
    from PIL.Image import Resampling

    size = (picture.width * zoom, picture.height * zoom)
    return picture.resize(size, Resampling.NEAREST)
