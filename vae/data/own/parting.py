"""Which pictures are learnt from and which are held out: a fixed draw, even over the classes."""

import numpy as np

from vae.data.own.limits import FEWEST
from vae.data.splits import permutation, validation_count
from vae.errors import UserError

TEST_SHARE = 7
"""One picture of so many is held out for testing."""
MOST_TEST, MOST_VALIDATION = 10_000, 5_000
"""As many as MNIST has: more would take longer to measure and tell hardly more."""


def parts(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Part pictures into training, validation and test rows, each ascending.

    The draw follows from the labels alone, int (N,), −1 for none. Every class gives to each part
    in proportion, as far as whole pictures allow.

    Raises
    ------
    UserError
        For fewer than seven pictures.
    """
    count = len(labels)
    if count < FEWEST:
        raise UserError(
            f"{count} picture{'s' * (count != 1)} cannot be parted into images to learn from, to "
            f"validate and to test; at least {FEWEST} are needed"
        )
    order = permutation(count)
    # by class, and within a class by the draw
    in_turn = order[np.argsort(labels[order], kind="stable")]
    test = min(MOST_TEST, max(1, round(count / TEST_SHARE)))
    rest, tested = _spread(in_turn, test)
    kept, held_out = _spread(rest, min(MOST_VALIDATION, max(1, validation_count(len(rest)))))
    return np.sort(kept), np.sort(held_out), np.sort(tested)


def _spread(rows: np.ndarray, taken: int) -> tuple[np.ndarray, np.ndarray]:
    """Take so many rows at equal distances; return the others and these."""
    places = (2 * np.arange(taken) + 1) * len(rows) // (2 * taken)
    chosen = np.zeros(len(rows), bool)
    chosen[places] = True
    return rows[~chosen], rows[chosen]
