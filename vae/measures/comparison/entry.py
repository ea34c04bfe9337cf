"""What is known of one model in one number, before it is compared."""

from dataclasses import dataclass

from vae.measures.registry import Measured, Quantity, Subject


@dataclass(frozen=True)
class Entry:
    """A model in one row of a comparison."""

    model: str
    """Its name, unique in the row."""
    measured: Measured | None = None
    """None where there is nothing, or nothing yet."""
    grounds: tuple[str, ...] = ()
    """What must be the same for two models to be compared: clauses that follow "it is"."""
    reason: str | None = None
    """Why there is nothing to compare, a clause; None where there is, or will be."""

    @classmethod
    def of(
        cls, model: str, quantity: Quantity, subject: Subject, measured: Measured | None
    ) -> "Entry":
        """Take what a measure found for a subject."""
        return cls(model, measured, quantity.reading.grounds_of(subject))
