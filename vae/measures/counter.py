"""How much of some work is done, told as ``progress(done, total)``."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Hears of the work done so far and of all the work, in whatever is counted."""


class Counter:
    """Adds up what was done, and reports it."""

    def __init__(self, total: int, progress: Progress | None):
        self.done, self.total, self.progress = 0, total, progress

    def __call__(self, count: int) -> None:
        self.done += count
        if self.progress:
            self.progress(self.done, self.total)
