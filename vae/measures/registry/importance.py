"""The negative log-likelihood by importance sampling (Burda et al. 2016, eq. 8)."""

from dataclasses import dataclass, replace
from typing import ClassVar

from vae.measures.bound import bound_terms, importance_weighted_log_px
from vae.measures.counter import Counter, Progress
from vae.measures.registry.measure import Measure, Measured, Quantity
from vae.measures.registry.needs import DENSITY, PRIOR_DENSITY, PROBABILITY
from vae.measures.registry.reading import PIXELS, TOLD, Better, Reading
from vae.measures.registry.subject import Subject
from vae.options import option


@dataclass(frozen=True)
class ImportanceSampling(Measure):
    """−log p(x) from many draws of q(z|x) per image; in expectation an upper bound of it."""

    name: ClassVar[str] = "nll"
    title: ClassVar[str] = "Negative log-likelihood"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "nll",
            "Negative log-likelihood",
            "nats per image",
            Reading(
                "How improbable the images are: −log p(x), bounded from above.",
                Better.LOWER,
                "Burda et al. 2016, eq. 8",
                (PIXELS, TOLD),
                leads=True,
            ),
        ),
    )
    needs = (DENSITY, PRIOR_DENSITY, PROBABILITY)
    is_slow: ClassVar[bool] = True
    keeps: ClassVar[bool] = True
    samples: int = option(
        5000,
        "draws of z per image; more of them bring the bound closer to log p(x)",
        minimum=1,
        maximum=100_000,
        title="Samples per image",
    )

    def passes(self, subject: Subject) -> float:
        return len(subject.split) * self.samples

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        model, split = subject.model, subject.split
        told = None if model.conditioning.infers else split.labels
        log_px = importance_weighted_log_px(
            model,
            split.images,
            self.samples,
            subject.seed,
            Counter(len(split) * self.samples, progress),
            told,
            subject.dequantize,
            subject.kept,
        )
        note = f"{self.samples:,} samples per image"
        if model.conditioning.needs_labels:
            note += "; of log p(x|y), since the model is told each image's class"
        found = bound_terms(
            model, split.images, subject.seed, None, split.labels, subject.dequantize
        )
        assert found.kl is not None, "a model of this measure has a density"
        # of the same pixels, so that the two can be held against each other
        elbo = {"elbo": float((found.log_px - found.kl).mean())}
        return replace(self.means(-log_px, note=note), details=elbo)
