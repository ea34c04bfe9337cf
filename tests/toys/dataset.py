"""A data set: stripes of 8×8 pixels, upright or lying, at eight places."""

import numpy as np

from vae.data import Source, Split
from vae.data.splits import validation_count

TRAIN, TEST = 96, 40


def read() -> tuple[Split, Split]:
    """Draw the training images, validation still among them, and the test images."""
    return _stripes(TRAIN, 0), _stripes(TEST, 1)


def _stripes(count: int, seed: int) -> Split:
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 40, (count, 1, 8, 8), dtype=np.uint8)
    label = np.arange(count) % 2
    for row in range(count):
        place = rng.integers(8)
        if label[row]:
            images[row, 0, :, place] = 255
        else:
            images[row, 0, place, :] = 255
    return Split(images, label.astype(np.int64))


STRIPES = Source(
    name="toy-stripes",
    title="Toy stripes",
    description="stripes of 8x8 pixels",
    image_shape=(1, 8, 8),
    counts={
        "train": TRAIN - validation_count(TRAIN),
        "validation": validation_count(TRAIN),
        "test": TEST,
    },
    read=read,
    class_names=("lying", "upright"),
)
