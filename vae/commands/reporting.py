"""Training reports as they come: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vae.training import Report, Score

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
            bar.set_postfix_str(_scores(report), refresh=False)
            bar.update(report.step - bar.n)

        yield show


def _lines() -> Callable[["Report"], None]:
    shown = float("-inf")

    def show(report: "Report") -> None:
        nonlocal shown
        length = report.seconds + report.remaining
        if report.step == report.steps or report.seconds - shown >= length / LINES:
            shown = report.seconds
            print(
                f"step {report.step}/{report.steps}, epoch {report.epoch:.2f}, "
                f"{report.seconds:.0f} s, {report.remaining:.0f} s left, {_scores(report)}",
                flush=True,
            )

    return show


def _scores(report: "Report") -> str:
    return f"{_score('train', report.train)}, {_score('validation', report.validation)} nats"


def _score(split: str, score: "Score") -> str:
    if score.elbo is None:
        return f"{split} reconstruction {score.reconstruction:.2f}"
    return f"{split} elbo {score.elbo:.2f}"
