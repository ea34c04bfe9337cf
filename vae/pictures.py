"""A picture from anywhere, brought into the shape of a model's images."""

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

from vae.errors import UserError

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

LARGEST_BYTES = 20_000_000
LARGEST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
WIDE_MODES = ("I", "I;16", "I;16B", "I;16L", "F")


def read_picture(content: bytes, image_shape: tuple[int, ...]) -> np.ndarray:
    """Decode a picture file into uint8 pixels of ``image_shape`` (C, H, W).

    The middle of the picture, as large as the shape's proportions allow, is averaged down to the
    shape and made grey where C is 1. A picture of just that shape stays as it is, pixel by pixel.
    Transparent places become white; of a moving picture the first frame counts.

    Raises
    ------
    UserError
        For more than 20 MB or 40 million pixels, and for what is no picture.
    """
    if len(content) > LARGEST_BYTES:
        raise UserError(
            f"the picture has {len(content) / 1e6:.1f} MB, more than the "
            f"{LARGEST_BYTES // 10**6} MB that are read; save it smaller"
        )
    channels, height, width = image_shape
    picture = _open(content)
    try:
        from PIL import ImageOps

        flat = _on_white(ImageOps.exif_transpose(picture)).convert("L" if channels == 1 else "RGB")
        fitted = _middle(flat, width, height)
    except UserError:
        raise
    # a broken file makes Pillow's readers raise almost anything
    except Exception as error:
        raise _no_picture() from error
    return np.asarray(fitted).reshape(height, width, channels).transpose(2, 0, 1).copy()


def _open(content: bytes) -> "Picture":
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


def _middle(picture: "Picture", width: int, height: int) -> "Picture":
    from PIL.Image import Resampling

    scale = min(picture.width / width, picture.height / height)
    across, down = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (picture.width - across) // 2, (picture.height - down) // 2
    # cut first: resampling a box of the whole would let its surroundings shine in
    kept = picture.crop((left, top, left + across, top + down))
    return kept.resize((width, height), Resampling.BOX)


def _on_white(picture: "Picture") -> "Picture":
    from PIL import Image

    if picture.mode in WIDE_MODES:
        return _narrowed(picture)
    if picture.mode == "1" or not picture.has_transparency_data:
        return picture
    picture = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)


def _narrowed(picture: "Picture") -> "Picture":
    from PIL import Image

    # to the nearest of 256 levels, where Pillow would cut everything above 255
    values = np.asarray(picture, dtype=np.float64)
    if picture.mode == "F" or values.min() < 0 or values.max() > 65_535:
        raise UserError("the picture's numbers are not those of 16 bits; save it as a plain PNG")
    return Image.fromarray((values / 257).round().astype(np.uint8))


def _no_picture() -> UserError:
    return UserError(
        f"this is no picture that can be read, or it is damaged; use one of {', '.join(FORMATS)}"
    )


def _too_many_pixels() -> UserError:
    return UserError(
        f"the picture has more than {LARGEST_PIXELS // 10**6} million pixels; save it smaller"
    )
