"""The end of a training whose numbers are lost."""

import math

from vae.errors import UserError
from vae.training.config import TrainConfig


class Diverged(UserError):
    """Training left the finite numbers; the parameters before the last report are still good."""


def check_finite(what: str, value: float | None, step: int, config: TrainConfig) -> None:
    """Raise `Diverged` where a number of a training is none, with what to try instead."""
    if value is not None and not math.isfinite(value):
        raise Diverged(
            f"training diverged at step {step} (the {what} is {value}); "
            f"try a learning rate below {config.learning_rate:g}"
        )
