"""A picture made like a data set's images: inverted, stretched, scaled and centred.

The same as `vae/web/pictures/fit.js`, on the same numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vae.data.sources import Framing

FULL_RANGE = 0.98
"""Share of all levels from which on there is nothing to stretch."""
INK = 0.25
"""Share of the strongest contrast with the ground from which on a pixel is ink."""
COARSE_SIDE = 128
"""Pixels of the longer side of the picture in which levels and ink are looked for: noise is not."""
PLACED = 1.0
"""Pixels of the model's shape by which an image that is in its place may be off."""
MIDDLE_GREY = 0.5


@dataclass(frozen=True)
class Treatment:
    """What is done to a picture before it is encoded."""

    invert: bool = False
    stretch: bool = False
    centre: bool = False


@dataclass(frozen=True)
class Window:
    """A part of a picture in its pixels; it may reach beyond the picture."""

    left: float
    top: float
    width: float
    height: float


def fitted(
    picture: np.ndarray,
    image_shape: tuple[int, ...],
    framing: Framing | None,
    treatment: Treatment,
) -> np.ndarray:
    """Pixels (C, height, width) of ``image_shape`` in [0, 1] of a picture (C, H, W) in [0, 1].

    Without ``treatment.centre`` the middle of the picture is taken, as large as the shape's
    proportions allow. Every pixel is the average of the area that it covers.
    """
    _, height, width = image_shape
    x = toned(picture, treatment, framing)
    ground = edge_level(x)
    if framing is None or not treatment.centre:
        window = _middle(x.shape, height, width)
        return resampled(x, window, height, width, ground).clip(0, 1)
    window = _around_ink(x, ground, framing, height, width)
    if framing.middle == "mass":
        first = resampled(x, window, height, width, ground).clip(0, 1)
        window = _moved(window, _centre_of_mass(first, ground), framing, height, width)
    return _as_strong(resampled(x, window, height, width, ground), x, ground).clip(0, 1)


def toned(picture: np.ndarray, treatment: Treatment, framing: Framing | None) -> np.ndarray:
    """Invert and stretch; where the data set's ground is black, the picture's becomes black.

    Noise may leave [0, 1]: cut before it is averaged it would have another mean.
    """
    x = 1 - picture if treatment.invert else picture
    if not treatment.stretch:
        return x
    low, high = levels(x, framing)
    return (x - low) / (high - low) if high > low else x


def levels(x: np.ndarray, framing: Framing | None) -> tuple[float, float]:
    """Levels that become black and white when a picture is stretched."""
    seen = coarse(x)
    low, high = float(seen.min()), float(seen.max())
    ground = edge_level(x)
    dark = framing is not None and ground < (low + high) / 2
    return (ground if dark else low), high


def coarse(x: np.ndarray) -> np.ndarray:
    """Average a picture down until its longer side has 128 pixels at most."""
    _, rows, columns = x.shape
    share = COARSE_SIDE / max(rows, columns)
    if share >= 1:
        return x
    # half a pixel upwards, as the browser rounds
    height, width = (max(1, int(side * share + 0.5)) for side in (rows, columns))
    return resampled(x, Window(0, 0, columns, rows), height, width, 0)


def edge_level(x: np.ndarray) -> float:
    """Median of a picture's outermost pixels: what its ink lies on."""
    grey = coarse(x).mean(axis=0)
    edge = np.ones(grey.shape, bool)
    edge[1:-1, 1:-1] = False
    return float(np.median(grey[edge]))


def is_placed(picture: np.ndarray, image_shape: tuple[int, ...], framing: Framing) -> bool:
    """Whether a picture of the model's shape already is where the data set's images are."""
    if picture.shape != tuple(image_shape):
        return False
    _, height, width = image_shape
    ground = edge_level(picture)
    window = _around_ink(picture, ground, framing, height, width)
    x, y = window.left + framing.centre * width, window.top + framing.centre * height
    if framing.middle == "mass":
        x, y = _centre_of_mass(picture, ground)
    off = max(abs(x - framing.centre * width), abs(y - framing.centre * height))
    # the box is of whole pixels: a soft rim below the ink's level is one of them on either side
    wider = abs(width - window.width) * framing.box
    return off <= PLACED and wider <= 2 * PLACED


def resampled(x: np.ndarray, window: Window, height: int, width: int, outside: float) -> np.ndarray:
    """Average (…, H, W) over the areas of height × width pixels laid over a window."""
    rows, columns = x.shape[-2:]
    down = _shares(window.top, window.height / height, height, rows)
    across = _shares(window.left, window.width / width, width, columns)
    inside = down.sum(axis=1)[:, None] * across.sum(axis=1)[None]
    return down @ x @ across.T + outside * (1 - inside)


def propose(
    picture: np.ndarray,
    image_shape: tuple[int, ...],
    framing: Framing | None,
    wide: bool = False,
    usual: tuple[float, float] | None = None,
    log_px: Callable[[np.ndarray], float] | None = None,
) -> Treatment:
    """Choose the treatment that makes a picture most like a data set's images.

    ``log_px`` gives log p(x|z) of an image at its own posterior mean in nats and ``usual`` the
    range in which it lies for the data set's images: the treatment that comes nearest to it is
    taken. Where they are not known, a ground brighter than grey is inverted if the data set's is
    black. Levels are stretched in any case if the picture is ``wide`` or the data set's images
    all fill their range, and it does not.
    """
    options = _options(picture, image_shape, framing, wide)
    if usual is None or log_px is None:
        bright = framing is not None and edge_level(toned(picture, options[0], None)) > MIDDLE_GREY
        return next(option for option in options if option.invert == bright)

    def distance(option: Treatment) -> float:
        value = log_px(fitted(picture, image_shape, framing, option))
        return max(0.0, usual[0] - value, value - usual[1])

    # of equals the first stays
    return min(options, key=distance)


def in_words(treatment: Treatment, picture: np.ndarray, framing: Framing | None) -> str:
    """Say what a treatment did, such as "inverted and centred"; empty where it did nothing."""
    done = ["inverted"] if treatment.invert else []
    if treatment.stretch:
        low, high = levels(1 - picture if treatment.invert else picture, framing)
        ends = (1 - low, 1 - high) if treatment.invert else (low, high)
        done.append(f"stretched from {ends[0]:.1%} and {ends[1]:.1%} of white to black and white")
    if treatment.centre:
        done.append("scaled and centred")
    return " and ".join([", ".join(done[:-1]), done[-1]] if len(done) > 1 else done)


def _options(
    picture: np.ndarray, image_shape: tuple[int, ...], framing: Framing | None, wide: bool
) -> list[Treatment]:
    centre = framing is not None and not is_placed(picture, image_shape, framing)
    low, high = float(picture.min()), float(picture.max())
    narrow = high - low < FULL_RANGE
    choices = [True] if narrow and wide else [True, False] if narrow else [False]
    if narrow and not wide and framing is None:
        choices = [False, True]
    return [Treatment(invert, stretch, centre) for stretch in choices for invert in (False, True)]


def _middle(shape: tuple[int, ...], height: int, width: int) -> Window:
    _, rows, columns = shape
    scale = min(columns / width, rows / height)
    across, down = scale * width, scale * height
    return Window((columns - across) / 2, (rows - down) / 2, across, down)


def _around_ink(x: np.ndarray, ground: float, framing: Framing, height: int, width: int) -> Window:
    seen = coarse(x)
    grain_x, grain_y = x.shape[2] / seen.shape[2], x.shape[1] / seen.shape[1]
    contrast = np.abs(seen.mean(axis=0) - ground)
    rows, columns = np.nonzero(contrast >= INK * contrast.max())
    left, right = columns.min() * grain_x, (columns.max() + 1) * grain_x
    top, bottom = rows.min() * grain_y, (rows.max() + 1) * grain_y
    scale = max(right - left, bottom - top) / (framing.box * min(width, height))
    across, down = scale * width, scale * height
    return Window(
        float((left + right) / 2 - framing.centre * across),
        float((top + bottom) / 2 - framing.centre * down),
        float(across),
        float(down),
    )


def _as_strong(small: np.ndarray, x: np.ndarray, ground: float) -> np.ndarray:
    """Give ink the contrast that it had: an average over a thin line and its ground is faint."""
    contrast = np.abs(x.clip(0, 1) - ground)
    # a mean, since the strongest pixels of a photograph are noise
    wanted = contrast[contrast >= contrast.max() / 2].mean()
    found = np.abs(small - ground).max()
    return ground + (small - ground) * max(1.0, wanted / found) if found > 0 else small


def _centre_of_mass(x: np.ndarray, ground: float) -> tuple[float, float]:
    """Centre (x, y) of the contrast with the ground, in pixels from the upper left corner."""
    contrast = np.abs(x.mean(axis=0) - ground)
    mass = contrast.sum()
    height, width = contrast.shape
    if mass == 0:
        return width / 2, height / 2
    across, down = np.arange(width) + 0.5, np.arange(height) + 0.5
    return float(contrast.sum(0) @ across / mass), float(contrast.sum(1) @ down / mass)


def _moved(
    window: Window, centre: tuple[float, float], framing: Framing, height: int, width: int
) -> Window:
    across = (centre[0] - framing.centre * width) * window.width / width
    down = (centre[1] - framing.centre * height) * window.height / height
    return Window(window.left + across, window.top + down, window.width, window.height)


def _shares(start: float, step: float, count: int, size: int) -> np.ndarray:
    """Share of each of ``size`` pixels in each of ``count`` areas, (count, size)."""
    low = start + step * np.arange(count)[:, None]
    pixel = np.arange(size)[None]
    overlap = np.minimum(low + step, pixel + 1) - np.maximum(low, pixel)
    return np.clip(overlap, 0, None) / step
