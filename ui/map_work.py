"""Computations of a second or more: a thread of its own with progress, shared by all visitors."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from typing import Any

from vae.errors import UserError

KEPT = 32
AT_ONCE = 0.25
"""Seconds after which a page stops waiting and shows a bar."""


class Work:
    """A computation in steps: what each step gave, and how many there will be."""

    def __init__(self, steps: Iterator[Any], total: int):
        self.total = total
        self.found: list[Any] = []
        self.error: UserError | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(steps,), daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether steps are still to come."""
        return self._thread.is_alive()

    @property
    def done(self) -> bool:
        """Whether every step was made."""
        return not self.running and len(self.found) == self.total

    def wait(self, seconds: float = AT_ONCE) -> bool:
        """Wait that long at most; whether every step was made."""
        self._thread.join(seconds)
        return self.done

    def stop(self) -> None:
        """Make no further step."""
        self._stopped.set()

    def _run(self, steps: Iterator[Any]) -> None:
        # on Linux a thread has a priority of its own: pages come first
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        try:
            for found in steps:
                self.found.append(found)
                if self._stopped.is_set():
                    return
        except UserError as error:
            self.error = error


_works: OrderedDict[Hashable, Work] = OrderedDict()
_lock = threading.Lock()


def find(key: Hashable) -> Work | None:
    """The computation of that name, if it was started and is remembered."""
    with _lock:
        return _works.get(key)


def start(key: Hashable, make: Callable[[], Iterator[Any]], total: int) -> Work:
    """Return the computation of that name, started now where it was not yet or was stopped."""
    with _lock:
        work = _works.get(key)
        if work is None or not (work.running or work.done or work.error):
            work = _works[key] = Work(make(), total)
        _works.move_to_end(key)
        while len(_works) > KEPT:
            _works.popitem(last=False)[1].stop()
        return work
