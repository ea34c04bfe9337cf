"""The latent map of a run as it formed: an endless film (GIF), or a strip of some moments (PNG)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vae.colours import CLASS_COLOURS
from vae.errors import UserError
from vae.export.film import gif
from vae.export.pictures import picture, png, sheet

SIDE = 320
"""Pixels of a frame's side."""
FRAMES, MILLISECONDS, REST = 60, 100, 15
"""At most so many moments, the time of each, and how many times as long the last one stands."""
STRIP = 8
ROOM = 1.05
MOST_SHOWN = 99.5
"""Percentile of the distances from the centre that every frame holds."""
PAPER, INK, FAINT = (255, 255, 255), (90, 90, 90), (225, 225, 225)
RADII = ((300, 3), (1000, 2))
"""Up to so many points each has this radius in pixels; that of more points is 1."""


@dataclass(frozen=True)
class Moment:
    """The map after so many steps."""

    step: int
    places: np.ndarray
    """Posterior means on the plane, (N, 2)."""
    label: np.ndarray
    """Class of each image, (N,); −1 for none."""


def map_gif(moments: Sequence[Moment]) -> bytes:
    """Encode the film; its last frame rests before it begins anew."""
    frames = drawn(thinned(moments, FRAMES))
    return gif(np.concatenate([frames, np.repeat(frames[-1:], REST, 0)]), 1, MILLISECONDS)


def map_strip(moments: Sequence[Moment]) -> bytes:
    """Encode some moments side by side."""
    frames = drawn(thinned(moments, STRIP))
    return png(sheet(frames, len(frames)))


def thinned(moments: Sequence[Moment], most: int) -> list[Moment]:
    """Take at most so many moments, the first and the last among them."""
    if not moments:
        raise UserError("this run has no snapshot of its map; train it for a few seconds")
    places = np.linspace(0, len(moments) - 1, min(most, len(moments)))
    return [moments[round(place)] for place in places]


def drawn(moments: Sequence[Moment]) -> np.ndarray:
    """Draw the maps at one scale, uint8 (frames, SIDE, SIDE, 3)."""
    far = [np.percentile(np.abs(one.places), MOST_SHOWN) for one in moments if len(one.places)]
    reach = ROOM * max([*map(float, far), 1e-6])
    return np.stack([_frame(one, reach) for one in moments])


def _frame(moment: Moment, reach: float) -> np.ndarray:
    canvas = np.full((SIDE, SIDE, 3), PAPER, np.uint8)
    for line in (0, SIDE // 2, SIDE - 1):
        canvas[line] = canvas[:, line] = FAINT
    across, up = np.asarray(moment.places, dtype=np.float64).T / reach
    column, row = (np.round((1 + side) / 2 * (SIDE - 1)) for side in (across, -up))
    colours = np.array([_colour(code) for code in CLASS_COLOURS], np.uint8)
    known = np.where(moment.label[:, None] < 0, INK, colours[moment.label % len(colours)])
    for right, down in _disc(len(moment.places)):
        x, y = column + right, row + down
        seen = (x >= 0) & (x < SIDE) & (y >= 0) & (y < SIDE)
        canvas[y[seen].astype(int), x[seen].astype(int)] = known[seen]
    return _named(canvas, f"step {moment.step:,}")


def _disc(count: int) -> list[tuple[int, int]]:
    """List the pixels of a point around its centre; of few points each is larger."""
    radius = next((radius for most, radius in RADII if count <= most), 1)
    side = range(-radius, radius + 1)
    return [(x, y) for x in side for y in side if x * x + y * y <= radius * radius]


def _named(canvas: np.ndarray, words: str) -> np.ndarray:
    from PIL import ImageDraw

    image = picture(canvas)
    ImageDraw.Draw(image).text((6, SIDE - 18), words, fill=INK)
    return np.asarray(image)


def _colour(code: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(code.removeprefix("#")))
