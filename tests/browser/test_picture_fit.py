"""Picture files and drawings in the browser against vae.data.pictures, on the same files."""

import base64
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser import scripts
from vae.data import DATASETS
from vae.data.picture_fit import is_placed
from vae.data.pictures import open_picture

SCRIPTS = ("pictures/file.js", "pictures/strokes.js")
RANDOM = np.random.default_rng(0)
FRAMINGS = {
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


def framing_of(name: str) -> dict[str, Any]:
    return dict(vars(FRAMINGS[name]))


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
