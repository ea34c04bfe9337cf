"""Probes: how much of the classes simple readers find in the posterior means."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.checkpoint import Atlas
from vae.data import Split
from vae.measures.classifier.trained import labelled
from vae.measures.counter import Counter, Progress
from vae.measures.evaluation import encode_split
from vae.measures.probe import accuracy_of, neighbours_right, probe_right
from vae.measures.registry.measure import Estimate, Measure, Measured, Quantity
from vae.measures.registry.needs import LABELS, TRAINING
from vae.measures.registry.reading import TOLD, Better, Reading
from vae.measures.registry.subject import Subject
from vae.options import option


@dataclass(frozen=True)
class Probes(Measure):
    """How often two simple readers tell the class from the posterior mean.

    Both are fitted on the means of all training images: a linear classifier (logistic regression),
    and the vote of the nearest neighbours. A model that is told classes is told them here too.
    """

    name: ClassVar[str] = "probes"
    title: ClassVar[str] = "Classes in the code"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "knn",
            "Accuracy of the nearest neighbours",
            "share",
            Reading(
                "How often the nearest codes of training images tell the class.",
                Better.HIGHER,
                grounds=(TOLD,),
                leads=True,
            ),
        ),
        Quantity(
            "linear_probe",
            "Accuracy of a linear classifier",
            "share",
            Reading(
                "How often a linear classifier tells the class from the code.",
                Better.HIGHER,
                "Alain and Bengio 2017",
                (TOLD,),
            ),
        ),
    )
    needs = (LABELS, TRAINING)
    k: int = option(15, "neighbours that vote", minimum=1, maximum=1000, title="Nearest neighbours")

    def passes(self, subject: Subject) -> float:
        # fitting takes about as long as encoding
        return 2 * (len(subject.split) + len(subject.train or ()))

    def _codes(self, subject: Subject, split: Split, count: Counter) -> Atlas:
        told = not subject.model.conditioning.infers
        codes = encode_split(subject.model, split, told=told)
        count(len(split))
        return codes

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        fitted = subject.split if subject.train is None else subject.train
        splits = [labelled(split) for split in (fitted, subject.split)]
        count = Counter(sum(map(len, splits)), progress)
        train, held_out = (self._codes(subject, split, count) for split in splits)
        found = (train.loc, train.label, held_out.loc, held_out.label)
        right = {"knn": neighbours_right(*found, k=self.k), "linear_probe": probe_right(*found)}
        estimates = {name: Estimate(*accuracy_of(values)) for name, values in right.items()}
        note = f"fitted on {len(train.loc):,} training images; {self.k} nearest neighbours"
        if subject.model.conditioning.needs_labels:
            note += "; the encoder was told each class"
        values = {name: one.astype(np.float64) for name, one in right.items()}
        return Measured(estimates, len(held_out.loc), note, per_image=values)
