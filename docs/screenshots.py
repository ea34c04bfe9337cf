"""Make the README's pictures: the real app in a real browser.

    python docs/screenshots.py [FOLDER]

Starts the app on a free port with the shipped models and writes the pictures to the folder
(``docs``). One run trains on mnist, and the map shows its images: ``VAE_DATA`` must hold them.
"""

import math
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.app_server import app_server  # noqa: E402
from tests.browser.find_browser import ARGUMENTS, find  # noqa: E402

PAD = '[data-testid="latent-pad"][data-frames]'
CHART = '[data-testid="chart-map"][data-draws]'
GENERATE = '[data-testid="generate"][data-ready="true"]'
DIAGNOSE = '[data-testid="diagnose"][data-ready="true"]'
ANOMALY = '[data-testid="anomaly"][data-done="true"]'
LEARN = '[data-testid="learn"][data-ready="true"]'
INTERPOLATOR = '[data-testid="interpolator"][data-frames]'


@dataclass(frozen=True)
class Picture:
    """One screenshot: its file, what it shows, and the screen it is taken on."""

    file: str
    address: str
    width: int = 1280
    height: int = 800
    scheme: str = "light"
    ready: str = PAD
    act: Callable[[Page], None] = lambda page: None


def show_manifold(page: Page) -> None:
    """Lay the decoded images under the map."""
    page.get_by_role("button", name="manifold").click()


def train(page: Page) -> None:
    """Start a run and let it learn for half its time."""
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_selector('[data-testid="train-view"][data-state="running"]', timeout=60_000)
    page.wait_for_timeout(35_000)


def draw_lasso(page: Page) -> None:
    """Draw around a part of the map."""
    box = page.get_by_test_id("chart-map").bounding_box()
    x, y, reach = box["x"] + 0.55 * box["width"], box["y"] + 0.36 * box["height"], 75
    turns = [2 * math.pi * i / 24 for i in range(24)]
    page.mouse.move(x + reach, y)
    page.mouse.down()
    for turn in turns[1:]:
        page.mouse.move(x + reach * math.cos(turn), y + 0.8 * reach * math.sin(turn))
    page.mouse.up()


PICTURES = (
    Picture("explore-light.png", "/?model=mnist-2d&z=0.9,-0.35"),
    Picture("explore-dark.png", "/?model=mnist-2d&z=-0.4,1.3", scheme="dark", act=show_manifold),
    Picture("explore-narrow.png", "/?model=fashion-2d&z=0.3,0.6", width=390, height=844),
    Picture("map-dark.png", "/map?model=mnist-2d", scheme="dark", ready=CHART, act=draw_lasso),
    Picture("interpolate-light.png", "/interpolate?model=mnist-20d", ready=INTERPOLATOR),
    Picture("generate-dark.png", "/generate?view=manifold", scheme="dark", ready=GENERATE),
    Picture("diagnose-light.png", "/diagnose?model=mnist-2d", ready=DIAGNOSE),
    Picture("anomaly-light.png", "/anomaly?model=fashion-2d&foreign=mnist", ready=ANOMALY),
    Picture("learn-light.png", "/learn?lesson=elbo", ready=LEARN),
    Picture("train-light.png", "/train", ready='[data-testid="train-view"]', act=train),
)


def take(browser: Browser, base: str, picture: Picture, folder: Path) -> None:
    """Open the page, wait until the decoder has drawn, and write the picture."""
    page: Page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height}, color_scheme=picture.scheme
    )
    page.goto(base + picture.address)
    page.wait_for_selector(picture.ready, timeout=60_000)
    page.wait_for_timeout(2000)
    picture.act(page)
    page.wait_for_timeout(3000)
    page.screenshot(path=folder / picture.file)
    page.close()


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        app_server(Path(scratch) / "log", {"VAE_RUNS": scratch}) as base,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        for picture in PICTURES:
            take(browser, base, picture, folder)
            print(f"wrote {folder / picture.file}")
        browser.close()


if __name__ == "__main__":
    main()
