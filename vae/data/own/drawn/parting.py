"""Which drawings are learnt from and which are held out: told by a drawing's number in its class.

A set grows while models learn from it. A drawing that was held out once therefore stays so, also
when it is deleted and brought back.
"""

from collections.abc import Collection
from itertools import count

from vae.data.own.drawn.drawing import Drawing
from vae.data.own.limits import FEWEST
from vae.errors import UserError

PERIOD = 6
TESTED, VALIDATED = 2, 4
"""Of six drawings of a class, counted from 0, one is for the test and one for validation: more than
of other images, since a few dozen would else leave hardly any to measure on, nor for the map."""


def part_of(number: int) -> str:
    """Name the split of a drawing by its number in its class, counted from 0."""
    place = number % PERIOD
    if place == TESTED:
        return "test"
    return "validation" if place == VALIDATED else "train"


def free_number(taken: Collection[int], part: str | None = None) -> int:
    """Return the lowest number in a class that is not taken, of the split `part` if given."""
    free = (one for one in count() if one not in taken)
    return next(one for one in free if part is None or part_of(one) == part)


def parts_of(drawings: tuple[Drawing, ...]) -> dict[str, list[Drawing]]:
    """Part drawings into training, validation and test, each in the order given.

    Raises
    ------
    UserError
        Where they are too few.
    """
    found: dict[str, list[Drawing]] = {"train": [], "validation": [], "test": []}
    for one in drawings:
        found[part_of(one.number)].append(one)
    if len(drawings) < FEWEST or not all(found.values()):
        raise UserError(wanting(len(drawings)))
    return found


def counts_of(drawings: tuple[Drawing, ...]) -> dict[str, int]:
    """Count the drawings of each split."""
    found = [part_of(one.number) for one in drawings]
    return {name: found.count(name) for name in ("train", "validation", "test")}


def wanting(count: int) -> str:
    """Say how many drawings there must be, and why."""
    needed = max(TESTED, VALIDATED) + 1
    return (
        f"{count} drawing{'s' * (count != 1)} cannot be parted into images to learn from, to "
        f"validate and to test; at least {FEWEST} are needed, {needed} of them of one class"
    )
