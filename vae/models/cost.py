"""What a part of a model or a training adds to the work of a step, for the time that it takes."""

from typing import NamedTuple


class Cost(NamedTuple):
    """The work of a part beside that of the encoder and the decoder, which are counted."""

    multiply_adds: float = 0.0
    """For an image, or for a draw where a part is asked for each draw."""
    numbers: float = 0.0
    """Numbers that operations on single numbers make on the way, for the same."""
    operations: float = 0.0
    """Of a step, however many images it has: each takes as long as a layer of a network."""
    parameters: float = 0.0
    """Numbers that an optimizer moves, where the model's weights are not among them."""


SPLINE_NUMBERS, SPLINE_OPERATIONS = 16, 15
"""What a spline costs: for each number that shapes one, and for all that are computed together."""

MIXTURE_NUMBERS, MIXTURE_OPERATIONS = 2.5, 4
"""The same of a mixture of normals: for each mean of a component's dimension, and for all."""


def spline_step(layers: list[tuple[int, int]], numbers: int) -> Cost:
    """Count a step of a flow: a network of layers (inputs, outputs), and splines of its numbers."""
    return Cost(
        multiply_adds=sum(inputs * outputs for inputs, outputs in layers),
        numbers=sum(2 * outputs for _, outputs in layers) + SPLINE_NUMBERS * numbers,
        operations=SPLINE_OPERATIONS,
    )


def mixture_cost(numbers: int) -> Cost:
    """Count the density of a draw under a mixture of normals with so many means in all."""
    return Cost(numbers=MIXTURE_NUMBERS * numbers, operations=MIXTURE_OPERATIONS)


def times(cost: Cost, count: float) -> Cost:
    """Return so many times a cost."""
    return Cost(*(count * each for each in cost))


def added(*costs: Cost) -> Cost:
    """Return what parts cost together."""
    return Cost(*(sum(column) for column in zip(*costs, strict=True)))
