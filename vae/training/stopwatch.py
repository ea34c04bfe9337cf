"""A clock for training: it stands still while the process does."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

BEAT_SECONDS = 0.1
LONGEST_SILENCE = 1.0
"""A process whose threads all show no sign of life for longer, and that used no processor either,
was suspended. One that only waits for a core, or for the disk, still beats several times a second.
"""
IDLE_SHARE = 0.05


class Stopwatch:
    """Seconds of wall time, without those in which the process was suspended.

    A thread beats ten times a second. A stopped process (SIGSTOP, a frozen container) misses its
    beats and uses no processor time; a slow one beats late, but beats. A sleeping machine stops
    the clock itself on Linux and macOS.
    """

    def __init__(
        self,
        seconds: float = 0.0,
        now: Callable[[], float] = time.perf_counter,
        used: Callable[[], float] = time.process_time,
    ):
        self.seconds, self.suspended = seconds, 0.0
        self._now, self._used = now, used
        # what all threads together can use between two beats
        self._busy = BEAT_SECONDS * (os.cpu_count() or 1)
        self._last: tuple[float, float] | None = None
        self._lock = threading.Lock()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the time run."""
        self._last = self._now(), self._used()
        done = threading.Event()

        def beat() -> None:
            while not done.wait(BEAT_SECONDS):
                self.read()

        heart = threading.Thread(target=beat, name="heartbeat", daemon=True)
        heart.start()
        try:
            yield
        finally:
            done.set()
            heart.join()
            self.read()
            self._last = None

    @contextmanager
    def still(self) -> Iterator[None]:
        """Let the time stand still inside the block: the training waits for something else."""
        self.read()
        with self._lock:
            runs, self._last = self._last is not None, None
        try:
            yield
        finally:
            with self._lock:
                self._last = (self._now(), self._used()) if runs else None

    def read(self) -> float:
        """Return the seconds so far."""
        with self._lock:
            if self._last is None:
                return self.seconds
            now, used = self._now(), self._used()
            gap, work = now - self._last[0], used - self._last[1]
            if gap > LONGEST_SILENCE and work <= self._busy + IDLE_SHARE * gap:
                self.suspended += gap - BEAT_SECONDS
                gap = BEAT_SECONDS
            self.seconds += gap
            self._last = now, used
            return self.seconds
