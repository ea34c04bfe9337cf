"""How many threads a training uses, and how they wait for one another.

OpenMP's threads wait by looking again and again. Beside other busy processes the one they wait for
may have no core, and the others burn theirs for nothing: 250 times slower was measured where a
quarter of the machine was the fair share.
"""

import os
import sys
import time
from collections.abc import Callable, MutableMapping, Sequence

SPINS, FEW_SPINS = 10_000, 1000
"""How often a waiting thread looks before it sleeps; 1000 is some 3 µs. Alone, more looks make up
to a fifth more steps; beside busy processes fewer do, five times as many and more. A budget in
seconds may have the first, since it uses fewer threads in company; one in epochs may not, as
its results depend on the number of threads.
"""
LOOK_SECONDS = 1.0
CROWDED, CALM = 0.25, 0.05
"""Shares of the time that a thread waits for a core: above the one it has company, below the other
it is alone."""
PATIENCE = 5
"""So many calm looks in a row, until more threads are used again."""


def settle(environ: MutableMapping[str, str], in_epochs: bool) -> None:
    """Set what OpenMP reads when torch loads it; what the user has set stays."""
    spins = str(FEW_SPINS if in_epochs else SPINS)
    environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    environ.setdefault("GOMP_SPINCOUNT", spins)


def settle_for(command: str | None, words: Sequence[str]) -> None:
    """Settle it in this process for a command that trains, unless torch is there already."""
    if command in ("train", "sweep") and "torch" not in sys.modules:
        # a run that goes on may be one in epochs
        unsure = any(word.startswith(("--epochs", "--resume")) for word in words)
        settle(os.environ, in_epochs=unsure)


def waited() -> float:
    """Return how long this thread has waited for a core so far, s; 0 where that is not told."""
    try:
        with open("/proc/thread-self/schedstat") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


class Company:
    """Chooses a number of threads by how long this one waits for a core.

    Threads that meet after each small piece of work all wait for the one without a core, so that
    in company fewer get more done.
    """

    def __init__(
        self,
        most: int,
        waited: Callable[[], float] = waited,
        now: Callable[[], float] = time.perf_counter,
    ):
        self.most, self.count = most, most
        self._waited, self._now, self._calm = waited, now, 0
        self._last = now(), waited()

    def look(self) -> int:
        """Return how many threads to use now; looks about once a second."""
        now = self._now()
        past = now - self._last[0]
        if past < LOOK_SECONDS:
            return self.count
        before, self._last = self._last[1], (now, self._waited())
        share = (self._last[1] - before) / past
        self._calm = self._calm + 1 if share < CALM else 0
        if share > CROWDED:
            self.count = max(1, self.count // 2)
        elif self._calm >= PATIENCE:
            self.count, self._calm = min(self.most, 2 * self.count), 0
        return self.count
