"""Pictures of any size become images of one shape."""

import numpy as np

from vae.data.own.choices import Choices
from vae.data.own.levels import Levels

GREY = np.array([0.299, 0.587, 0.114], np.float32)
"""Shares of red, green and blue in a grey level (ITU-R BT.601, section 2.5.1)."""
QUARTERS = {"none": 0, "left": 1, "half": 2, "right": 3}


def shaped(values: np.ndarray, levels: Levels, choices: Choices) -> np.ndarray:
    """Make images, uint8 (n, channels, height, width), of values (n, C, H, W).

    Pictures that have the size and the colours already keep their bytes.
    """
    x = np.rot90(values, QUARTERS[choices.turn], axes=(2, 3))
    if choices.mirror:
        x = x[..., ::-1]
    same = x.shape[1:] == choices.image_shape
    if same and values.dtype == np.uint8 and levels.is_byte:
        return 255 - x if choices.invert else np.ascontiguousarray(x)
    unit = fitted(in_colours(levels.to_unit(x), choices.channels), choices)
    if choices.invert:
        unit = 1 - unit
    return np.rint(unit * 255).clip(0, 255).astype(np.uint8)


def in_colours(x: np.ndarray, channels: int) -> np.ndarray:
    """Make levels (n, C, H, W) grey, or three equal colours of grey ones."""
    if x.shape[1] == channels:
        return x
    if channels == 3:
        return np.repeat(x, 3, axis=1)
    return np.tensordot(x, GREY, axes=([1], [0]))[:, None]


def fitted(x: np.ndarray, choices: Choices) -> np.ndarray:
    """Average levels (n, C, H, W) over the areas of the pixels of an image."""
    from vae.data.picture_fit import Window, resampled

    height, width = choices.height, choices.width
    _, _, rows, columns = x.shape
    if (rows, columns) == (height, width):
        return x
    if choices.fit == "stretch":
        return resampled(x, Window(0, 0, columns, rows), height, width, 0.0)
    scales = columns / width, rows / height
    scale = min(scales) if choices.fit == "crop" else max(scales)
    across, down = scale * width, scale * height
    window = Window((columns - across) / 2, (rows - down) / 2, across, down)
    ground = edge_levels(x)
    return resampled(x - ground, window, height, width, 0.0) + ground


def edge_levels(x: np.ndarray) -> np.ndarray:
    """Median of the outermost pixels of each channel, (n, C, 1, 1): what a picture lies on."""
    edge = np.concatenate([x[..., 0, :], x[..., -1, :], x[..., 1:-1, 0], x[..., 1:-1, -1]], axis=-1)
    return np.median(edge, axis=-1)[..., None, None].astype(x.dtype)
