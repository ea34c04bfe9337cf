"""Look at a page: light and dark, on a phone, a laptop and a large screen.

    python docs/look.py ADDRESS [FOLDER]

Starts the app on a free port with the shipped models, opens the address (``/map?model=mnist-2d``)
on each screen in both themes and writes a picture of each, ``map-1280-dark.png``, to the folder
(``test-results/look``). It also says where a page is wider than its screen.
"""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.app_server import app_server  # noqa: E402
from tests.browser.find_browser import ARGUMENTS, MISSING, find  # noqa: E402

SCREENS = ((360, 780), (390, 844), (1280, 800), (1920, 1080))
SETTLE_SECONDS = 6


def look(browser: Browser, base: str, address: str, folder: Path) -> None:
    """Write a picture of one page for each screen and theme."""
    name = re.sub(r"\W+", "-", address.partition("?")[0]).strip("-") or "explore"
    for width, height in SCREENS:
        for scheme in ("light", "dark"):
            size = {"width": width, "height": height}
            page = browser.new_page(viewport=size, color_scheme=scheme)
            page.goto(base + address)
            page.get_by_test_id("stMain").wait_for(timeout=60_000)
            page.wait_for_timeout(1000 * SETTLE_SECONDS)
            file = folder / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=file)
            wide = page.evaluate("document.documentElement.scrollWidth")
            print(f"wrote {file}" + (f": {wide} px wide, it scrolls" if wide > width else ""))
            page.close()


def main() -> None:
    """Look at the page that the command line names."""
    address = sys.argv[1] if len(sys.argv) > 1 else "/"
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "test-results" / "look"
    browser_path = find()
    if browser_path is None:
        sys.exit(MISSING)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        app_server(Path(scratch) / "log", {"VAE_RUNS": scratch}) as base,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        look(browser, base, "/" + address.lstrip("/"), folder)
        browser.close()


if __name__ == "__main__":
    main()
