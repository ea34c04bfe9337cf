"""Progress on a terminal as a bar, elsewhere as plain lines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# plain lines in all
LINES = 10


@contextmanager
def progress(label: str, unit: str, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Give a function ``report(done, total)`` that shows how far the work is.

    A bar goes to standard error; plain lines go to standard output, and nowhere when ``quiet``
    keeps that for a JSON object.
    """
    if not sys.stderr.isatty():
        yield _silent if quiet else _lines(label, unit)
        return
    from tqdm import tqdm

    with tqdm(desc=label, unit=f" {unit}", leave=False, unit_scale=True) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield report


def _silent(done: int, total: int) -> None:
    pass


def _lines(label: str, unit: str) -> Callable[[int, int], None]:
    shown = 0

    def report(done: int, total: int) -> None:
        nonlocal shown
        tenth = LINES * done // total if total else 0
        if tenth > shown:
            shown = tenth
            print(f"{label}: {100 * done // total} % of {total:,} {unit}", flush=True)

    return report
