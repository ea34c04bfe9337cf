"""Pictures from anywhere become images of a model's shape, or are refused in one sentence."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from vae.data import pictures
from vae.data.picture_fit import Treatment, fitted
from vae.data.pictures import open_picture
from vae.errors import UserError

RANDOM = np.random.default_rng(0)


def saved(pixels: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def read_picture(content: bytes, image_shape: tuple[int, ...]) -> np.ndarray:
    """Read a picture as uint8 (C, H, W), its middle averaged down to the shape."""
    picture = open_picture(content, image_shape[0])
    x = fitted(picture.pixels, image_shape, None, Treatment(stretch=picture.wide))
    return (x * 255).round().astype(np.uint8)


def test_a_picture_of_the_models_shape_stays_as_it_is():
    grey = RANDOM.integers(0, 256, (12, 10), dtype=np.uint8)
    np.testing.assert_array_equal(read_picture(saved(grey), (1, 12, 10)), grey[None])
    rgb = RANDOM.integers(0, 256, (12, 10, 3), dtype=np.uint8)
    expected = rgb.transpose(2, 0, 1)
    np.testing.assert_array_equal(read_picture(saved(rgb), (3, 12, 10)), expected)


def test_the_middle_is_kept_and_the_sides_are_cut():
    wide = np.zeros((40, 120), np.uint8)
    wide[:, 40:80] = 255
    np.testing.assert_array_equal(read_picture(saved(wide), (1, 8, 8)), np.full((1, 8, 8), 255))


def test_a_grey_picture_has_three_equal_channels_for_a_model_of_colours():
    made = read_picture(saved(RANDOM.integers(0, 256, (30, 30), dtype=np.uint8)), (3, 8, 8))
    assert (made == made[:1]).all()
    assert made.dtype == np.uint8


def test_sixteen_bits_keep_their_proportions():
    deep = np.linspace(0, 65_535, 64).astype(np.uint16).reshape(8, 8)
    expected = np.round(deep / 257)[None]
    np.testing.assert_array_equal(read_picture(saved(deep), (1, 8, 8)), expected)


def test_a_transparent_picture_lies_on_white():
    ink = np.zeros((8, 8, 4), np.uint8)
    ink[2:4, 2:4, 3] = 255
    made = read_picture(saved(ink), (1, 8, 8))[0]
    assert made[0, 0] == 255
    assert made[2, 2] == 0


def test_a_photograph_is_turned_as_its_camera_says():
    upright = np.zeros((8, 8), np.uint8)
    upright[:4] = 255
    exif = Image.Exif()
    exif[274] = 3  # upside down
    turned = read_picture(saved(upright, "PNG", exif=exif), (1, 8, 8))[0]
    np.testing.assert_array_equal(turned, upright[::-1])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_the_usual_formats_are_read(kind):
    made = read_picture(saved(np.full((20, 20), 90, np.uint8), kind), (1, 8, 8))
    # lossy formats may miss by a level or two
    np.testing.assert_allclose(made, 90, atol=2)


def picture_of(width: int, height: int) -> bytes:
    """A PNG that says to be of a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("side", [6_400, 10_000, 20_000, 2**31 - 1])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(side):
    with pytest.raises(UserError, match="more than 40 million pixels|is no picture"):
        read_picture(picture_of(side, side), (1, 8, 8))


def test_a_file_of_too_many_bytes_is_refused():
    with pytest.raises(UserError, match="20.0 MB, more than the 20 MB"):
        read_picture(bytes(pictures.LARGEST_BYTES + 1), (1, 8, 8))


WHOLE = saved(RANDOM.integers(0, 256, (60, 60), dtype=np.uint8))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"this is no picture\n" * 100,
        RANDOM.bytes(5_000),
        WHOLE[:40],
        WHOLE[: len(WHOLE) // 2],
        WHOLE[:60] + bytes(200) + WHOLE[260:],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        picture_of(9, 9),
    ],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(UserError, match="this is no picture that can be read, or it is damaged"):
        read_picture(content, (1, 8, 8))


def test_numbers_that_are_not_finite_are_refused():
    floats = np.full((8, 8), 0.5, np.float32)
    floats[3, 3] = np.nan
    with pytest.raises(UserError, match="numbers that are not finite"):
        read_picture(saved(floats, "TIFF"), (1, 8, 8))


@pytest.mark.parametrize("kind", ["uint16", "int32", "float32"])
def test_wide_levels_are_stretched_to_what_the_file_holds(kind):
    ramp = np.arange(0, 4096, 64)[:64].reshape(8, 8).astype(kind)
    made = read_picture(saved(ramp, "PNG" if kind == "uint16" else "TIFF"), (1, 8, 8))[0]
    np.testing.assert_array_equal(made, np.round(ramp / ramp.max() * 255.0))


@pytest.mark.parametrize(
    ("pixels", "empty"),
    [
        (np.full((9, 9), 70, np.uint8), True),
        (np.array([[70, 72]], np.uint8), True),
        (np.array([[70, 80]], np.uint8), False),
        (np.array([[3, 40]], np.uint16), False),
        (np.full((4, 4), 4095, np.uint16), True),
    ],
)
def test_a_picture_of_one_level_is_empty(pixels, empty):
    assert open_picture(saved(pixels), 1).is_empty == empty


def test_ink_of_a_palette_or_of_four_printing_colours_is_read_as_it_looks():
    red = Image.new("RGB", (8, 8), (200, 30, 30))
    for made, kind in ((red.convert("P"), "PNG"), (red.convert("CMYK"), "TIFF")):
        file = io.BytesIO()
        made.save(file, kind)
        found = open_picture(file.getvalue(), 3).pixels[:, 0, 0] * 255
        # a palette of 256 web colours is coarse
        np.testing.assert_allclose(found, [200, 30, 30], atol=30)


def deep_colours(pixels: np.ndarray) -> bytes:
    """Write a PNG of 16 bits per colour, (H, W, 3), which Pillow cannot."""
    height, width, _ = pixels.shape

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_all_sixteen_bits_of_colours_are_read():
    pixels = RANDOM.integers(0, 4096, (9, 7, 3)).astype(np.uint16)
    values, size = pictures.open_values(deep_colours(pixels))
    assert (values.dtype, size) == (np.uint16, (9, 7))
    np.testing.assert_array_equal(values, pixels.transpose(2, 0, 1))
