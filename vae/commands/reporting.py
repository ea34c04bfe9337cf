"""Training reports as they come: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vae.commands.measure import duration

if TYPE_CHECKING:
    from vae.runs.series import Place
    from vae.training.report import Closing, Report

    Shown = Callable[[Report | Closing], None]
    ShownOf = Callable[[Place, Report | Closing], None]

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


@contextmanager
def series(quiet: bool) -> Iterator["ShownOf"]:
    """Give a function that shows how far several runs are, one after the other, and in all."""
    if not sys.stderr.isatty():
        yield (lambda place, report: None) if quiet else _lines_of_series()
        return
    from tqdm import tqdm

    form, past = "{desc} {percentage:3.0f}% |{bar}|{postfix}", 0.0
    with tqdm(desc="training", total=1.0, bar_format=form, leave=False) as bar:

        def show(place: "Place", report: "Report | Closing") -> None:
            nonlocal past
            past = getattr(report, "seconds", past)
            bar.set_description_str(f"{place}, {report.phase}", refresh=False)
            bar.set_postfix_str(f"{report}, {_in_all(place, report, past)}", refresh=False)
            bar.n = (place.number - 1 + report.share) / place.count
            bar.refresh()

        yield show


def _lines_of_series() -> "ShownOf":
    shown: dict[int, Shown] = {}
    past = 0.0

    def show(place: "Place", report: "Report | Closing") -> None:
        nonlocal past
        past = getattr(report, "seconds", past)
        if place.number not in shown:
            shown.clear()
            shown[place.number] = _lines(lambda report: f", {_in_all(place, report, past)}")
        shown[place.number](report)

    return show


def _in_all(place: "Place", report: "Report | Closing", past: float) -> str:
    """Say how long all runs will still take; ``past`` is how long this one has trained."""
    own: float = getattr(report, "remaining", getattr(report, "left", 0.0))
    return f"about {duration(place.left(own, past))} left in all"


def _lines(more: "Callable[[Report | Closing], str]" = lambda report: "") -> "Shown":
    from vae.training.report import Closing

    shown, phase = float("-inf"), "training"

    def show(report: "Report | Closing") -> None:
        nonlocal shown, phase
        if isinstance(report, Closing):
            # one line is enough
            if report.phase != phase:
                print(f"{report.phase} on the test split, {report}{more(report)}", flush=True)
            phase = report.phase
            return
        length = report.seconds + report.remaining
        if report.last or report.seconds - shown >= length / LINES:
            shown = report.seconds
            print(f"{report}{more(report)}", flush=True)

    return show
