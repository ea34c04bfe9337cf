"""log p(x) on a grid over z, and the gap to the ELBO, for one or two latent dimensions."""

from dataclasses import dataclass
from typing import ClassVar

from vae.measures import inferred
from vae.measures.counter import Counter, Progress
from vae.measures.quadrature import exact_log_px
from vae.measures.registry.measure import Measure, Measured, Quantity
from vae.measures.registry.needs import DENSITY, PLANE, PRIOR_DENSITY
from vae.measures.registry.reading import PIXELS, TOLD, Better, Reading
from vae.measures.registry.subject import Subject

CELLS = 15_000
"""Places at which an image is decoded, about: 8,000 to 25,000 were counted for shipped models."""


@dataclass(frozen=True)
class ExactLogPx(Measure):
    """log p(x) by quadrature, exact to 0.01 nats, and KL(q(z|x) ‖ p(z|x)), the ELBO's whole gap."""

    name: ClassVar[str] = "exact-log-px"
    title: ClassVar[str] = "log p(x) by quadrature"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "exact_log_px",
            "log p(x), exact",
            "nats per image",
            Reading(
                "How probable the images are, by a sum over a grid of z.",
                Better.HIGHER,
                grounds=(PIXELS, TOLD),
            ),
        ),
        Quantity(
            "exact_elbo",
            "ELBO, exact",
            "nats per image",
            Reading("The bound by the same sum.", Better.HIGHER, grounds=(PIXELS, TOLD)),
        ),
        Quantity(
            "exact_gap",
            "Gap, KL(q(z|x) ‖ p(z|x))",
            "nats per image",
            Reading(
                "How far the bound is below log p(x).",
                Better.LOWER,
                "Kingma and Welling 2014, eq. 1",
                (PIXELS, TOLD),
            ),
        ),
    )
    needs = (DENSITY, PRIOR_DENSITY, PLANE)
    most_images: ClassVar[int | None] = 200
    is_slow: ClassVar[bool] = True

    def passes(self, subject: Subject) -> float:
        return CELLS * len(subject.split) * subject.summed_classes

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        split = subject.split
        count = Counter(len(split) * subject.summed_classes, progress)
        found = exact_log_px(
            subject.model, split.images, split.labels, subject.seed, count, subject.dequantize
        )
        note = inferred.NOTE if subject.model.conditioning.infers else None
        return self.means(found.log_px, found.elbo, found.gap, note=note)
