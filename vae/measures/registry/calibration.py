"""Calibration: how often a value lies within the interval that the model states for it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vae.measures.calibration import (
    DRAWS,
    coverage,
    pixel_ranks,
    pooled,
    pooled_error,
    posterior_ranks,
)
from vae.measures.counter import Progress
from vae.measures.registry.measure import Estimate, Measure, Measured, Quantity, mean_of
from vae.measures.registry.needs import DENSITY
from vae.measures.registry.reading import PIXELS, Better, Reading
from vae.measures.registry.subject import Subject
from vae.measures.resampling import LeftOut, groups, sums_of_groups

LEVELS = (50, 90)


@dataclass(frozen=True)
class Calibration(Measure):
    """How often a value lies within the interval that the model states for it.

    Of the posterior: z is drawn from the prior and an image from p(x|z), and z is looked for in the
    central interval of each dimension of q(z|x). Of the pixels: those of the images are looked for
    in the intervals of p(x|z), or, where pixels are black or white, the probability of white is
    compared with how often they are.
    """

    name: ClassVar[str] = "calibration"
    title: ClassVar[str] = "Calibration"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            "coverage_50",
            "z within 50 % intervals of q(z|x)",
            "share",
            Reading(
                "How often the z behind a made-up image lies where its posterior says.",
                0.5,
                "Talts et al. 2018, theorem 1",
            ),
        ),
        Quantity(
            "coverage_90",
            "z within 90 % intervals of q(z|x)",
            "share",
            Reading(
                "How often the z behind a made-up image lies where its posterior says.",
                0.9,
                "Talts et al. 2018, theorem 1",
                leads=True,
            ),
        ),
        Quantity(
            "pixel_coverage_50",
            "Pixels within 50 % intervals",
            "share",
            Reading(
                "How often a pixel lies where p(x|z) says.",
                0.5,
                "Talts et al. 2018, theorem 1",
            ),
        ),
        Quantity(
            "pixel_coverage_90",
            "Pixels within 90 % intervals",
            "share",
            Reading(
                "How often a pixel lies where p(x|z) says.",
                0.9,
                "Talts et al. 2018, theorem 1",
            ),
        ),
        Quantity(
            "pixel_error",
            "Error of the probability of white",
            "share",
            Reading(
                "How far the stated probability of a white pixel is from how often it is white.",
                Better.LOWER,
                "Guo et al. 2017, eq. 3",
                (PIXELS,),
            ),
        ),
    )
    needs = (DENSITY,)
    most_images: ClassVar[int | None] = 1000

    def passes(self, subject: Subject) -> float:
        return 4 * len(subject.split)

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        model, split = subject.model, subject.split
        ranks = posterior_ranks(model, len(split), subject.seed)
        estimates = {quantity.name: Estimate(None) for quantity in self.quantities}
        details, values, again = {}, {}, {}
        for level in LEVELS:
            inside = coverage(ranks, level / 100)
            estimates[f"coverage_{level}"] = mean_of(inside.mean(1))
            details[f"coverage_{level}"] = inside.mean(0).tolist()
        if progress:
            progress(1, 2)
        found = (model, split.images, split.labels, subject.seed)
        if model.likelihood.is_binary:
            estimates["pixel_error"], again["pixel_error"] = _pixel_error(pooled(*found))
        else:
            of_pixels = pixel_ranks(*found)
            for level in LEVELS:
                inside = coverage(of_pixels, level / 100)
                values[f"pixel_coverage_{level}"] = inside.mean(1)
        estimates |= {name: mean_of(shares) for name, shares in values.items()}
        if progress:
            progress(2, 2)
        note = (
            f"of the posterior, {len(ranks):,} z drawn from the prior, each ranked among {DRAWS} "
            "draws of q(z|x)"
        )
        return Measured(estimates, len(split), note, details, values, again)


def _pixel_error(sums: np.ndarray) -> tuple[Estimate, LeftOut]:
    """Return the error of sums of each image, and what it is without groups of images."""
    whole, of_groups = sums.sum(0), sums_of_groups(sums, groups(len(sums)))
    again = LeftOut(np.array([pooled_error(whole - one) for one in of_groups]))
    return Estimate(pooled_error(whole), again.stderr), again
