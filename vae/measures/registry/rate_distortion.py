"""Rate and distortion: what the code of an image costs, and what the decoder still misses.

Source: Alemi et al. 2018, "Fixing a broken ELBO", eq. 3 and 4; the ELBO is −(R + D).
"""

from dataclasses import dataclass
from typing import ClassVar

from vae.measures.bound import bound_terms
from vae.measures.counter import Counter, Progress
from vae.measures.registry.measure import Estimate, Measure, Measured, Quantity, mean_of
from vae.measures.registry.needs import DENSITY, PRIOR_DENSITY
from vae.measures.registry.reading import PIXELS, TOLD, Better, Reading
from vae.measures.registry.subject import Subject


@dataclass(frozen=True)
class RateDistortion(Measure):
    """What the code of an image costs, and what the decoder still misses.

    Rate is KL(q(z|x) ‖ p(z)), distortion −E log p(x|z) by one z per image; the ELBO is minus their
    sum. A model that gives each image one point has a distortion alone.
    """

    name: ClassVar[str] = "rate-distortion"
    title: ClassVar[str] = "Rate and distortion"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "rate",
            "Rate",
            "nats per image",
            Reading(
                "What the code of an image costs: KL(q(z|x) ‖ p(z)).",
                source="Alemi et al. 2018, eq. 4",
                grounds=(TOLD,),
                leads=True,
            ),
        ),
        Quantity(
            "distortion",
            "Distortion",
            "nats per image",
            Reading(
                "What the decoder misses of an image given its code: −E log p(x|z).",
                source="Alemi et al. 2018, eq. 3",
                grounds=(PIXELS, TOLD),
                leads=True,
            ),
        ),
        Quantity(
            "elbo",
            "ELBO",
            "nats per image",
            Reading(
                "A lower bound of log p(x): minus the sum of rate and distortion.",
                Better.HIGHER,
                "Kingma and Welling 2014, eq. 3",
                (PIXELS, TOLD),
                leads=True,
            ),
        ),
    )
    needs = (PRIOR_DENSITY,)

    def passes(self, subject: Subject) -> float:
        return 2 * len(subject.split) * max(1, subject.model.conditioning.classes)

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        split = subject.split
        count = Counter(len(split), progress)
        found = bound_terms(
            subject.model, split.images, subject.seed, count, split.labels, subject.dequantize
        )
        if found.kl is not None:
            return self.means(found.kl, -found.log_px, found.log_px - found.kl)
        distortion = {"distortion": mean_of(-found.log_px)}
        nothing = dict.fromkeys(("rate", "elbo"), Estimate(None))
        values = {"distortion": -found.log_px}
        return Measured(nothing | distortion, len(split), DENSITY.otherwise, per_image=values)
