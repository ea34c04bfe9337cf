"""Which images of a split keep their labels where only some of them may be used."""

import numpy as np

from vae.data.splits import permutation
from vae.errors import UserError


def balanced_rows(labels: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Draw rows of so many images, each class as often as the others; int64 (count,), ascending.

    Where the count is no multiple of the classes, the first classes get one more. A count of 0
    takes all images that have a label. One without a label, −1, is never drawn.

    Raises
    ------
    UserError
        Where a class would get none, or has too few images.
    """
    known = np.flatnonzero(labels >= 0)
    if count == 0 and len(known):
        return known.astype(np.int64)
    classes, counts = np.unique(labels[known], return_counts=True)
    if not len(classes) <= count <= len(known):
        raise UserError(
            f"{count} labels cannot be shared out among {len(classes)} classes of "
            f"{len(known):,} images; choose a number from {len(classes)} to {len(known):,}"
        )
    order = permutation(len(labels), seed)
    shares, rest = divmod(count, len(classes))
    found = []
    for place, label in enumerate(classes):
        wanted = shares + (place < rest)
        rows = order[labels[order] == label][:wanted]
        if len(rows) < wanted:
            raise UserError(
                f"class {label} has {len(rows)} images with a label, and {count} labels would need "
                f"{wanted} of them; choose {len(classes) * int(counts.min())} labels or fewer, or "
                "0 for all"
            )
        found.append(rows)
    return np.sort(np.concatenate(found)).astype(np.int64)
