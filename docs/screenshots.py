"""Make the README's pictures: the real app in a real browser.

    python docs/screenshots.py [FOLDER]

Starts the app on a free port with the shipped models, without any data set, and writes
``explore-light.png``, ``explore-dark.png`` and ``explore-narrow.png`` to the folder (``docs``).
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.app_server import app_server  # noqa: E402
from tests.browser.find_browser import ARGUMENTS, find  # noqa: E402


@dataclass(frozen=True)
class Picture:
    """One screenshot: its file, what it shows, and the screen it is taken on."""

    file: str
    address: str
    width: int = 1280
    height: int = 800
    scheme: str = "light"
    manifold: bool = False


PICTURES = (
    Picture("explore-light.png", "/?model=mnist-2d&z=0.9,-0.35"),
    Picture("explore-dark.png", "/?model=mnist-2d&z=-0.4,1.3", scheme="dark", manifold=True),
    Picture("explore-narrow.png", "/?model=fashion-2d&z=0.3,0.6", width=390, height=844),
)


def take(browser: Browser, base: str, picture: Picture, folder: Path) -> None:
    """Open the page, wait until the decoder has drawn, and write the picture."""
    page: Page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height}, color_scheme=picture.scheme
    )
    page.goto(base + picture.address)
    page.wait_for_selector('[data-testid="latent-pad"][data-frames]', timeout=60_000)
    if picture.manifold:
        page.get_by_role("button", name="manifold").click()
    page.wait_for_timeout(3000)
    page.screenshot(path=folder / picture.file)
    page.close()


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        app_server(Path(scratch) / "log", {"VAE_RUNS": scratch, "VAE_DATA": scratch}) as base,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        for picture in PICTURES:
            take(browser, base, picture, folder)
            print(f"wrote {folder / picture.file}")
        browser.close()


if __name__ == "__main__":
    main()
