"""How a page opens through a slow network: bytes, and seconds until something is to be seen.

    python -m benchmarks.slow_network [--kilobits 1600] [--delay 150] [--model mnist-2d]

Opens Explore with an empty cache, first as fast as this machine is, then through a network of so
many kilobits a second with so many milliseconds of delay. Prints the megabytes that came as
answers, and the seconds from the navigation's start to the first thing drawn, to the page's
heading, to the bar that follows the weights, and to the first decoded image.
"""

import argparse
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.app_server import app_server
from tests.browser.find_browser import ARGUMENTS, find

LIMIT_MS = 180_000
FIRST_DRAWN = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime / 1000"
HEADING = ".stApp h1"
BAR = '[data-testid="latent-pad"] .pad-progress[value]'
IMAGE = '[data-testid="latent-pad"][data-frames]'
SETTLE_MS = 2_000


def open_page(browser: Browser, address: str, network: dict[str, float] | None) -> str:
    """Open the page once with an empty cache; tell what came and when."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    if network:
        session.send("Network.emulateNetworkConditions", {"offline": False} | network)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    times = {}
    marks = {"heading": HEADING, "bar": BAR, "first image": IMAGE}
    if not network:
        del marks["bar"]  # it may be there for no more than a frame
    for name, selector in marks.items():
        page.locator(selector).first.wait_for(state="attached", timeout=LIMIT_MS)
        times[name] = time.perf_counter() - started
    page.wait_for_timeout(SETTLE_MS)
    drawn = page.evaluate(FIRST_DRAWN)
    context.close()
    said = " · ".join(f"{name} {seconds:.1f} s" for name, seconds in times.items())
    return f"{sum(sizes) / 1e6:.2f} MB · first thing drawn {drawn:.2f} s · {said}"


def main() -> None:
    """Print a line for the fast network and one for the slow one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kilobits", type=float, default=1600)
    parser.add_argument("--delay", type=float, default=150)
    parser.add_argument("--model", default="mnist-2d")
    arguments = parser.parse_args()
    speed = arguments.kilobits * 1000 / 8
    slow = {"latency": arguments.delay, "downloadThroughput": speed, "uploadThroughput": speed}
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        with app_server(Path(scratch) / "log", {"VAE_RUNS": scratch}) as served:
            address = f"{served}/?model={arguments.model}"
            open_page(browser, address, None)  # the server imports torch once
            print(f"fast: {open_page(browser, address, None)}", flush=True)
            name = f"{arguments.kilobits:.0f} kbit/s, {arguments.delay:.0f} ms"
            print(f"{name}: {open_page(browser, address, slow)}")
        browser.close()


if __name__ == "__main__":
    main()
