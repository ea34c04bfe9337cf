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
    _check(len(labels))
    rest, tested = _spread(_in_turn(labels), _test_count(len(labels)))
    kept, held_out = _spread(rest, _validation_count(len(rest)))
    return np.sort(kept), np.sort(held_out), np.sort(tested)


def parts_given(labels: np.ndarray, given: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Part pictures as their files say, int (N,): the place in `SPLITS`, −1 for none.

    What is in no part is learnt from. A part that is not given is drawn from what is learnt from,
    as `parts` draws it.

    Raises
    ------
    UserError
        For fewer than seven pictures, or where there is nothing to learn from.
    """
    _check(len(labels))
    validation, test = (np.flatnonzero(given == place) for place in (1, 2))
    rows = np.flatnonzero(given < 1)
    wanting = (len(validation) == 0) + (len(test) == 0)
    if len(rows) <= wanting:
        raise UserError(
            f"{len(rows)} picture{'s' * (len(rows) != 1)} to learn from are too few; bring more "
            "in train, or let all pictures be parted anew"
        )
    rest = rows[_in_turn(labels[rows])]
    if not len(test):
        rest, test = _spread(rest, _test_count(len(rest)))
    if not len(validation):
        rest, validation = _spread(rest, _validation_count(len(rest)))
    return np.sort(rest), np.sort(validation), np.sort(test)


def _check(count: int) -> None:
    if count < FEWEST:
        raise UserError(
            f"{count} picture{'s' * (count != 1)} cannot be parted into images to learn from, to "
            f"validate and to test; at least {FEWEST} are needed"
        )


def _in_turn(labels: np.ndarray) -> np.ndarray:
    """Order pictures by class, and within a class by the draw."""
    order = permutation(len(labels))
    return order[np.argsort(labels[order], kind="stable")]


def _test_count(count: int) -> int:
    return min(MOST_TEST, max(1, round(count / TEST_SHARE)))


def _validation_count(count: int) -> int:
    return min(MOST_VALIDATION, max(1, validation_count(count)))


def _spread(rows: np.ndarray, taken: int) -> tuple[np.ndarray, np.ndarray]:
    """Take so many rows at equal distances; return the others and these."""
    places = (2 * np.arange(taken) + 1) * len(rows) // (2 * taken)
    chosen = np.zeros(len(rows), bool)
    chosen[places] = True
    return rows[~chosen], rows[chosen]
