"""Pictures in the browser against vae.data.pictures and vae.data.picture_fit, on the same files."""

import base64
import io
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser import scripts
from vae.data import DATASETS
from vae.data.picture_fit import is_placed, propose
from vae.data.pictures import open_picture

SCRIPTS = ("pictures/fit.js", "pictures/file.js", "pictures/strokes.js")
RANDOM = np.random.default_rng(0)
FRAMINGS = {
    "none": None,
    "mass": DATASETS["mnist"].framing,
    "box": DATASETS["fashion-mnist"].framing,
}
READ = """async ([text, name, channels]) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  try {
    const { picture, wide } = await map.readPicture(new File([bytes], name), channels);
    return { ...picture, values: [...picture.values], wide };
  } catch (error) {
    return { error: error.message };
  }
}"""


# a slanted stroke in a corner of the sheet, in model pixels
STROKE = [[3, 4], [6, 5], [8, 12]]
DRAW = """([points, framing]) => {
  const paper = map.createPaper([1, 28, 28]);
  return [...map.inkPixels(paper, [{ colour: "#ffffff", points }], framing)];
}"""


@pytest.fixture(scope="module")
def script(browser: Browser) -> Iterator[Page]:
    """A blank page that has `map`, the module of the Interpolate page."""
    page = browser.new_page()
    scripts.load(page, "map", *SCRIPTS)
    yield page
    page.close()


def plain(picture: np.ndarray) -> dict[str, Any]:
    channels, height, width = picture.shape
    values = picture.astype(np.float64).ravel().tolist()
    return {"channels": channels, "height": height, "width": width, "values": values}


def framing_of(name: str) -> dict[str, Any] | None:
    framing = FRAMINGS[name]
    return framing and dict(vars(framing))


def blot(channels: int, height: int, width: int) -> np.ndarray:
    """A picture with a blot away from its middle, on noisy paper."""
    picture = 0.7 + RANDOM.normal(0, 0.02, (channels, height, width))
    picture[:, height // 5 : height // 2, width // 2 : 4 * width // 5] -= 0.5
    return picture.clip(0, 1).astype(np.float32)


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("usual", [None, (300.0, 500.0)])
def test_the_same_treatment_is_proposed_as_in_python(
    script: Page, usual: tuple[float, float] | None, framing: str
) -> None:
    ask = """([picture, shape, framing, wide, usual]) => {
      const sum = (pixels) => pixels.reduce((total, value) => total + value, 0);
      return map.proposeTreatment(picture, shape, framing, wide, usual, usual && sum);
    }"""
    grey = (blot(1, 40, 60), 0.3 * blot(1, 40, 60), 1 - blot(1, 28, 28))
    for picture, wide in itertools.product(grey, [False, True]):
        found = script.evaluate(
            ask, [plain(picture), (1, 28, 28), framing_of(framing), wide, usual]
        )
        log_px = usual and (lambda x: float(x.sum()))
        expected = propose(picture, (1, 28, 28), FRAMINGS[framing], wide, usual, log_px)
        assert found == dict(vars(expected))


def test_a_comparison_ends_when_it_is_no_longer_asked_for(script: Page) -> None:
    found = script.evaluate(
        """async ([picture, allowed]) => {
          let [asked, compared] = [0, 0];
          const logPx = () => { compared += 1; return 0; };
          const goesOn = async () => { asked += 1; return asked <= allowed; };
          const proposed = await map.proposeTreatment(
            picture, [1, 28, 28], null, false, [1, 2], logPx, goesOn);
          return [proposed, compared];
        }""",
        [plain(0.3 * blot(1, 40, 60)), 2],
    )
    assert found == [None, 2]


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def deep(low: int, high: int) -> Image.Image:
    return Image.fromarray(np.linspace(low, high, 300).astype(np.uint16).reshape(15, 20))


def turned() -> bytes:
    exif = Image.Exif()
    exif[274] = 6  # a quarter turn
    return file_of(Image.fromarray(RANDOM.integers(0, 256, (12, 20, 3), np.uint8)), exif=exif)


def moving() -> bytes:
    frames = [Image.new("L", (9, 7), level) for level in (40, 200)]
    for frame in frames:
        frame.putpixel((2, 3), 255)
    return file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])


FILES = {
    "grey": file_of(Image.fromarray(RANDOM.integers(0, 256, (12, 20), np.uint8))),
    "colour": file_of(Image.fromarray(RANDOM.integers(0, 256, (12, 20, 3), np.uint8))),
    "palette": file_of(
        Image.fromarray(RANDOM.integers(0, 256, (12, 20, 3), np.uint8)).quantize(16)
    ),
    "alpha": file_of(Image.fromarray(RANDOM.integers(0, 256, (12, 20, 4), np.uint8))),
    "turned": turned(),
    "moving": moving(),
    "twelve bits": file_of(deep(0, 4095)),
    "sixteen bits": file_of(deep(300, 65_535)),
}


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_the_same_as_in_python(script: Page, name: str, channels: int) -> None:
    found = script.evaluate(READ, [base64.b64encode(FILES[name]).decode(), name, channels])
    expected = open_picture(FILES[name], channels)
    assert found.get("error") is None
    assert (found["channels"], found["height"], found["width"]) == expected.pixels.shape
    assert found["wide"] == expected.wide
    # of 256 levels one, where a transparent pixel is laid on white in another order
    off = (np.array(found["values"]) - expected.pixels.ravel()) * 255
    assert np.abs(off).max() <= (1e-2 if expected.wide else 1.01)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(script: Page) -> None:
    refused = script.evaluate(
        """() => map.readPicture(new File([new Uint8Array(20000001)], "large.png"), 1)
          .then(() => null, (error) => error.message)"""
    )
    assert refused == "large.png has 20.0 MB, more than the 20 MB that are read; save it smaller."


@pytest.mark.parametrize("size", [(3, 2), (64, 9)])
@pytest.mark.parametrize("samples", [1, 2, 3, 4])
def test_a_png_of_sixteen_bits_is_read_level_by_level(
    script: Page, samples: int, size: tuple[int, int]
) -> None:
    width, height = size
    levels = RANDOM.integers(0, 65_536, (height, width, samples), dtype=np.uint16)
    content = base64.b64encode(png_of(levels)).decode()
    found = script.evaluate(READ, [content, "deep.png", 3])
    shown = levels / 65_535
    if samples in (2, 4):
        alpha = shown[..., -1:]
        shown = alpha * shown[..., :-1] + 1 - alpha
    expected = np.broadcast_to(shown, (height, width, 3)).transpose(2, 0, 1)
    np.testing.assert_allclose(found["values"], expected.ravel(), atol=1e-6)


def png_of(levels: np.ndarray) -> bytes:
    """A PNG of 16 bits a level, (H, W, samples), each line with another filter."""
    import struct
    import zlib

    height, width, samples = levels.shape
    lines = levels.astype(">u2").view(np.uint8).reshape(height, -1).astype(int)
    step, raw = 2 * samples, bytearray()
    for y in range(height):
        kind = y % 5
        above = lines[y - 1] if y else np.zeros_like(lines[0])
        left = np.concatenate([np.zeros(step, int), lines[y][:-step]])
        corner = np.concatenate([np.zeros(step, int), above[:-step]])
        guess = left + above - corner
        near = np.stack([np.abs(guess - part) for part in (left, above, corner)]).argmin(axis=0)
        paeth = np.stack([left, above, corner])[near, np.arange(len(near))]
        predicted = (0 * left, left, above, (left + above) // 2, paeth)[kind]
        raw += bytes([kind]) + ((lines[y] - predicted) % 256).astype(np.uint8).tobytes()

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    colour = {1: 0, 2: 4, 3: 2, 4: 6}[samples]
    header = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(raw))), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no picture", "is no picture that this browser can read"),
        (FILES["twelve bits"][:80], "is no picture that this browser can read"),
        (file_of(Image.new("L", (30, 20), 90)), "is empty: all its pixels have the same level"),
        (file_of(Image.new("RGBA", (30, 20), (0, 0, 0, 0))), "is empty"),
        (file_of(deep(900, 900)), "is empty"),
        (file_of(Image.new("1", (8000, 6000))), "has more than the 40 million pixels"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    script: Page, content: bytes, words: str
) -> None:
    found = script.evaluate(READ, [base64.b64encode(content).decode(), "odd.png", 1])
    assert found["error"].startswith("odd.png ")
    assert words in found["error"]
    assert found["error"].count(".") == 2, found["error"]


@pytest.mark.parametrize("framing", ["mass", "box"])
def test_a_drawing_is_placed_as_the_images_of_its_data_set_are(script: Page, framing: str) -> None:
    drawn = np.reshape(script.evaluate(DRAW, [STROKE, framing_of(framing)]), (1, 28, 28))
    assert is_placed(drawn, drawn.shape, FRAMINGS[framing])
    as_drawn = np.reshape(script.evaluate(DRAW, [STROKE, None]), (1, 28, 28))
    assert not is_placed(as_drawn, as_drawn.shape, FRAMINGS[framing])
