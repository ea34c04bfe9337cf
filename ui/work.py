"""Computations of a second or more: one thread per kind with progress, shared by all visitors.

A computation that failed or was stopped stays so until somebody presses a button: a page that is
drawn anew never starts it again by itself.
"""

import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from typing import Any

from vae.errors import UserError
from vae.files import owner

KEPT = 32
AT_ONCE = 0.25
"""Seconds after which a page stops waiting and shows a bar."""
PATIENCE = 5.0
"""Seconds without a question after which a computation that has not begun is dropped."""

Key = tuple[Hashable, ...]
"""Names a computation; the first entry is its kind."""


class Work:
    """A computation in steps: what each step gave, and how many there will be.

    ``make(done)`` yields the steps after the first ``done`` ones.
    """

    def __init__(
        self, key: Key, make: Callable[[int], Iterator[Any]], total: int, is_awaited: bool = False
    ):
        self.key = key
        self.total = total
        self.is_awaited = is_awaited
        """Whether a page waits for it before it shows anything."""
        self.found: list[Any] = []
        self.error: str | None = None
        """Why it failed, in a sentence."""
        self.asked = time.monotonic()
        """When somebody last asked for it, in seconds."""
        self._make = make
        self._asker = owner.asking()
        self._stopped, self._ended = threading.Event(), threading.Event()

    @property
    def running(self) -> bool:
        """Whether steps are still to come, or it waits for its turn."""
        return not self._ended.is_set()

    @property
    def done(self) -> bool:
        """Whether every step was made."""
        return not self.running and len(self.found) == self.total

    def wait(self, seconds: float = AT_ONCE) -> bool:
        """Wait that long at most; whether every step was made."""
        self._ended.wait(seconds)
        return self.done

    def stop(self) -> None:
        """Make no further step."""
        self._stopped.set()
        with _lock:
            if self in (line := _lines.get(self.key[0], [])):
                line.remove(self)
                self._ended.set()

    def go_on(self) -> None:
        """Go on after the last step that was made; nothing happens while it runs or when done."""
        with _lock:
            if self.running or self.done:
                return
            self.error = None
            self._stopped.clear()
            self._ended.clear()
            _queue(self)

    def compute(self) -> None:
        """Make the steps; what goes wrong is kept as a sentence."""
        try:
            with owner.acting_as(self._asker):
                for found in self._make(len(self.found)):
                    self.found.append(found)
                    if self._stopped.is_set() or self._gives_way():
                        break
        except UserError as error:
            self.error = str(error)
        except Exception as error:
            logging.getLogger(__name__).exception("the computation %s failed", self.key)
            self.error = (
                f"the computation failed ({type(error).__name__}); try it again or choose "
                "other options"
            )
        finally:
            with _lock:
                if self not in _lines[self.key[0]]:
                    self._ended.set()

    def _gives_way(self) -> bool:
        """Go back in line where nobody looks at this any more and another one waits."""
        with _lock:
            line = _lines[self.key[0]]
            if not line or time.monotonic() - self.asked <= PATIENCE:
                return False
            line.insert(0, self)
            return True


_works: OrderedDict[Key, Work] = OrderedDict()
_lines: dict[Hashable, list[Work]] = {}
"""Computations of each kind that wait for their turn."""
_workers: dict[Hashable, threading.Thread] = {}
_lock = threading.RLock()


def find(key: Key) -> Work | None:
    """The computation of that name, if it was started and is remembered."""
    with _lock:
        work = _works.get(key)
        if work is not None:
            work.asked = time.monotonic()
        return work


def start(
    key: Key, make: Callable[[int], Iterator[Any]], total: int, is_awaited: bool = False
) -> Work:
    """Return the computation of that name, begun where there was none."""
    with _lock:
        work = find(key)
        if work is None:
            work = _works[key] = Work(key, make, total, is_awaited)
            _queue(work)
        _works.move_to_end(key)
        while len(_works) > KEPT:
            _works.popitem(last=False)[1].stop()
        return work


def _queue(work: Work) -> None:
    kind = work.key[0]
    work.asked = time.monotonic()
    _lines.setdefault(kind, []).append(work)
    if kind not in _workers:
        serve = (kind, not work.is_awaited)
        _workers[kind] = threading.Thread(target=_serve, args=serve, daemon=True)
        _workers[kind].start()


def _serve(kind: Hashable, is_behind: bool) -> None:
    # on Linux a thread has a priority of its own: pages come first
    with suppress(OSError, AttributeError):
        if is_behind:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
    while (work := _next(kind)) is not None:
        work.compute()


def _next(kind: Hashable) -> Work | None:
    """Take the newest computation that somebody still waits for; the others are forgotten."""
    with _lock:
        line = _lines[kind]
        while line:
            work = line[-1]
            if time.monotonic() - work.asked <= PATIENCE:
                return line.pop()
            work.stop()
            if _works.get(work.key) is work:
                del _works[work.key]
        del _workers[kind]
        return None
