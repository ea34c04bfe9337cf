"""Sprites: white or coloured shapes on black, drawn from known factors.

In the spirit of dSprites (Matthey et al., 2017), with two differences that matter when factors are
compared with latents: a shape's area depends on its scale alone, and rotation stays below a quarter
turn, where every rotation of every shape looks different (a square repeats after 90 degrees).
"""

import numpy as np

from vae.data.splits import Split, permutation

SIZE = 64
SHAPES = ("square", "ellipse", "heart")
FACTORS = ("shape", "scale", "rotation", "x", "y")
COLOUR_FACTORS = (*FACTORS, "hue")

# What each factor may be. Scale is the square root of the area, in pixels; rotation is in radians,
# clockwise on the screen; x and y are the centroid in pixels from the left and from the top (the
# first pixel's middle is 0.5); hue is in turns from red.
LEVELS = {
    "shape": np.arange(3.0),
    "scale": np.arange(10.0, 21.0, 2.0),
    "rotation": np.arange(16) * (np.pi / 32),
    "x": np.arange(17.5, 47.0),
    "y": np.arange(17.5, 47.0),
    "hue": np.arange(12) / 12,
}
COUNTS = {False: (30_000, 6_000), True: (18_000, 4_000)}

# Samples per pixel along each axis: coverage in steps of 1/64.
SUBSAMPLES = 8
# Half the side of the square a shape is drawn in, over its scale: the ellipse reaches farthest,
# sqrt(2 / pi) = 0.798 scales from its centre.
REACH = 0.8


def splits(colour: bool = False) -> tuple[Split, Split]:
    """Training and test images: combinations of levels, all different, by a fixed draw."""
    n_train, n_test = COUNTS[colour]
    factors = _combinations(COLOUR_FACTORS if colour else FACTORS, n_train + n_test)
    parts = (factors[:n_train], factors[n_train:])
    train, test = (Split(draw(part), part[:, 0].astype(np.int64), part) for part in parts)
    return train, test


def draw(factors: np.ndarray) -> np.ndarray:
    """Draw images from factors, each on its own: uint8 of shape (N, C, 64, 64).

    Parameters
    ----------
    factors : array of shape (N, 5), or (N, 6) for colour
        In the order of `FACTORS` or `COLOUR_FACTORS`; any value that keeps the shape inside, not
        the levels only.
    """
    factors = np.asarray(factors, np.float32)
    shape, scale, rotation, x, y = factors[:, :5].astype(np.float64).T
    corner_x, corner_y = np.floor(x), np.floor(y)
    looks = np.stack([shape, scale, rotation, x - corner_x, y - corner_y], axis=1)
    looks, which = np.unique(looks, axis=0, return_inverse=True)
    reach = int(np.ceil(REACH * scale.max())) + 1
    _check_inside(corner_x, reach)
    _check_inside(corner_y, reach)
    stamps = np.stack([_stamp(look, reach) for look in looks])
    colours = _rgb(factors[:, 5]) if factors.shape[1] == 6 else np.ones((len(factors), 1))
    images = np.zeros((len(factors), colours.shape[1], SIZE, SIZE), np.uint8)
    left, top = (corner.astype(int) - reach for corner in (corner_x, corner_y))
    _paste(images, stamps, which.ravel(), colours, left, top)
    return images


def _check_inside(corner: np.ndarray, reach: int) -> None:
    """Refuse a shape that might stick out, which slices would wrap around in silence."""
    if corner.min() < reach or corner.max() + reach >= SIZE:
        raise ValueError(f"a centroid is less than {reach} pixels from an edge")


def _combinations(names: tuple[str, ...], count: int) -> np.ndarray:
    """Draw `count` different combinations of the factors' levels: float32 (count, factors)."""
    sizes = [len(LEVELS[name]) for name in names]
    chosen = permutation(int(np.prod(sizes)))[:count]
    index = np.unravel_index(chosen, sizes)
    columns = [LEVELS[name][i] for name, i in zip(names, index, strict=True)]
    return np.stack(columns, axis=1).astype(np.float32)


def _paste(
    images: np.ndarray,
    stamps: np.ndarray,
    which: np.ndarray,
    colours: np.ndarray,
    left: np.ndarray,
    top: np.ndarray,
) -> None:
    """Put each image's coverage where it belongs, times its colour."""
    side = stamps.shape[-1]
    levels = np.rint(255 * colours).astype(np.float32)[:, :, None, None]
    for i in range(len(images)):
        window = images[i, :, top[i] : top[i] + side, left[i] : left[i] + side]
        window[...] = np.rint(levels[i] * stamps[which[i]])


def _stamp(look: np.ndarray, reach: int) -> np.ndarray:
    """Coverage in [0, 1] of each pixel within `reach` of the pixel that holds the centroid."""
    shape, scale, rotation, x, y = look
    side = 2 * reach + 1
    ticks = (np.arange(side * SUBSAMPLES) + 0.5) / SUBSAMPLES - reach
    across, down = ticks[None, :] - x, ticks[:, None] - y
    cos, sin = np.cos(rotation) / scale, np.sin(rotation) / scale
    inside = INSIDE[int(shape)](cos * across + sin * down, cos * down - sin * across)
    return inside.reshape(side, SUBSAMPLES, side, SUBSAMPLES).mean(axis=(1, 3), dtype=np.float32)


def _square(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return np.maximum(abs(u), abs(v)) <= 0.5


def _ellipse(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Twice as wide as high."""
    return u**2 + 4 * v**2 <= 2 / np.pi


def _heart(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """A square on its corner with a half disc on each upper side; v points down."""
    # In units of the square's side its area is 1 + pi / 4, and the half discs, each of area pi / 8
    # with its centroid 1/2 + 2 / (3 pi) along the side's normal, pull the centroid up by `rise`.
    area = 1 + np.pi / 4
    rise = (np.pi / 4) * (0.5 + 2 / (3 * np.pi)) / np.sqrt(2) / area
    u, up = u * np.sqrt(area), rise - v * np.sqrt(area)
    p, q = (up + u) / np.sqrt(2), (up - u) / np.sqrt(2)
    square = np.maximum(abs(p), abs(q)) <= 0.5
    return square | ((p - 0.5) ** 2 + q**2 <= 0.25) | (p**2 + (q - 0.5) ** 2 <= 0.25)


INSIDE = (_square, _ellipse, _heart)


def _rgb(hue: np.ndarray) -> np.ndarray:
    """Fully saturated colours of hues in turns: (N, 3) in [0, 1]."""
    distance = (hue[:, None] * 6 - np.array([0.0, 2.0, 4.0]) + 3) % 6 - 3
    return np.clip(2 - abs(distance), 0, 1)
