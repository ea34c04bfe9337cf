"""Training reports as they come: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vae.training.report import Closing, Report

    Shown = Callable[[Report | Closing], None]

# lines a run prints, however long it is
LINES = 100


@contextmanager
def watching(quiet: bool) -> Iterator["Shown"]:
    """Give a function that shows how far a run is; ``quiet`` keeps standard output for JSON."""
    if not sys.stderr.isatty():
        yield (lambda report: None) if quiet else _lines()
        return
    from tqdm import tqdm

    form = "{desc} {percentage:3.0f}% |{bar}|{postfix}"
    with tqdm(desc="training", total=1.0, bar_format=form, leave=False) as bar:

        def show(report: "Report | Closing") -> None:
            bar.set_description_str(report.phase, refresh=False)
            bar.set_postfix_str(str(report), refresh=False)
            bar.n = report.share
            bar.refresh()

        yield show


def _lines() -> "Shown":
    from vae.training.report import Closing

    shown, phase = float("-inf"), "training"

    def show(report: "Report | Closing") -> None:
        nonlocal shown, phase
        if isinstance(report, Closing):
            # one line is enough
            if report.phase != phase:
                print(f"{report.phase} on the test split, {report}", flush=True)
            phase = report.phase
            return
        length = report.seconds + report.remaining
        if report.last or report.seconds - shown >= length / LINES:
            shown = report.seconds
            print(report, flush=True)

    return show
