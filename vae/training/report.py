"""What a training run tells of itself about once a second: where it stands and what it reaches."""

from dataclasses import asdict, dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Score:
    """Mean nats per image over a split; ``kl`` and ``elbo`` are None for an autoencoder."""

    elbo: float | None
    reconstruction: float
    kl: float | None
    bound: float | None = None
    """The objective's own bound on log p(x), where it is tighter than the ELBO."""

    @classmethod
    def of(cls, log_px: float, kl: float | None) -> "Score":
        """Put the two terms together; the bound is their difference, whatever β trained it."""
        return cls(None if kl is None else log_px - kl, log_px, kl)

    def to_json(self) -> dict[str, float | None]:
        """Give it as plain values; the objective's own bound is there only if there is one."""
        values = asdict(self)
        if self.bound is None:
            del values["bound"]
        return values

    def __str__(self) -> str:
        if self.elbo is None:
            return f"reconstruction {self.reconstruction:.2f}"
        return f"elbo {self.elbo:.2f}"


@dataclass(frozen=True)
class Report:
    """Where a training run stands."""

    phase: ClassVar[str] = "training"

    step: int
    steps: int | None
    """Steps in all; None where the time decides and is not over yet."""
    share: float
    """How much of the budget is spent, from 0 to 1."""
    epoch: float
    seconds: float
    remaining: float
    lr: float
    beta: float
    train: Score
    validation: Score
    kl_per_dim: list[float] | None
    pixel_scale: float | None = None
    """Standard deviation of a pixel in pixel values, where the likelihood has one."""

    def __str__(self) -> str:
        step = f"{self.step}/{self.steps}" if self.steps else f"{self.step}"
        return (
            f"step {step}, epoch {self.epoch:.2f}, {self.seconds:.0f} s, "
            f"{self.remaining:.0f} s left, {self.scores()}"
        )

    @property
    def last(self) -> bool:
        """Tell whether the budget is spent."""
        return self.step == self.steps

    def scores(self) -> str:
        """Say what the model reaches on both splits, in nats."""
        return f"train {self.train}, validation {self.validation} nats"


@dataclass(frozen=True)
class Closing:
    """Where the work after the last step stands: measuring on the test split, then writing."""

    phase: ClassVar[str] = "measuring"

    share: float
    """How much of it is done, from 0 to 1."""
    left: float
    """Seconds that are left of it, as an estimate."""

    def __str__(self) -> str:
        return f"about {self.left:.0f} s left"
