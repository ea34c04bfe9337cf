"""The ELBO's gap in two parts: approximation and amortisation (Cremer et al. 2018)."""

from dataclasses import dataclass
from typing import ClassVar

from vae.measures import inferred
from vae.measures.counter import Counter, Progress
from vae.measures.gaps import BACK, DRAWS, SAMPLES, STEPS, inference_gaps
from vae.measures.quadrature.exact import MOST_DIMENSIONS
from vae.measures.registry.measure import Measure, Measured, Quantity
from vae.measures.registry.needs import DENSITY, PRIOR_DENSITY
from vae.measures.registry.reading import PIXELS, TOLD, Better, Reading
from vae.measures.registry.subject import Subject
from vae.options import option

GROUNDS = (PIXELS, TOLD)


@dataclass(frozen=True)
class InferenceGap(Measure):
    """How far the ELBO is below log p(x), for want of a better family and of a better encoder.

    The best q of each image is looked for by gradient steps.
    """

    name: ClassVar[str] = "inference-gap"
    title: ClassVar[str] = "The gap of the ELBO"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "approximation_gap",
            "Approximation gap",
            "nats per image",
            Reading(
                "What the bound loses because the family of q is too simple.",
                Better.LOWER,
                "Cremer et al. 2018, eq. 6",
                GROUNDS,
            ),
        ),
        Quantity(
            "amortisation_gap",
            "Amortisation gap",
            "nats per image",
            Reading(
                "What the bound loses because one encoder serves all images.",
                Better.LOWER,
                "Cremer et al. 2018, eq. 6",
                GROUNDS,
            ),
        ),
        Quantity(
            "gap_log_px",
            "log p(x)",
            "nats per image",
            Reading("How probable these few images are.", Better.HIGHER, grounds=GROUNDS),
        ),
        Quantity(
            "gap_elbo_best",
            "ELBO of the best q",
            "nats per image",
            Reading("The bound with the best q of the family.", Better.HIGHER, grounds=GROUNDS),
        ),
        Quantity(
            "gap_elbo",
            "ELBO of the encoder's q",
            "nats per image",
            Reading("The bound with the encoder's own q.", Better.HIGHER, grounds=GROUNDS),
        ),
    )
    needs = (DENSITY, PRIOR_DENSITY)
    most_images: ClassVar[int | None] = 100
    is_slow: ClassVar[bool] = True
    steps: int = option(
        STEPS,
        "gradient steps for the best q of each image",
        minimum=1,
        maximum=5000,
        title="Steps per image",
    )

    def passes(self, subject: Subject) -> float:
        each = BACK * DRAWS * self.steps + 2 * SAMPLES
        return len(subject.split) * subject.summed_classes * each

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        split = subject.split
        found = inference_gaps(
            subject.model,
            split.images,
            split.labels,
            subject.seed,
            Counter(len(split) * subject.summed_classes, progress),
            subject.dequantize,
            self.steps,
        )
        parts = (found.approximation, found.amortisation)
        exact = subject.model.config.z_dim <= MOST_DIMENSIONS
        how = "by quadrature" if exact else f"by {SAMPLES:,} samples of the best q"
        note = f"log p(x) {how}; {self.steps} steps per image"
        if subject.model.conditioning.infers:
            note += f"; {inferred.NOTE}; the amortisation gap holds what the classifier misses"
        return self.means(*parts, found.log_px, found.elbo_best, found.elbo, note=note)
