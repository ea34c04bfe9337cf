"""How long every page takes to answer the hand, idle and while a run trains on the same cores.

    VAE_DATA=… python -m benchmarks.responsiveness [--repeats 20] [--pages explore map]

The target: 95 of 100 answers within 500 ms on two cores, also while a run trains; the aim is 300.
The real server, a real Chromium with real input events. A time runs from the input event to the
painted frame that shows the answer, both by the page's own clock (see `benchmarks.stopwatch`).
*opened* is a page's address in a browser with empty caches, from the navigation on, until its first
picture stands and, where there are more, until all do; *first* is an
action done for the first time; then every action is done in random order. *server* is the part from
the first message sent to the last one heard, *task* the longest task of the browser's main thread.
The trainer is the one that the Train page starts, on mnist. Its steps a second are measured with
the browser on an empty page, and while the pages are used.
"""

import argparse
import contextlib
import os
import random
import signal
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from benchmarks import stopwatch
from benchmarks.actions import MODELS, PAGES, Action
from benchmarks.stopwatch import Lap
from tests.browser.app_server import app_server, descendants
from tests.browser.find_browser import ARGUMENTS, find

AIM, LIMIT = 300.0, 500.0
ALONE_SECONDS = 15.0
PATIENCE = 300.0
"""Seconds that a training has for each report: on a busy machine it begins after minutes."""
HEAD = f"{'page':12} {'action':34} {'first':>7} {'p50':>6} {'p95':>6} {'max':>6}"
HEAD += f" {'server':>7} {'task':>5} {'msgs':>5} {'kB':>7}"

Laps = dict[tuple[str, str], list[Lap | None]]


def open_page(browser: Browser) -> Page:
    """Open a page with empty caches and a stopwatch in it."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(stopwatch.LIMIT_MS)
    page.add_init_script(stopwatch.INSTALL)
    return page


def print_openings(browser: Browser, address: str, actions: dict[str, list[Action]]) -> None:
    """Print how long each page takes to open by its address, twice: caches empty, then filled."""
    for stem, its in actions.items():
        page = open_page(browser)
        path = "" if stem == "explore" else stem
        where = f"{address}/{path}?model={MODELS[0]}"
        times = [stopwatch.opened(page, where, its[0].done, its[0].first) for _ in range(2)]
        print(f"{stem:12} opened in {' then '.join(map(shown, times))}", flush=True)
        page.context.close()


def shown(times: tuple[float | None, float | None]) -> str:
    """Write when the first picture stood, and when all did where that is another time."""
    first, whole = ("no answer" if time is None else f"{time:.0f} ms" for time in times)
    return first if first == whole else f"{first} (all {whole})"


def measure(page: Page, action: Action) -> Lap | None:
    """Do one action and give its time; None if it got no answer or could not be done."""
    stopwatch.settle(page)
    try:
        # what the action before it may hold still
        page.mouse.up()
        if action.prepare:
            action.prepare(page)
            stopwatch.settle(page)
        stopwatch.arm(page, action.done, action.note, action.kinds)
        action.do(page)
    except Error as error:
        print(f"  {action.page}, {action.name}: {str(error).splitlines()[0]}", flush=True)
        return None
    return stopwatch.read(page)


def rounds(page: Page, actions: dict[str, list[Action]], repeats: int, laps: Laps) -> None:
    """Do every action once a round, pages and their actions in random order, from the first on."""
    order, here = random.Random(repeats), next(iter(actions))
    for _ in range(repeats):
        for stem in order.sample(list(actions), len(actions)):
            opening, *others = actions[stem]
            chosen = order.sample(others, len(others))
            for action in [opening] * (stem != here) + chosen:
                laps[stem, action.name].append(measure(page, action))
            here = stem


def session(browser: Browser, address: str, actions: dict[str, list[Action]], repeats: int) -> Laps:
    """Sit down before the app with empty caches and use it for some rounds."""
    page, laps = open_page(browser), defaultdict(list)
    first = next(iter(actions))
    path = "" if first == "explore" else first
    stopwatch.opened(page, f"{address}/{path}?model={MODELS[0]}", actions[first][0].done)
    rounds(page, actions, 1 + repeats, laps)
    page.context.close()
    return laps


def print_table(laps: Laps) -> None:
    """Print a line an action and how many keep the target."""
    print(HEAD)
    worst = 0.0
    for (stem, name), found in sorted(laps.items()):
        line, p95 = summary(found)
        worst = max(worst, p95)
        mark = "  over 500" if p95 > LIMIT else "  over 300" if p95 > AIM else ""
        print(f"{stem:12} {name:34} {line}{mark}")
    print(f"slowest p95: {worst:.0f} ms (target {LIMIT:.0f} ms, aim {AIM:.0f} ms)", flush=True)


def summary(found: list[Lap | None]) -> tuple[str, float]:
    """Give an action's numbers as text, and its 95th percentile in ms."""
    first, *later = found
    answered = [lap for lap in later if lap]
    begin = "   none" if first is None else f"{first.total:7.0f}"
    if len(answered) < len(later) or not answered:
        return f"{begin} {len(later) - len(answered)} of {len(later)} without answer", float("inf")
    times = sorted(lap.total for lap in answered)
    columns = (
        (statistics.median(times), 6),
        (times[min(len(times) - 1, int(0.95 * len(times)))], 6),
        (times[-1], 6),
        (statistics.median(lap.server for lap in answered), 7),
        (max(lap.task for lap in answered), 5),
        (statistics.median(lap.messages for lap in answered), 5),
    )
    size = statistics.median(lap.bytes for lap in answered) / 1000
    text = " ".join(f"{value:{width}.0f}" for value, width in columns)
    return f"{begin} {text} {size:7.1f}", columns[1][0]


@contextlib.contextmanager
def trainer(patience: float = PATIENCE) -> Iterator[Path]:
    """Train on mnist, as the Train page does, until the block ends; yield the run's folder.

    SystemExit where it has reported nothing after ``patience`` seconds.
    """
    from vae.models.config import VAEConfig
    from vae.runs import control, watch
    from vae.training.config import TrainConfig

    before = set(descendants(os.getpid()))
    name = control.launch("mnist", VAEConfig(), TrainConfig(epochs=1000))
    processes = set(descendants(os.getpid())) - before
    try:
        path = watch.view(name).path
        begun = time.monotonic()
        next_report(path, patience)
        print(f"the training reported after {time.monotonic() - begun:.0f} s", flush=True)
        yield path
    finally:
        # what it learnt is of no use, so it need not save and measure
        for pid in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def next_report(path: Path, patience: float = PATIENCE) -> tuple[float, int]:
    """Wait for the trainer's next report; give the time when it came and its step."""
    from vae.runs import watch

    deadline = time.monotonic() + patience
    _, offset = watch.metrics(path)
    while time.monotonic() < deadline:
        lines, _ = watch.metrics(path, offset)
        if lines:
            return time.monotonic(), lines[-1].step
        time.sleep(0.02)
    found = watch.view(path)
    log = path / "log.txt"
    said = log.read_text(errors="replace")[-1000:] if log.exists() else ""
    raise SystemExit(
        f"the run in {path} is {found.state} and has reported nothing for {patience:.0f} s; a "
        f"larger --patience waits longer. {found.error or ''}\n{said}"
    )


def rate_between(begin: tuple[float, int], end: tuple[float, int]) -> float:
    """Give steps a second between two reports."""
    return (end[1] - begin[1]) / (end[0] - begin[0])


def alone(path: Path, seconds: float = ALONE_SECONDS) -> float:
    """Measure the trainer's steps a second while nobody uses the pages."""
    begin = next_report(path)
    time.sleep(seconds)
    return rate_between(begin, next_report(path))


def while_training(
    browser: Browser,
    address: str,
    actions: dict[str, list[Action]],
    repeats: int,
    patience: float = PATIENCE,
) -> None:
    """Print the table while a run trains, and what the pages cost the run."""
    with trainer(patience) as path:
        rates = [alone(path)]
        begin = next_report(path)
        laps = session(browser, address, actions, repeats)
        # first of all what is known by now, should the training end here
        print_table(laps)
        used = rate_between(begin, next_report(path))
        rates.append(alone(path))
        rates.append(watched(browser, address, actions, path))
    free = statistics.mean(rates[:2])
    print(
        f"trainer: {free:.0f} steps/s alone ({rates[0]:.0f} before, {rates[1]:.0f} after), "
        f"{used:.0f} while the pages are used: {100 * (1 - used / free):.0f} % slower"
    )
    if rates[2]:
        slower = 100 * (1 - rates[2] / free)
        print(
            f"trainer: {rates[2]:.0f} steps/s while the Train page shows it: {slower:.0f} % slower"
        )


def watched(browser: Browser, address: str, actions: dict[str, list[Action]], path: Path) -> float:
    """Measure the trainer's steps a second while its own page is open, hands off; 0 without it."""
    if "train" not in actions:
        return 0.0
    page = open_page(browser)
    stopwatch.opened(page, f"{address}/train", actions["train"][0].done)
    stopwatch.settle(page)
    rate = alone(path)
    page.context.close()
    return rate


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--pages", nargs="*", choices=tuple(PAGES), default=list(PAGES))
    parser.add_argument("--only", choices=("idle", "training"), help="one of the two tables")
    parser.add_argument(
        "--patience", type=float, default=PATIENCE, help="seconds that the training has per report"
    )
    arguments = parser.parse_args()
    actions = {stem: PAGES[stem]() for stem in arguments.pages}
    idle = {stem: [one for one in its if not one.only] for stem, its in actions.items()}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        # the trainer is a child of this process, the server another
        os.environ["VAE_RUNS"] = scratch
        log = Path(scratch) / "server.log"
        with app_server(log, {"VAE_RUNS": scratch}) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
            load = os.getloadavg()[0]
            print(
                f"{os.cpu_count()} cores, load {load:.1f} at the start, {arguments.repeats} repeats"
            )
            print_openings(browser, address, idle)
            if arguments.only != "training":
                print("\nidle")
                print_table(session(browser, address, idle, arguments.repeats))
            if arguments.only != "idle":
                print("\nwhile a run trains")
                while_training(browser, address, actions, arguments.repeats, arguments.patience)
            browser.close()


if __name__ == "__main__":
    main()
