"""Fréchet distance of draws and images, on features of this project's own classifier."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.data import Split
from vae.data.splits import permutation
from vae.errors import UserError
from vae.measures.classifier import classifier_of, is_kept
from vae.measures.counter import Progress
from vae.measures.draws import drawn_images, reconstructed
from vae.measures.frechet import frechet_distance, frechet_left_out
from vae.measures.registry.measure import Estimate, Measure, Measured, Quantity
from vae.measures.registry.needs import LABELS, TRAINING, Need
from vae.measures.registry.reading import Better, Reading
from vae.measures.registry.subject import Subject
from vae.measures.resampling import groups

TRAINING_SECONDS = 10.0
"""What training the classifier takes at first, on one thread and for images like MNIST."""
VALIDATION = Need(
    lambda subject: subject.validation is not None,
    "its classifier is chosen on validation images, and no other ones are measured",
)


@dataclass(frozen=True)
class Frechet(Measure):
    """Fréchet distance of draws and images, on features of a small classifier; not the FID.

    The classifier is trained by this project on the training images, and its last hidden layer
    gives the features. As many draws of the prior, decoded to their means, as there are images. The
    same distance of as many reconstructions, and of as many training images, tells what it comes
    to for a good decoder and for real images.
    """

    name: ClassVar[str] = "frechet"
    title: ClassVar[str] = "Fréchet distance on classifier features"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "frechet_draws",
            "Fréchet distance of draws",
            "squared features",
            Reading(
                "How far draws of the prior are from images, as a classifier sees them.",
                Better.LOWER,
                "Heusel et al. 2017, eq. 6, on other features",
                leads=True,
            ),
        ),
        Quantity(
            "frechet_reconstructions",
            "Fréchet distance of reconstructions",
            "squared features",
            Reading(
                "The same of reconstructions.",
                Better.LOWER,
                "Heusel et al. 2017, eq. 6, on other features",
            ),
        ),
        Quantity(
            "frechet_training",
            "Fréchet distance of training images",
            "squared features",
            Reading(
                "The same of training images: what a perfect model would reach.",
                Better.NEITHER,
                "Heusel et al. 2017, eq. 6, on other features",
            ),
        ),
    )
    needs = (LABELS, TRAINING, VALIDATION)
    # not minutes, but it trains a classifier when it is first asked for
    is_slow: ClassVar[bool] = True
    revision: ClassVar[int] = 1

    def passes(self, subject: Subject) -> float:
        return 6 * len(subject.split)

    def seconds(self, subject: Subject) -> float:
        train, validation = _fitted(subject)
        return super().seconds(subject) + (0 if is_kept(train, validation) else TRAINING_SECONDS)

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        train, validation = _fitted(subject)
        classifier = classifier_of(train, validation, progress)
        split = subject.some(len(train)).split
        rows = np.sort(permutation(len(train))[: len(split)])
        sets = {
            "frechet_draws": drawn_images(subject.model, len(split), subject.seed, split.labels),
            "frechet_reconstructions": reconstructed(subject.model, split.images, split.labels),
            "frechet_training": train.images[rows],
        }
        features, group = classifier.features(split.images), groups(len(split))
        estimates, again = {}, {}
        for name, images in sets.items():
            pair = (classifier.features(images), features)
            again[name] = frechet_left_out(*pair, group)
            estimates[name] = Estimate(frechet_distance(*pair), again[name].stderr)
        if progress:
            progress(len(split), len(split))
        note = (
            f"not the FID: features of a classifier that is right on {classifier.accuracy:.4f} of "
            f"{classifier.n_validation:,} validation images; {len(split):,} images of each kind, "
            "and fewer give a larger distance (Chong and Forsyth 2020), which the error over "
            "images and draws does not cover"
        )
        return Measured(estimates, len(split), note, resampled=again)


def _fitted(subject: Subject) -> tuple[Split, Split]:
    """Return the splits that the classifier is from; the needs have been asked."""
    if subject.train is None or subject.validation is None:
        raise UserError(f"{VALIDATION.otherwise}; choose the test split")
    return subject.train, subject.validation
