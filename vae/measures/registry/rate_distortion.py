"""Rate and distortion: what the code of an image costs, and what the decoder still misses.

Source: Alemi et al. 2018, "Fixing a broken ELBO", eq. 3 and 4; the ELBO is −(R + D).
"""

from dataclasses import dataclass
from typing import ClassVar

from vae.errors import UserError
from vae.measures.bound import bound_terms
from vae.measures.counter import Counter, Progress
from vae.measures.registry.measure import Measure, Measured, Quantity
from vae.measures.registry.needs import DENSITY, PRIOR_DENSITY
from vae.measures.registry.subject import Subject


@dataclass(frozen=True)
class RateDistortion(Measure):
    """What the code of an image costs, and what the decoder still misses.

    Rate is KL(q(z|x) ‖ p(z)), distortion −E log p(x|z) by one z per image; the ELBO is minus their
    sum.
    """

    name: ClassVar[str] = "rate-distortion"
    title: ClassVar[str] = "Rate and distortion"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity("rate", "Rate", "nats per image"),
        Quantity("distortion", "Distortion", "nats per image"),
        Quantity("elbo", "ELBO", "nats per image"),
    )
    needs = (DENSITY, PRIOR_DENSITY)

    def passes(self, subject: Subject) -> float:
        return 2 * len(subject.split) * max(1, subject.model.conditioning.classes)

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        split = subject.split
        count = Counter(len(split), progress)
        found = bound_terms(
            subject.model, split.images, subject.seed, count, split.labels, subject.dequantize
        )
        if found.kl is None:
            raise UserError("the model has no KL; choose a variational model")
        terms = (found.kl, -found.log_px, found.log_px - found.kl)
        return Measured(self.means(*terms), len(split))
