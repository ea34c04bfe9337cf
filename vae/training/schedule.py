"""For how long a training goes on, and how large its steps are on the way."""

import math

from vae.training.budget import Leg, StepBudget, TimeBudget
from vae.training.config import DEFAULT_SECONDS, TrainConfig


def budget_of(
    config: TrainConfig,
    steps_per_epoch: int,
    elapsed: float,
    leg: Leg,
    share: float | None = None,
) -> StepBudget | TimeBudget:
    """Make the budget of a training; ``share`` is what its schedules reached, where it is known."""
    if config.objective.at_once:
        return StepBudget(1)
    if config.epochs is not None:
        return StepBudget(config.epochs * steps_per_epoch, leg)
    seconds = config.seconds or DEFAULT_SECONDS
    if share is None:
        share = min(1.0, leg.share_at(leg.seconds, elapsed, seconds))
    return TimeBudget(seconds, share, leg)


def learning_rate(
    config: TrainConfig, step: int, leg: Leg, share: float, budget: StepBudget | TimeBudget
) -> float:
    """Return the step size at a share of the schedules: it rises, then falls along a cosine."""
    rise = config.rise
    if config.rising_steps is not None:
        rising = min(1.0, (step - leg.cosine + 1) / config.rising_steps)
    else:
        rising = min(1.0, (share + budget.tick) / rise) if rise else 1.0
    fall = 0.5 * (1 + math.cos(math.pi * share))
    return config.learning_rate * rising * fall
