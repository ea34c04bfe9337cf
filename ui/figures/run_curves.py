"""The curves of several runs in one picture."""

from collections.abc import Sequence
from typing import NamedTuple

from ui.figures.colours import class_colour
from ui.figures.figure import Figure, empty

COLOURS = (0, 6, 3, 4)
"""Classes whose colours differ most, in turn."""
TITLE = "−ELBO, nats per image"


class RunCurve(NamedTuple):
    """What a run reached on validation images, report by report."""

    name: str
    epochs: Sequence[float]
    values: Sequence[float]


def colour_of(number: int) -> str:
    """Return the colour of one of the runs, counted from 0."""
    return class_colour(COLOURS[number % len(COLOURS)])


def run_curves(curves: Sequence[RunCurve], title: str = TITLE) -> Figure:
    """Draw a line for each run over its epochs; the first fifth of a run may leave the picture."""
    figure = empty("epoch", title)
    for number, curve in enumerate(curves):
        figure.add(
            "scatter",
            x=list(curve.epochs),
            y=list(curve.values),
            mode="lines",
            line={"color": colour_of(number), "width": 2},
            hovertemplate=f"{curve.name}<br>epoch %{{x:.2f}}: %{{y:.2f}}<extra></extra>",
            name=curve.name,
        )
    late = [v for one in curves for v in one.values[len(one.values) // 5 :]]
    if late:
        room = 0.05 * (max(late) - min(late)) or 1.0
        figure.layout["yaxis"]["range"] = [min(late) - room, max(late) + room]
    return figure
