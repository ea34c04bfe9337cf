"""Which images of a split keep their labels where only some of them may be used."""

import numpy as np

from vae.data.splits import permutation
from vae.errors import UserError


def balanced_rows(labels: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Draw rows of so many images, each class as often as the others; int64 (count,), ascending.

    Where the count is no multiple of the classes, the first classes get one more.

    Raises
    ------
    UserError
        Where a class would get none, or has too few images.
    """
    classes = np.unique(labels[labels >= 0])
    if not len(classes) <= count <= len(labels):
        raise UserError(
            f"{count} labels cannot be shared out among {len(classes)} classes of "
            f"{len(labels):,} images; choose a number from {len(classes)} to {len(labels):,}"
        )
    order = permutation(len(labels), seed)
    shares, rest = divmod(count, len(classes))
    found = []
    for place, label in enumerate(classes):
        wanted = shares + (place < rest)
        rows = order[labels[order] == label][:wanted]
        if len(rows) < wanted:
            raise UserError(
                f"class {label} has {len(rows)} images, and {count} labels would need {wanted} "
                "of them; choose fewer labels"
            )
        found.append(rows)
    return np.sort(np.concatenate(found)).astype(np.int64)
