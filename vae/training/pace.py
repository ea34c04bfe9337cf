"""How fast a training has gone of late."""

from collections import deque

REPORTS = 10
"""So many reports back, the speed of late is measured from."""


class Pace:
    """Remembers at which steps and seconds the last reports were, from where a training begins."""

    def __init__(self, step: int = 0, seconds: float = 0.0):
        self._marks = deque([(step, seconds)], maxlen=REPORTS)

    def mark(self, step: int, seconds: float) -> None:
        """Remember where a report was made."""
        self._marks.append((step, seconds))

    def step_seconds(self, step: int, seconds: float) -> float | None:
        """Return the seconds that a step took since the oldest mark; None where there was none."""
        before, began = self._marks[0]
        return None if step == before else (seconds - began) / (step - before)
