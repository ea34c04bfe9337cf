"""A picture file from anywhere, as numbers."""

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vae.errors import UserError

if TYPE_CHECKING:
    from PIL.Image import Image as Opened
    from PIL.ImageFile import ImageFile

LARGEST_BYTES = 20_000_000
LARGEST_PIXELS = 40_000_000
LARGEST_SIDE = 1024
"""Pixels; a larger picture is averaged down to this before anything else."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
WIDE_MODES = ("I", "I;16", "I;16B", "I;16L", "F")
GREY_MODES = ("1", "L")
FULL = 65_535
ROWS = 256
"""So many rows of a picture are laid on white at once."""


@dataclass(frozen=True)
class Picture:
    """A picture as a viewer shows it: float32 in [0, 1], (C, H, W) with 1 or 3 channels.

    ``wide`` pictures have more than 8 bits a level. What such a file holds rarely fills its range,
    so its levels have to be stretched to be seen.
    """

    pixels: np.ndarray
    wide: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no more than two of 256 levels are between its darkest and lightest pixel."""
        least = 0.5 / FULL if self.wide else 2.5 / 255
        return float(self.pixels.max() - self.pixels.min()) < least


def open_picture(content: bytes, channels: int) -> Picture:
    """Decode a picture file, grey where ``channels`` is 1 and with three colours where it is 3.

    Transparent places become white, a photograph is turned as its camera says, and of a moving
    picture the first frame counts.

    Raises
    ------
    UserError
        For more than 20 MB or 40 million pixels, and for what is no picture.
    """
    opened = _opened(content)
    try:
        upright = _upright(opened)
        if upright.mode in WIDE_MODES:
            return Picture(_wide(upright, channels), wide=True)
        flat = _shrunk(_in_mode(_on_white(upright), "L" if channels == 1 else "RGB"))
    except UserError:
        raise
    # a broken file makes Pillow's readers raise almost anything
    except Exception as error:
        raise _no_picture() from error
    levels = np.asarray(flat, dtype=np.float32).reshape(flat.height, flat.width, channels)
    return Picture(levels.transpose(2, 0, 1) / 255, _is_deep(opened, content))


def open_values(content: bytes) -> tuple[np.ndarray, tuple[int, int]]:
    """Decode a picture file to the numbers it holds, upright and on white as `open_picture`.

    Returns
    -------
    values : array (C, H, W)
        Uint8, or for more than 8 bits a level the numbers of the file (uint16, int32, float32);
        one channel where all colours are grey, else three. Averaged down to 1,024 pixels.
    size : (int, int)
        Height and width before that.

    Raises
    ------
    UserError
        As `open_picture`.
    """
    opened = _opened(content)
    try:
        upright = _upright(opened)
        size = upright.height, upright.width
        if upright.mode in WIDE_MODES:
            return _wide_values(upright)[None], size
        if _is_deep(opened, content) and _has_low_bytes(opened):
            return _without_copies(_deep_values(upright, content)), size
        plain = upright.mode in GREY_MODES and not upright.has_transparency_data
        flat = _shrunk(_in_mode(_on_white(upright), "L" if plain else "RGB"))
    except UserError:
        raise
    # as above
    except Exception as error:
        raise _no_picture() from error
    values = np.asarray(flat).reshape(flat.height, flat.width, -1).transpose(2, 0, 1)
    deep = _is_deep(opened, content)
    # the eight bits that are left of 16, where the 16 were
    return _without_copies(values.astype(np.uint16) * 257 if deep else values.copy()), size


def _without_copies(values: np.ndarray) -> np.ndarray:
    """Keep one channel where three are equal."""
    return values[:1] if len(values) == 3 and (values == values[:1]).all() else values


def _opened(content: bytes) -> "ImageFile":
    if len(content) > LARGEST_BYTES:
        raise UserError(
            f"the picture has {len(content) / 1e6:.1f} MB, more than the "
            f"{LARGEST_BYTES // 10**6} MB that are read; save it smaller"
        )
    return _open(content)


def _upright(opened: "Opened") -> "Opened":
    from PIL import ImageOps

    return ImageOps.exif_transpose(opened)


def _is_deep(opened: "Opened", content: bytes) -> bool:
    """Tell whether the file has 16 bits per colour, of which Pillow keeps the upper eight."""
    return opened.format == "PNG" and content[24:25] == b"\x10"


def _has_low_bytes(opened: "Opened") -> bool:
    """Tell whether the lower eight of 16 bits per colour can be read, and whole."""
    plain = opened.mode == "RGB" and not opened.has_transparency_data
    return plain and max(opened.size) <= LARGEST_SIDE


def _deep_values(upper: "Opened", content: bytes) -> np.ndarray:
    """Put 16 bits per colour together, uint16 (3, H, W): Pillow reads eight at a time.

    Told that the bytes of a value stand the other way round it takes the lower for the upper one.
    """
    lower = _open(content)
    # a picture that is not loaded yet has its tiles, and one that was has none left
    lower.tile = [one._replace(args="RGB;16L") for one in lower.tile]
    high, low = (np.asarray(one, dtype=np.uint16) for one in (upper, _upright(lower)))
    return (high * 256 + low).transpose(2, 0, 1)


def _open(content: bytes) -> "ImageFile":
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # Pillow warns of large pictures on standard error; our limit is the lower one
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except Exception as error:
        raise _no_picture() from error
    if picture.width * picture.height > LARGEST_PIXELS:
        raise _too_many_pixels()
    return picture


def _in_mode(picture: "Opened", mode: str) -> "Opened":
    """Convert a picture, without a copy where that is nothing to do."""
    return picture if picture.mode == mode else picture.convert(mode)


def _on_white(picture: "Opened") -> "Opened":
    from PIL import Image

    if picture.mode == "1" or not picture.has_transparency_data:
        return picture
    laid = Image.new("RGB", picture.size)
    # a few rows at a time: of a large picture there are no more copies than this one
    for top in range(0, picture.height, ROWS):
        area = (0, top, picture.width, min(top + ROWS, picture.height))
        rows = picture.crop(area).convert("RGBA")
        white = Image.new("RGBA", rows.size, "white")
        laid.paste(Image.alpha_composite(white, rows).convert("RGB"), area)
    return laid


def _wide(picture: "Opened", channels: int) -> np.ndarray:
    """Grey levels of 16 or 32 bits; those that 16 bits cannot hold, by what the file holds."""
    from PIL import Image

    values = np.asarray(picture, dtype=np.float64)
    if not np.isfinite(values).all():
        raise UserError("the picture holds numbers that are not finite; save it as a plain PNG")
    low, high = values.min(), values.max()
    if picture.mode == "F" or low < 0 or high > FULL:
        values = (values - low) / max(high - low, np.finfo(np.float64).tiny)
    else:
        values = values / FULL
    grey = np.asarray(_shrunk(Image.fromarray(values.astype(np.float32))))
    return np.repeat(grey[None], channels, axis=0)


def _wide_values(picture: "Opened") -> np.ndarray:
    """Levels as the file holds them, (H, W)."""
    from PIL import Image

    values = np.asarray(picture)
    if max(picture.size) <= LARGEST_SIDE:
        return values.copy()
    small = np.asarray(_shrunk(Image.fromarray(values.astype(np.float32))))
    return small if values.dtype.kind == "f" else np.rint(small).astype(values.dtype)


def _shrunk(picture: "Opened") -> "Opened":
    from PIL.Image import Resampling

    share = LARGEST_SIDE / max(picture.size)
    if share >= 1:
        return picture
    width, height = (max(1, round(side * share)) for side in picture.size)
    return picture.resize((width, height), Resampling.BOX)


def _no_picture() -> UserError:
    return UserError(
        f"this is no picture that can be read, or it is damaged; use one of {', '.join(FORMATS)}"
    )


def _too_many_pixels() -> UserError:
    return UserError(
        f"the picture has more than {LARGEST_PIXELS // 10**6} million pixels; save it smaller"
    )
