"""The path between two latents as a strip of images (PNG) or an endless film (GIF)."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vae.errors import UserError
from vae.export.pictures import GAP, decode, enlarged, picture, png, sheet
from vae.latent.paths import PATHS, classes_on, path

if TYPE_CHECKING:
    from PIL.Image import Image

    from vae.checkpoint import Checkpoint

BOTH = "both"
Classes = tuple[int, int] | None
MILLISECONDS = 60
FRAME_TIMES = (20, 1000)
"""Shortest and longest time of a frame in ms; browsers slow down what is shorter still."""
LONGEST_FILM = 655_350
"""Milliseconds: frames that are alike become one, and a GIF counts its time in 16 bits of 10 ms."""


def methods() -> tuple[str, ...]:
    """List the kinds of path there are now, and the name for all of them in one picture."""
    return (*PATHS, BOTH)


@dataclass(frozen=True)
class Way:
    """The way from latent a to latent b, which a strip or a film shows."""

    checkpoint: "Checkpoint"
    a: np.ndarray
    b: np.ndarray
    method: str = "slerp"
    """A kind of path, or "both" for every kind there is."""
    overshoot: float = 0.0
    classes: Classes = None
    """Those of a and of b, for a model that is told classes."""

    def rows(self, steps: int) -> list[np.ndarray]:
        """Decode so many images on the path, for each kind of it."""
        methods = tuple(PATHS) if self.method == BOTH else (self.method,)
        over, classes = self.overshoot, self.classes
        labels = None if classes is None else classes_on(*classes, steps, over)
        paths = [path(self.a, self.b, steps, each, over) for each in methods]
        return [decode(self.checkpoint.model, each, labels) for each in paths]


def strip_png(way: Way, steps: int = 16, zoom: int = 4) -> bytes:
    """PNG of the images on the way, side by side; "both" has one row per method."""
    return png(sheet(np.concatenate(way.rows(steps)), columns=steps), zoom)


def film_gif(way: Way, steps: int = 32, zoom: int = 4, milliseconds: int = MILLISECONDS) -> bytes:
    """Endless GIF of the way there and back; "both" shows the methods side by side.

    ``milliseconds`` is the time of a frame, a multiple of 10.
    """
    check_frame_time(steps, milliseconds)
    rows = way.rows(steps)
    if len(rows) == 1:
        frames = rows[0]
    else:
        frames = np.stack(
            [sheet(np.stack(images), len(rows)) for images in zip(*rows, strict=True)]
        )
    return gif(there_and_back(frames), zoom, milliseconds)


def pixel_count(image_shape: tuple[int, ...], kind: str, method: str, steps: int, zoom: int) -> int:
    """Count the pixels that a strip ("png") or a film ("gif") has to be written with."""
    _, height, width = image_shape
    rows = len(PATHS) if method == BOTH else 1
    images = rows * (steps if kind == "png" else 2 * steps - 2)
    return images * (height + 2 * GAP) * (width + 2 * GAP) * zoom**2


def check_frame_time(steps: int, milliseconds: int) -> None:
    """Raise `UserError` where a GIF could not keep a frame's time."""
    shortest, longest = FRAME_TIMES
    if milliseconds % 10 or not shortest <= milliseconds <= longest:
        raise UserError(
            f"a frame takes from {shortest} to {longest} milliseconds in steps of 10, "
            f"not {milliseconds}"
        )
    if (2 * steps - 2) * milliseconds > LONGEST_FILM:
        raise UserError(
            f"{steps} images of {milliseconds} ms there and back last more than "
            f"{LONGEST_FILM // 60_000} minutes; choose fewer steps or a shorter time"
        )


def there_and_back(frames: np.ndarray) -> np.ndarray:
    """Append the way back without both ends, so that the endless film has no jump."""
    return np.concatenate([frames, frames[-2:0:-1]])


def gif(frames: np.ndarray, zoom: int, milliseconds: int) -> bytes:
    """Encode frames (N, H, W, C) as an endless GIF; equal neighbours become one, shown longer.

    Grey levels are exact. Colours come from one palette of 256 for all frames, so that nothing
    flickers; they are exact where the film has no more.
    """
    file = io.BytesIO()
    first, *rest = (enlarged(frame, zoom) for frame in _indexed(frames))
    first.save(
        file, "GIF", save_all=True, append_images=rest, duration=milliseconds, loop=0, optimize=True
    )
    return file.getvalue()


def _indexed(frames: np.ndarray) -> list["Image"]:
    if frames.shape[-1] == 1:
        return [picture(frame) for frame in frames]
    from PIL.Image import Dither

    everything = picture(frames.reshape(-1, *frames.shape[2:]))
    palette = everything.quantize(256)
    return [picture(frame).quantize(palette=palette, dither=Dither.NONE) for frame in frames]
