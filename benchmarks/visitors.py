"""What visitors cost a server: many open Explore and stay, then one of them drags in a browser.

    python -m benchmarks.visitors [--visitors 50] [--every 1.0] [--seconds 20] [--gone 135]

Visitors are sessions without a browser (`benchmarks.session`) beside a server of their own. Twice
as many come and leave again: first one every so many seconds, then all at once. Printed are the
server's memory before, with one visitor and with all, which part of it the next visitors use again,
how long a first page took, and the processor time of the server while all stay. A real browser
drags over the pad then; its messages and requests are counted. `--gone` is how long a server keeps
the session of one who left, in case the connection was only lost (Streamlit: two minutes).

Times depend on the machine; memory and counts of messages do not. The images nearest to z are
fetched where the hand rests for 80 ms, each once: on a slow machine it rests between two moves.
"""

import argparse
import math
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.idle import idle_share, processor_seconds
from benchmarks.session import Session
from tests.browser.app_server import app_process
from tests.browser.find_browser import ARGUMENTS, find

QUIET_SECONDS, QUIET_SHARE = 3.0, 0.03
"""The server counts as quiet once it takes less than this share of a core over so long."""
MOVES, SETTLE_MS = 200, 2_000
PAD = '[data-testid="latent-pad"][data-z]'


def main() -> None:
    """Print the figures, line by line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between two who come")
    parser.add_argument("--seconds", type=float, default=20, help="how long the load is measured")
    parser.add_argument("--gone", type=float, default=135, help="seconds after all have left")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        log = Path(scratch) / "log"
        with app_process(log, {"VAE_RUNS": f"{scratch}/runs"}) as (address, server):
            measure(address, server, asked)


def measure(address: str, server: int, asked: argparse.Namespace) -> None:
    """Let visitors come twice, and one browser drag while the second crowd is there."""
    told(server, "before anybody came")
    with crowd(address, 1, 0) as first:
        print(f"the first page of all took {first[0].opened:.2f} s", flush=True)
        alone = told(server, "with 1 visitor")
        busy = processor_seconds(server)
        with crowd(address, asked.visitors - 1, asked.every) as others:
            print_times(f"one every {asked.every:g} s", others, processor_seconds(server) - busy)
            full = told(server, f"with {asked.visitors} visitors")
    each = (full - alone) / (asked.visitors - 1)
    print(f"a visitor takes {each:.2f} MB, and fetches {first[0].received / 1e6:.1f} MB")
    time.sleep(asked.gone)
    told(server, "after all have left")
    busy = processor_seconds(server)
    with crowd(address, asked.visitors, 0) as again:
        print_times("all at once", again, processor_seconds(server) - busy)
        more = told(server, f"with {asked.visitors} other visitors") - full
        print(f"the second crowd took {more:+.1f} MB more than the first", flush=True)
        share = idle_share(server, asked.seconds)
        print(f"the server while all stay: {share:.2%} of a core", flush=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
            print_drag(browser, address, server)
            browser.close()


@contextmanager
def crowd(address: str, count: int, every: float) -> Iterator[list[Session]]:
    """Let visitors come, one every so many seconds, and leave at the end."""
    with ThreadPoolExecutor(count) as pool:
        coming = []
        for _ in range(count):
            coming.append(pool.submit(Session(address).open))
            time.sleep(every)
        sessions = [each.result() for each in coming]
    yield sessions
    for session in sessions:
        session.close()


def told(server: int, when: str) -> float:
    """Wait until the server is quiet, print its memory and return it in MB."""
    while idle_share(server, QUIET_SECONDS) > QUIET_SHARE:
        pass
    megabytes = memory(server)
    print(f"memory {when}: {megabytes:.0f} MB", flush=True)
    return megabytes


def memory(server: int) -> float:
    """Return the resident memory of a process in MB, from Linux's /proc."""
    status = Path(f"/proc/{server}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def print_times(how: str, sessions: list[Session], busy: float) -> None:
    """Print how long the first page of these visitors took, and how long the server worked."""
    times = sorted(session.opened for session in sessions)
    late = times[round(0.95 * (len(times) - 1))]
    print(
        f"first page, {how}: p50 {statistics.median(times):.2f} s, p95 {late:.2f} s "
        f"({len(times)} visitors); {busy / len(times):.2f} s of processor time each",
        flush=True,
    )


def print_drag(browser: Browser, address: str, server: int) -> None:
    """Drag in a real browser; print what the server was sent, and how long it worked."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("message")))
    # pictures that the page has made itself are requests too, of which no server hears
    page.on("request", lambda one: one.url.startswith("http") and sent.append(one.url))
    page.goto(address)
    page.locator(PAD).wait_for()
    told(server, "with a browser beside them")
    before = frames(page)
    sent.clear()
    began, busy = time.perf_counter(), processor_seconds(server)
    drag(page)
    busy, took = processor_seconds(server) - busy, time.perf_counter() - began
    drawn, during = frames(page) - before, list(sent)
    page.mouse.up()
    page.wait_for_timeout(SETTLE_MS)
    requests = [each for each in during if each != "message"]
    images = [each for each in requests if "/originals/" in each]
    others = [each for each in requests if each not in images]
    print(
        f"a drag of {MOVES} moves drew {drawn} images in {took:.1f} s: during it the browser sent "
        f"{len(during) - len(requests)} messages, fetched {len(images)} images near where the hand "
        f"rested, and asked for {len(others)} other things {others}"
    )
    after = (each for each in sent[len(during) :] if each == "message")
    print(f"the server worked {busy:.2f} s; {len(list(after))} message followed the drag")


def drag(page: Page) -> None:
    """Press on the plane and move the hand over it; it stays down."""
    box = page.get_by_test_id("latent-plane").bounding_box()
    assert box is not None, "the pad is on the screen"
    x, y, reach = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] / 4
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(MOVES):
        turn = 2 * math.pi * move / MOVES
        page.mouse.move(x + reach * math.cos(turn), y + reach * math.sin(turn))


def frames(page: Page) -> int:
    """Return how many images the pad has drawn."""
    return int(page.locator(PAD).get_attribute("data-frames") or 0)


if __name__ == "__main__":
    main()
