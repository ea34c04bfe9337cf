"""What the server costs while nobody does anything, with one page open.

    python -m benchmarks.idle [--seconds 30] [--watcher none|poll|auto]

Starts the app as `make run` does, opens one page in a browser, waits until it is quiet, and prints
the share of one core that the server took since, and the seconds until the first page was drawn.
`--watcher` overrides the shipped setting of Streamlit's file watcher, to see what that costs.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.app_server import ROOT, app_process, descendants
from tests.browser.find_browser import ARGUMENTS, find
from ui import navigation

SETTLE_MS = 5_000
DRAWN = '[data-testid="stSidebar"] [data-testid="stPageLink"] >> nth=0'


def main() -> None:
    """Print one line for each page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--watcher", choices=("none", "poll", "auto"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        settings = {"VAE_RUNS": scratch}
        if arguments.watcher:
            settings["STREAMLIT_SERVER_FILE_WATCHER_TYPE"] = arguments.watcher
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        with app_process(Path(scratch) / "log", settings) as (address, server):
            for file in navigation.page_files(ROOT / "pages"):
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                opened = time.perf_counter()
                page.goto(f"{address}/{file.path.stem}")
                page.locator(DRAWN).wait_for()
                drawn = time.perf_counter() - opened
                page.wait_for_timeout(SETTLE_MS)
                share = idle_share(server, arguments.seconds)
                drawn_after = f"{file.title}: drawn after {drawn:.1f} s"
                print(f"{drawn_after}; idle, {share:.1%} of a core", flush=True)
                page.close()
        browser.close()


def idle_share(server: int, seconds: float) -> float:
    """Return the share of one core that a process and its children take over some seconds."""
    before, started = processor_seconds(server), time.perf_counter()
    time.sleep(seconds)
    return (processor_seconds(server) - before) / (time.perf_counter() - started)


def processor_seconds(server: int) -> float:
    """Add up the processor time of a process and its descendants, from Linux's /proc."""
    ticks = 0
    for process in (server, *descendants(server)):
        stat = Path(f"/proc/{process}/stat").read_text()
        # "number (name) state …": user and system time are the 14th and 15th field
        ticks += sum(map(int, stat.rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
