"""Training reports as they come: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vae.training import Report

# lines a run prints, however long it is
LINES = 100


@contextmanager
def watching(quiet: bool) -> Iterator[Callable[["Report"], None]]:
    """Give a function that shows a `Report`; ``quiet`` keeps standard output for a JSON object."""
    if not sys.stderr.isatty():
        yield (lambda report: None) if quiet else _lines()
        return
    from tqdm import tqdm

    with tqdm(desc="training", unit=" steps", leave=False) as bar:

        def show(report: "Report") -> None:
            bar.total = report.steps
            bar.set_postfix_str(report.scores(), refresh=False)
            bar.update(report.step - bar.n)

        yield show


def _lines() -> Callable[["Report"], None]:
    shown = float("-inf")

    def show(report: "Report") -> None:
        nonlocal shown
        length = report.seconds + report.remaining
        if report.step == report.steps or report.seconds - shown >= length / LINES:
            shown = report.seconds
            print(report, flush=True)

    return show
