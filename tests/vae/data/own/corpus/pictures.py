"""Picture files: kinds that are read as a viewer shows them, damage, bombs, what is no picture."""

import struct
import zlib

import numpy as np
from PIL import Image

from tests.vae.data.own.corpus.case import (
    COLOURS,
    GOOD,
    GREYS,
    Case,
    left_out,
    picture,
    plain,
    png,
    seen_as,
    sent,
)

GREY, COLOUR = GREYS[0], COLOURS[0] // 2
DEEP = COLOUR - COLOUR.min() + (COLOUR == COLOUR.max()) * np.uint8(128)
JPEG_ERROR = 3
"""A JPEG of one colour keeps it up to the rounding of its own colours, by two levels or so."""
RAMP = np.linspace(0, 4095, 256).round().astype(np.uint16).reshape(16, 16)
NOT_READ = "is no picture"


def chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def png_of(width: int, height: int, *chunks: bytes) -> bytes:
    """Write a grey PNG that claims a size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def bomb(width: int, height: int) -> bytes:
    return png_of(width, height, chunk(b"IDAT", zlib.compress(bytes(10_000))))


def palette(transparent: bool = False) -> bytes:
    made = Image.fromarray(plain(GREY) % 4).convert("L")
    made = Image.frombytes("P", made.size, made.tobytes())
    made.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120])
    return picture(made, "PNG", **({"transparency": 1} if transparent else {}))


def palette_seen(transparent: bool = False) -> np.ndarray:
    levels = (GREY[0] % 4).astype(np.uint8)
    shown = np.stack([10 * (1 + 3 * levels + channel) for channel in range(3)]).astype(np.uint8)
    return np.where(transparent & (levels == 1), 255, shown).astype(np.uint8)


def with_opacity(pixels: np.ndarray, mode: str) -> bytes:
    opaque = np.zeros((1, 16, 16), np.uint8)
    opaque[:, :8] = 255
    return png(np.concatenate([pixels, opaque]), mode)


def half_white(pixels: np.ndarray) -> np.ndarray:
    shown = pixels.copy()
    shown[:, 8:] = 255
    return shown


def animated(kind: str) -> bytes:
    frames = [Image.fromarray(plain(pixels)) for pixels in GREYS[:3]]
    return picture(frames[0], kind, save_all=True, append_images=frames[1:])


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return png(GREY, exif=exif)


def cmyk(kind: str, values: tuple[int, int, int, int]) -> bytes:
    return picture(Image.new("CMYK", (16, 16), values), kind)


def flat(*levels: int) -> np.ndarray:
    return np.full((len(levels), 16, 16), np.array(levels)[:, None, None], np.uint8)


def one_bit(kind: str, **saved: object) -> bytes:
    return picture(Image.fromarray(plain(GREY) > 127), kind, **saved)


def wide_colours() -> bytes:
    """Write a PNG of 16 bits per colour, which Pillow does not write."""
    pixels = plain(DEEP).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 16, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def stretched(values: np.ndarray) -> np.ndarray:
    """Give levels from black at the least to white at the largest value."""
    share = (values.astype(float) - values.min()) / (values.max() - values.min())
    return np.rint(255 * share).astype(np.uint8)[None]


BLACK_ON_WHITE = np.where(GREY > 127, 255, 0).astype(np.uint8)
WORDS = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(4_000_000)))
NAN = np.full((16, 16), np.nan, np.float32)

CASES = [
    seen_as("an animated GIF", animated("GIF"), GREY),
    seen_as("an animated PNG", animated("PNG"), GREY),
    seen_as("a TIFF of several pages", animated("TIFF"), GREY),
    seen_as("a CMYK TIFF", cmyk("TIFF", (255, 0, 0, 0)), flat(0, 255, 255)),
    seen_as("a CMYK JPEG", cmyk("JPEG", (0, 255, 255, 0)), flat(255, 0, 0), JPEG_ERROR),
    seen_as("a palette", palette(), palette_seen()),
    seen_as("a palette with a transparent entry", palette(True), palette_seen(True)),
    seen_as("colours that are transparent below", with_opacity(COLOUR, "RGBA"), half_white(COLOUR)),
    seen_as("grey levels that are transparent below", with_opacity(GREY, "LA"), half_white(GREY)),
    seen_as("a photograph on its side", turned(6), np.rot90(GREY, -1, (1, 2))),
    seen_as("a photograph on its head", turned(3), np.rot90(GREY, 2, (1, 2))),
    seen_as("a mirrored photograph", turned(2), GREY[..., ::-1]),
    seen_as("a picture of one bit", one_bit("PNG"), BLACK_ON_WHITE),
    seen_as("a bitmap of one bit", one_bit("BMP"), BLACK_ON_WHITE),
    seen_as(
        "a one-bit TIFF in which 0 is white", one_bit("TIFF", tiffinfo={262: 0}), BLACK_ON_WHITE
    ),
    seen_as("a Windows bitmap", picture(Image.fromarray(plain(COLOUR)), "BMP"), COLOUR),
    seen_as("a WebP", picture(Image.fromarray(plain(COLOUR)), "WEBP", lossless=True), COLOUR),
    seen_as(
        "a ramp of 12 bits in 16",
        picture(Image.fromarray(RAMP), "PNG"),
        stretched(RAMP),
        notes="16-bit values stretched from 0..4095",
    ),
    seen_as(
        "16 bits per colour",
        wide_colours(),
        stretched(DEEP.reshape(48, 16)).reshape(3, 16, 16),
        notes="16-bit",
    ),
    seen_as(
        "levels that are fractions",
        picture(Image.fromarray((RAMP / 100).astype(np.float32)), "TIFF"),
        stretched(RAMP),
        notes="stretched from 0..40.95",
    ),
    left_out("levels that are no numbers", picture(Image.fromarray(NAN), "TIFF"), "not finite"),
    left_out("a picture of nine thousand million pixels", bomb(95_000, 95_000), "million pixels"),
    left_out("a picture of fifty million pixels", bomb(10_000, 5_000), "40 million pixels"),
    left_out("a picture of no width", bomb(0, 16), NOT_READ),
    left_out("a PNG that was cut short", GOOD["good/0.png"][:300], NOT_READ),
    left_out(
        "a JPEG that was cut short", picture(Image.fromarray(plain(COLOUR)), "JPEG")[:700], NOT_READ
    ),
    left_out("the first bytes of a picture alone", b"\x89PNG\r\n\x1a\n", NOT_READ),
    left_out("a picture with four megabytes of words", png_of(16, 16, WORDS), NOT_READ),
    left_out("a web page that is called a picture", b"\n<html><h1>404", "a web page"),
    left_out("a drawing in SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a web page or XML"),
    left_out("an empty file", b"", "is empty"),
    left_out("a text", b"Dear reader, this is no picture.", "no picture, array or table"),
    left_out("a program", b"\x7fELF" + bytes(64), "no picture, array or table"),
    left_out("twenty megabytes and more", b"\x89PNG\r\n\x1a\n" + bytes(20_000_000), "20 MB"),
    Case(
        "pictures with wrong extensions",
        sent({name.replace(".png", ".csv"): content for name, content in GOOD.items()}),
        [(pixels, "") for pixels in COLOURS],
    ),
    Case(
        "grey pictures stored in three colours",
        sent({f"{i}.png": png(np.repeat(pixels, 3, 0)) for i, pixels in enumerate(GREYS)}),
        [(pixels, "") for pixels in GREYS],
    ),
]


def largest() -> bytes:
    """Write the largest picture that is read: forty million transparent pixels."""
    width, height = 8000, 5000
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes((4 * width + 1) * height), 1))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")
