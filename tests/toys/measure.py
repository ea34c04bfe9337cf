"""A measure: how bright the images are, and how many draws nobody needs."""

from dataclasses import dataclass
from typing import ClassVar

from vae.measures.counter import Progress
from vae.measures.registry import Measure, Measured, Quantity, Subject, mean_of
from vae.measures.registry.needs import LABELS
from vae.options import option


@dataclass(frozen=True)
class Brightness(Measure):
    """Mean pixel of the images, times a gain."""

    name: ClassVar[str] = "toy-brightness"
    title: ClassVar[str] = "Toy brightness"
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity("toy_brightness", "Brightness", "pixel value"),
    )
    needs = (LABELS,)
    gain: float = option(1.0, "factor of each pixel", minimum=0.0, maximum=10.0, title="Gain")

    def measure(self, subject: Subject, progress: Progress | None = None) -> Measured:
        images = subject.split.images
        means = self.gain * images.reshape(len(images), -1).mean(axis=1) / 255
        if progress:
            progress(len(images), len(images))
        return Measured({"toy_brightness": mean_of(means)}, len(images))
