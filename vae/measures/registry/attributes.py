"""Attributes: what each latent dimension tells of the classes and of the factors."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.attributes import SHUFFLES, AttributeTable, attribute_table, tables_left_out
from vae.measures.counter import Progress
from vae.measures.evaluation import encode_split
from vae.measures.registry.measure import Estimate, Measure, Measured, Quantity
from vae.measures.registry.needs import Need
from vae.measures.registry.reading import TOLD, Reading
from vae.measures.registry.subject import Subject
from vae.measures.resampling import LeftOut, groups

CLASS = "class"
"""What the labels are called where no factor has the same values."""
VARIES = Need(
    lambda subject: bool(attributes_of(subject)),
    "these images have neither several classes nor factors that vary",
)


@dataclass(frozen=True)
class Attributes(Measure):
    """What each latent dimension tells of the classes and of the factors, in nats.

    Mutual information with z drawn from the posteriors. What chance tells of as many images, found
    by dealing the values out anew, is subtracted, so that noise is about 0.
    """

    name: ClassVar[str] = "attributes"
    title: ClassVar[str] = "Attributes and dimensions"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "attribute_information",
            "Told by the best dimension",
            "nats per image",
            Reading(
                "What the best single dimension tells about classes and factors.",
                source="Chen et al. 2018, eq. 5, less what chance tells",
                grounds=(TOLD,),
            ),
        ),
        Quantity(
            "attribute_share",
            "The same as a share",
            "share",
            Reading(
                "The same, divided by all that there is to tell.",
                source="Vinh et al. 2010, eq. 3",
                grounds=(TOLD,),
            ),
        ),
    )
    needs = (VARIES,)

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        codes = encode_split(
            subject.model, subject.split, progress, told=not subject.model.conditioning.infers
        )
        found = attributes_of(subject)
        columns = np.stack(list(found.values()), axis=1)
        of = (codes.loc, codes.scale, columns, tuple(found))
        table = attribute_table(*of, subject.seed)
        without = tables_left_out(*of, groups(len(columns)), subject.seed)
        rows = zip(table.names, table.information, table.chance, table.entropy, strict=True)
        details = {
            name: {
                "nats": told.tolist(),
                "chance": chance.tolist(),
                "entropy": float(entropy),
            }
            for name, told, chance, entropy in rows
        }
        numbers = {"attribute_information": _best_nats, "attribute_share": _best_share}
        again = {
            name: LeftOut(np.array([number(one) for one in without]))
            for name, number in numbers.items()
        }
        estimates = {
            name: Estimate(number(table), again[name].stderr) for name, number in numbers.items()
        }
        note = (
            f"means over {', '.join(table.names)}; what {SHUFFLES} deals of their values among the "
            "images tell by chance is subtracted"
        )
        return Measured(estimates, len(codes.loc), note, details, resampled=again)


def _best_nats(table: AttributeTable) -> float:
    return float(table.information.max(1).mean())


def _best_share(table: AttributeTable) -> float:
    return float(table.share.max(1).mean())


def attributes_of(subject: Subject) -> dict[str, np.ndarray]:
    """Collect what is known of each image and varies: classes and factors, each (N,)."""
    found, split = {}, subject.split
    if split.factors is not None:
        found = dict(zip(subject.factor_names, split.factors.T, strict=True))
    labels = split.labels
    if labels is not None and (labels >= 0).all():
        if not any(np.array_equal(column, labels) for column in found.values()):
            found = {CLASS: labels, **found}
    return {name: column for name, column in found.items() if len(np.unique(column)) > 1}
