"""Pictures of decoded images: sheets, strips and animations, made with Pillow."""

import io
import math
from typing import TYPE_CHECKING

import numpy as np

from vae.errors import UserError

if TYPE_CHECKING:
    from PIL.Image import Image

    from vae.model import VAE

# pixels between two images of a sheet
GAP = 2


def decode(model: "VAE", z: np.ndarray) -> np.ndarray:
    """Mean images of latents (N, z_dim) as uint8 of shape (N, H, W, C)."""
    import torch

    with torch.inference_mode():
        batches = torch.from_numpy(z.astype(np.float32)).split(256)
        x = torch.cat([model.decode_mean(batch) for batch in batches])
    # only a Gaussian with an identity link leaves [0, 1]; a picture cannot
    return (x.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).numpy()


def sheet(images: np.ndarray, columns: int, zoom: int) -> "Image":
    """Lay images (N, H, W, C) out in rows on white."""
    count, height, width, channels = images.shape
    rows = math.ceil(count / columns)
    across, down = columns * (width + GAP) + GAP, rows * (height + GAP) + GAP
    canvas = np.full((down, across, channels), 255, np.uint8)
    for i, image in enumerate(images):
        row, column = divmod(i, columns)
        top, left = GAP + row * (height + GAP), GAP + column * (width + GAP)
        canvas[top : top + height, left : left + width] = image
    return picture(canvas, zoom)


def picture(pixels: np.ndarray, zoom: int) -> "Image":
    """Make a Pillow image of pixels (H, W, C), each drawn ``zoom`` wide and high."""
    from PIL import Image

    pixels = pixels.repeat(zoom, axis=0).repeat(zoom, axis=1)
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def png(image: "Image") -> bytes:
    """Encode a picture as PNG."""
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def gif(frames: list["Image"], milliseconds: int) -> bytes:
    """Encode pictures as an endless GIF, each shown for a time."""
    file = io.BytesIO()
    first, *rest = frames
    first.save(
        file, "GIF", save_all=True, append_images=rest, duration=milliseconds, loop=0, optimize=True
    )
    return file.getvalue()


def suffix(path: str, allowed: tuple[str, ...]) -> str:
    """Give the path's lower-case suffix, refusing what cannot be written."""
    dot = path.lower().rfind(".")
    found = path.lower()[dot:] if dot > path.rfind("/") else ""
    if found not in allowed and not path.startswith("/dev/"):
        raise UserError(
            f"cannot tell the format of --out {path}; its name must end in {' or '.join(allowed)}"
        )
    return found if found in allowed else allowed[0]
