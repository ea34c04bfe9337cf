"""How much of a training run is done: a share from 0 to 1 that schedules read at each step.

A budget of steps is exact and repeats itself bit for bit. A budget of seconds reads the clock: no
number of steps is predicted, and the share reaches 1 when the time is over, however fast the
machine was on the way.
"""

import statistics
from collections import deque
from dataclasses import dataclass

LATE_STEPS = 9
"""So many steps tell how long the next one will take; their median bears a slow one among them."""
LANDING = 0.02
"""Share of a budget of seconds that a landing takes; a step size this near the end is as good as 0.
"""
FEWEST_STEPS = 20
"""A budget of seconds in which fewer steps fit trains no model worth the name."""
LATE_SHARE, LATE_SECONDS = 0.05, 2.0


@dataclass(frozen=True)
class Leg:
    """From where the schedules go on to their end: the start, or the last change of the budget."""

    step: int = 0
    seconds: float = 0.0
    share: float = 0.0
    """The share that they had reached there."""
    cosine: int = 0
    """The step at which the cosine of the step size began; a later one than the first is that of a
    finished run that is trained longer, and then all other schedules stay at their end."""

    def share_at(self, begun: float, now: float, end: float) -> float:
        """Return the share at a moment on the way from ``begun`` to ``end``, in their unit."""
        return self.share + (1 - self.share) * (now - begun) / (end - begun)


class StepBudget:
    """A number of steps, known beforehand; ``tick`` is the share that one step is."""

    def __init__(self, steps: int, leg: Leg = Leg()):
        self.steps, self.leg = steps, leg
        self.tick = (1 - leg.share) / (steps - leg.step)

    def begin(self, step: int, seconds: float) -> float:
        """Return the share that the step beginning now reads: what is done before it."""
        return self.reached(step)

    def reached(self, step: int) -> float:
        """Return the share that the schedules have reached."""
        return min(1.0, self.leg.share_at(self.leg.step, step, self.steps))

    def took(self, duration: float) -> None:
        """Hear how long a step took."""

    def done(self, step: int, seconds: float) -> float:
        """Return the share done after so many steps."""
        return step / self.steps

    def is_spent(self, step: int, seconds: float) -> bool:
        """Tell whether no step is left."""
        return step >= self.steps

    def has_room(self, seconds: float, pause: float) -> bool:
        """Tell whether a pause of some seconds leaves time to train."""
        return True

    def shortfall(self, step: int, seconds: float) -> str | None:
        """Say how a run that is over missed its budget: a number of steps is always kept."""
        return None


class TimeBudget:
    """A number of seconds of training.

    A step reads the share at which it will have ended, predicted from the steps before it, so that
    the last one is made at a share of 1. One step or pause that takes the run past its end while
    the step size is still large is followed by a landing: a few steps in which it comes down.
    """

    steps, tick = None, 0.0

    def __init__(self, seconds: float, share: float = 0.0, leg: Leg = Leg()):
        self.seconds, self.share, self.leg = seconds, share, leg
        self._late: deque[float] = deque(maxlen=LATE_STEPS)
        self._warm = False
        # where the clock stood, and which share was reached, when the landing began
        self._landing: tuple[float, float] | None = None

    @property
    def step_seconds(self) -> float:
        """How long a step takes of late, s; 0 while that is not known."""
        return statistics.median(self._late) if self._late else 0.0

    def begin(self, step: int, seconds: float) -> float:
        """Return the share that the step beginning now reads: the one at which it will end."""
        if self._landing is None and self._is_over(seconds, self.seconds):
            self._landing = seconds, self.share
        ends = seconds + self.step_seconds
        if self._landing:
            at, share = self._landing
            self.share = min(1.0, share + (1 - share) * (ends - at) / self._landing_seconds)
        else:
            self.share = min(1.0, self.leg.share_at(self.leg.seconds, ends, self.seconds))
        return self.share

    def reached(self, step: int) -> float:
        """Return the share that the schedules have reached: what the last step read."""
        return self.share

    def took(self, duration: float) -> None:
        """Hear how long a step took; the first one of a process warms up, and tells nothing."""
        if self._warm:
            self._late.append(duration)
        self._warm = True

    def done(self, step: int, seconds: float) -> float:
        """Return the share of the time that has passed."""
        return min(1.0, seconds / self.seconds)

    def is_spent(self, step: int, seconds: float) -> bool:
        """Tell whether the time is over: whether another step would end farther from it than now.

        It is not over before the landing, where one is needed and a few steps fit into it.
        """
        if self._landing:
            return self._is_over(seconds, self._landing[0] + self._landing_seconds)
        can_land = 0 < self.step_seconds <= self._landing_seconds / 2
        return self._is_over(seconds, self.seconds) and (self.has_landed or not can_land)

    def _is_over(self, seconds: float, end: float) -> bool:
        return seconds + self.step_seconds / 2 >= end

    @property
    def has_landed(self) -> bool:
        """Tell whether the last step was made at the end of the schedules."""
        left = (1 - self.share) * (self.seconds - self.leg.seconds)
        return left <= max(self._landing_seconds, self.step_seconds)

    def has_room(self, seconds: float, pause: float) -> bool:
        """Tell whether a pause of some seconds leaves time to train."""
        return seconds + pause <= self.leg.seconds + (1 - LANDING) * (
            self.seconds - self.leg.seconds
        )

    @property
    def _landing_seconds(self) -> float:
        return LANDING * (self.seconds - self.leg.seconds)

    def shortfall(self, step: int, seconds: float) -> str | None:
        """Say how a run that is over missed its time; None where it kept it."""
        budget = f"{self.seconds:g} s"
        if step < FEWEST_STEPS:
            steps = "one step" if step == 1 else f"{step} steps"
            return f"only {steps} fitted into {budget}; give it more time or smaller batches"
        if seconds - self.seconds > max(LATE_SECONDS, LATE_SHARE * self.seconds):
            return f"trained for {seconds:.0f} s instead of {budget}; the last step took that long"
        if not self.has_landed:
            return f"the time of {budget} was over before the step size had fallen to 0"
        return None
