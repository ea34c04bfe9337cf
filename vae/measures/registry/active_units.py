"""Active units: how many latent dimensions carry information about the image.

Source: Burda et al. 2016, "Importance weighted autoencoders", section 5.2.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.counter import Progress
from vae.measures.evaluation import active_units, encode_split
from vae.measures.registry.measure import Estimate, Measure, Measured, Quantity
from vae.measures.registry.reading import Reading
from vae.measures.registry.subject import Subject
from vae.measures.resampling import Halved, halves


@dataclass(frozen=True)
class ActiveUnits(Measure):
    """Latent dimensions whose mean E[z|x] has a variance over 0.01 across the images."""

    name: ClassVar[str] = "active-units"
    title: ClassVar[str] = "Active units"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "active_units",
            "Active units",
            "dimensions",
            Reading(
                "How many latent dimensions tell images apart.",
                source="Burda et al. 2016, section 5.2",
                leads=True,
            ),
        ),
    )

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        loc = encode_split(subject.model, subject.split, progress, told=True).loc
        again = counted_by_halves(loc)
        estimate = Estimate(active_units(loc), again.stderr)
        note = f"of {loc.shape[1]} latent dimensions"
        return Measured(
            {"active_units": estimate}, len(loc), note, resampled={"active_units": again}
        )


def counted_by_halves(loc: np.ndarray) -> Halved:
    """Count the active units of posterior means (N, z_dim) on halves of the images."""
    return Halved(np.array([active_units(loc[rows]) for rows in halves(len(loc))], np.float64))
