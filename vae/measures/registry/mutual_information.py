"""The information of the code about the image, and the aggregate posterior's KL to the prior."""

from dataclasses import dataclass
from typing import ClassVar

from vae.measures.counter import Counter, Progress
from vae.measures.information import information
from vae.measures.registry.measure import Estimate, Measure, Measured, Quantity, mean_of
from vae.measures.registry.needs import DENSITY, PRIOR_DENSITY
from vae.measures.registry.reading import TOLD, Better, Reading
from vae.measures.registry.subject import Subject
from vae.options import option

SLOW_PAIRS, PAIRS = 2_000, 200_000
"""Pairs of a draw and a posterior that take about as long as an image's way through a network:
through a flow, and by products of matrices."""
MOST_OF_A_FLOW = 500
"""So many images at most where each pair goes through a flow."""
NEAR_CEILING = 0.9
INFERRED = (
    "the code is z alone: q(z|x) is the mixture of q(z|x, y) over the classes by q(y|x), so that "
    "what the class itself tells counts as far as z shows it, and no more"
)


@dataclass(frozen=True)
class MutualInformation(Measure):
    """I(x; z) under q, and KL(q(z) ‖ p(z)); their sum is the rate (Hoffman and Johnson 2016).

    Where each class has a prior of its own, p(z) is the mixture of all of them. Of a model that
    infers the class the code is z alone. Of N images no code can tell more than log N nats.
    """

    name: ClassVar[str] = "mutual-information"
    title: ClassVar[str] = "Information of the code"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "mutual_information",
            "I(x; z)",
            "nats per image",
            Reading(
                "What a code tells about which image it is of.",
                source="Hoffman and Johnson 2016, eq. 6",
                grounds=(TOLD,),
                leads=True,
            ),
        ),
        Quantity(
            "information_ceiling",
            "Ceiling of I(x; z), log N",
            "nats per image",
            Reading("The most that can be told about N images.", grounds=(TOLD,)),
        ),
        Quantity(
            "aggregate_kl",
            "KL of the aggregate posterior to the prior",
            "nats",
            Reading(
                "How far the codes of all images together are from the prior.",
                Better.LOWER,
                "Hoffman and Johnson 2016, eq. 6",
                (TOLD,),
                leads=True,
            ),
        ),
    )
    needs = (DENSITY, PRIOR_DENSITY)
    draws: int = option(
        1,
        "draws of z per image",
        minimum=1,
        maximum=100,
        title="Draws per image",
    )

    def passes(self, subject: Subject) -> float:
        normal = subject.model.posterior.is_normal
        count = len(subject.split) if normal else min(len(subject.split), MOST_OF_A_FLOW)
        each = PAIRS if normal else SLOW_PAIRS
        return subject.summed_classes * (count + self.draws * count * count / each)

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        if not subject.model.posterior.is_normal:
            subject = subject.some(MOST_OF_A_FLOW)
        split = subject.split
        count = Counter(self.draws * len(split), progress)
        found = information(
            subject.model, split.images, split.labels, subject.seed, self.draws, count
        )
        mutual = mean_of(found.mutual)
        estimates = {
            "mutual_information": mutual,
            "information_ceiling": Estimate(found.ceiling, 0.0),
            "aggregate_kl": mean_of(found.aggregate),
        }
        notes = [INFERRED] if subject.model.conditioning.infers else []
        if found.class_tells is not None:
            notes.append(
                "p(z) is the mixture of the classes' priors; the rate, which is the KL to the "
                "prior of each image's own class, is the sum minus "
                f"{found.class_tells.mean():.2f} nats, the mean of log p(z|y) − log p(z)"
            )
        if (mutual.value or 0) > NEAR_CEILING * found.ceiling:
            notes.append(
                f"I(x; z) is near its ceiling of log {len(split):,}: the code may tell more than "
                "so many images can show, and the aggregate's KL is then too large by as much"
            )
        values = {"mutual_information": found.mutual, "aggregate_kl": found.aggregate}
        note = "; ".join(notes) or None
        return Measured(estimates, len(split), note, per_image=values)
