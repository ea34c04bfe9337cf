"""Disentanglement: whether single dimensions tell single factors, by six scores of the field."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.data import Split
from vae.data.splits import permutation
from vae.measures.attributes import attribute_table, tables_left_out
from vae.measures.counter import Counter, Progress
from vae.measures.disentanglement import (
    Codes,
    beta_vae_halves,
    beta_vae_score,
    factor_vae_halves,
    factor_vae_score,
    judged_by_trees,
    mutual_information_gap,
    sap,
)
from vae.measures.disentanglement.dci import FEWEST, Judged
from vae.measures.evaluation import encode_split
from vae.measures.registry.measure import Estimate, Measure, Measured, Quantity
from vae.measures.registry.needs import FACTORS, SEVERAL, TRAINING, Need
from vae.measures.registry.reading import TOLD, Better, Reading
from vae.measures.registry.subject import Subject
from vae.measures.resampling import FEW, Halved, LeftOut, Resampled, groups, halves

MOST_FITTED = 10_000
"""Training images that regressions and classifiers are fitted on."""
ENOUGH = Need(
    lambda subject: min(len(subject.split), len(subject.train or ())) >= FEWEST,
    f"regressions need {FEWEST} images at least, of the split and of the training images",
)


@dataclass(frozen=True)
class Disentanglement(Measure):
    """Whether single dimensions tell single factors, by the scores of the field.

    MIG (Chen et al. 2018), the same with chance taken off, DCI (Eastwood and Williams 2018), SAP
    (Kumar et al. 2018) and the scores of β-VAE (Higgins et al. 2017) and FactorVAE (Kim and Mnih
    2018). What needs fitting is fitted on the codes of training images.
    """

    name: ClassVar[str] = "disentanglement"
    title: ClassVar[str] = "Disentanglement"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "mig",
            "Mutual information gap",
            "share",
            Reading(
                "How far the best dimension of a factor is ahead of the second best.",
                Better.HIGHER,
                "Chen et al. 2018, eq. 6",
                (TOLD,),
                leads=True,
            ),
        ),
        Quantity(
            "mig_adjusted",
            "Mutual information gap, chance taken off",
            "share",
            Reading(
                "The same, less what chance tells of as many images.",
                Better.HIGHER,
                "Vinh et al. 2010, eq. 3",
                (TOLD,),
            ),
        ),
        Quantity(
            "dci_disentanglement",
            "DCI, disentanglement",
            "share",
            Reading(
                "Whether each dimension serves one factor alone.",
                Better.HIGHER,
                "Eastwood and Williams 2018, section 2",
                (TOLD,),
            ),
        ),
        Quantity(
            "dci_completeness",
            "DCI, completeness",
            "share",
            Reading(
                "Whether each factor is in one dimension alone.",
                Better.HIGHER,
                "Eastwood and Williams 2018, section 2",
                (TOLD,),
            ),
        ),
        Quantity(
            "dci_informativeness",
            "DCI, informativeness",
            "R²",
            Reading(
                "How well the factors are found in the code.",
                Better.HIGHER,
                "Eastwood and Williams 2018, section 2",
                (TOLD,),
            ),
        ),
        Quantity(
            "sap",
            "Separated attribute predictability",
            "share",
            Reading(
                "How far the best single dimension is ahead in telling a factor.",
                Better.HIGHER,
                "Kumar et al. 2018, section 3",
                (TOLD,),
            ),
        ),
        Quantity(
            "beta_vae_score",
            "Score of β-VAE",
            "accuracy",
            Reading(
                "How often the factor that two images share is found from their codes.",
                Better.HIGHER,
                "Higgins et al. 2017, section 3",
                (TOLD,),
            ),
        ),
        Quantity(
            "factor_vae_score",
            "Score of FactorVAE",
            "accuracy",
            Reading(
                "How often the dimension that varies least tells which factor is held fixed.",
                Better.HIGHER,
                "Kim and Mnih 2018, section 4",
                (TOLD,),
            ),
        ),
    )
    needs = (FACTORS, SEVERAL, TRAINING, ENOUGH)
    revision: ClassVar[int] = 1

    def passes(self, subject: Subject) -> float:
        return len(subject.split) + min(MOST_FITTED, len(subject.train or ()))

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        split, names = subject.split, subject.factor_names
        train = split if subject.train is None else subject.train
        train = train.take(np.sort(permutation(len(train))[:MOST_FITTED]))
        count = Counter(len(train) + len(split), progress)
        fitted, (judged, scale) = (self._codes(subject, one, count) for one in (train, split))
        group = groups(len(split))
        numbers = _gaps(judged, scale, names, group, subject.seed)
        told = judged_by_trees(fitted[0], judged, group, subject.seed)
        importance, scores = _of_trees(told)
        labels = np.zeros(0) if split.labels is None else split.labels
        nominal = [np.array_equal(column, labels) for column in judged.factors.T]
        numbers |= scores | {"sap": _sap(judged, nominal)}
        numbers |= _of_pairs(fitted[0], judged, subject.seed)
        estimates = {name: Estimate(value, one.stderr) for name, (value, one) in numbers.items()}
        varies = [
            name for name, column in zip(names, judged.factors.T, strict=True) if np.ptp(column)
        ]
        note = (
            f"factors {', '.join(varies)}; fitted on {len(train):,} training images, once, which "
            f"the errors do not cover; chance is {1 / len(varies):.2f} for the scores of β-VAE and "
            "FactorVAE, else 0"
        )
        again = {name: one for name, (_, one) in numbers.items()}
        details = {"importance": importance.tolist()}
        return Measured(estimates, len(split), note, details, resampled=again)

    def _codes(self, subject: Subject, split: Split, count: Counter) -> tuple[Codes, np.ndarray]:
        told = not subject.model.conditioning.infers
        found = encode_split(subject.model, split, told=told)
        count(len(split))
        factors = np.zeros((len(split), 0)) if split.factors is None else split.factors
        return Codes(found.loc, factors), found.scale


Numbers = dict[str, tuple[float, Resampled]]
"""Values with what they are without groups of images."""


def _gaps(
    judged: Codes, scale: np.ndarray, names: tuple[str, ...], group: np.ndarray, seed: int
) -> Numbers:
    """Measure the mutual information gap, and the same with chance taken off."""
    of = (judged.loc, scale, judged.factors, names)
    whole, without = attribute_table(*of, seed), tables_left_out(*of, group, seed)
    mig = mutual_information_gap(*of).mig
    return {
        "mig": (mig, LeftOut(np.array([_gap(one.plain_share) for one in without]))),
        "mig_adjusted": (
            _gap(whole.share),
            LeftOut(np.array([_gap(one.share) for one in without])),
        ),
    }


def _gap(share: np.ndarray) -> float:
    best = np.sort(share, axis=1)
    return float((best[:, -1] - best[:, -2]).mean())


def _sap(judged: Codes, nominal: list[bool]) -> tuple[float, Resampled]:
    found = [sap(*judged.take(rows), nominal) for rows in halves(len(judged.loc), FEW)]
    return sap(*judged, nominal), Halved(np.array(found))


def _of_pairs(fitted: Codes, judged: Codes, seed: int) -> Numbers:
    """Score pairs and groups of images that share a factor."""
    both = (fitted, judged, seed)
    return {
        "beta_vae_score": (beta_vae_score(*both).value, beta_vae_halves(*both)),
        "factor_vae_score": (factor_vae_score(*both).value, factor_vae_halves(*both)),
    }


def _of_trees(told: Judged) -> tuple[np.ndarray, Numbers]:
    """Score what trees made of the images; also the matrix of importances."""
    whole, without = told.score(), told.left_out()
    numbers: Numbers = {}
    for score in ("disentanglement", "completeness", "informativeness"):
        again = LeftOut(np.array([getattr(one, score) for one in without]))
        numbers[f"dci_{score}"] = (getattr(whole, score), again)
    return whole.importance, numbers
