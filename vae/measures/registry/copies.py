"""Copies: whether draws lie nearer to training images than images that the model never saw."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.copies import nearest, share_as_near
from vae.measures.counter import Counter, Progress
from vae.measures.draws import drawn_images, reconstructed
from vae.measures.registry.measure import Estimate, Measure, Measured, Quantity, mean_of
from vae.measures.registry.needs import TRAINING
from vae.measures.registry.reading import Better, Reading
from vae.measures.registry.subject import Subject

LEVEL = 0.05


@dataclass(frozen=True)
class Copies(Measure):
    """Whether draws lie nearer to training images than images that the model never saw.

    As many draws of the prior, decoded to their means, as there are images; each one's Euclidean
    distance to its nearest training image is held against the same distance of the images. A
    decoded mean is smoother than an image, which alone brings it nearer; the reconstructions of the
    images are smooth too, and are the second yardstick.
    """

    name: ClassVar[str] = "copies"
    title: ClassVar[str] = "Copy test"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "copies",
            "Draws nearer than 95 % of images; 0.05 by chance",
            "share",
            Reading(
                "How many draws lie nearer to a training image than 95 % of new images do.",
                0.05,
            ),
        ),
        Quantity(
            "copies_smooth",
            "Draws nearer than 95 % of reconstructions",
            "share",
            Reading(
                "The same against reconstructions, which are as smooth as draws.",
                0.05,
            ),
        ),
        Quantity(
            "draw_distance",
            "Distance of a draw to a training image",
            "pixel values",
            Reading(
                "How far a draw is from its nearest training image.",
                Better.NEITHER,
            ),
        ),
        Quantity(
            "image_distance",
            "Distance of an image to a training image",
            "pixel values",
            Reading(
                "How far a new image is from its nearest training image.",
                Better.NEITHER,
            ),
        ),
    )
    needs = (TRAINING,)
    most_images: ClassVar[int | None] = 1000

    def passes(self, subject: Subject) -> float:
        # a look at the training images costs about as much as a small network
        return 3 * len(subject.split)

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        model, split = subject.model, subject.split
        train = np.zeros(0) if subject.train is None else subject.train.images
        drawn = drawn_images(model, len(split), subject.seed, split.labels)
        smooth = reconstructed(model, split.images, split.labels)
        count = Counter(3 * len(train), progress)
        distance, held_out, held_out_smooth = (
            nearest(images, train, count).distance for images in (drawn, split.images, smooth)
        )
        estimates = {
            "copies": self._share(distance, held_out),
            "copies_smooth": self._share(distance, held_out_smooth),
            "draw_distance": mean_of(distance),
            "image_distance": mean_of(held_out),
        }
        note = f"{len(drawn):,} draws, decoded to their means, and {len(train):,} training images"
        return Measured(estimates, len(split), note, per_image={"image_distance": held_out})

    def _share(self, distance: np.ndarray, held_out: np.ndarray) -> Estimate:
        return mean_of((share_as_near(distance, held_out) <= LEVEL).astype(float))
