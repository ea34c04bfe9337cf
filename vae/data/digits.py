"""Handwritten digits of 8x8 pixels that come with scikit-learn."""

import numpy as np

from vae.data.splits import Split, cut

TEST_COUNT = 359


def splits() -> tuple[Split, Split]:
    """Training and test images; there is no official cut, so a fifth is held out by a fixed draw.

    A pixel counts ink in 0..16; it becomes round(255 * ink / 16), which is 0 at 0, 255 at 16 and
    keeps all seventeen levels apart.
    """
    # Slow to import (about a second), and no other data set needs it.
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.rint(digits.images * (255 / 16)).astype(np.uint8)[:, None]
    everything = Split(images, digits.target.astype(np.int64))
    test, train = cut(len(images), TEST_COUNT)
    return everything.take(train), everything.take(test)
