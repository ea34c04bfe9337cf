"""The plane of rate and distortion: models as points, a model over β as a curve."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ui.figures.colours import ACCENT, BACK, TEXT
from ui.figures.figure import Figure, empty, literal
from ui.figures.marks import add_text
from vae.measures.comparison.plane import Curve, Place

ROOM = 0.14
"""Share of the plane that stays free around the points."""
LEVELS = 7
"""Lines of equal ELBO, about."""
LETTER, LINE_HEIGHT = 0.011, 0.055
"""Of a name, in shares of a plane of 600 by 320 pixels."""
POINT = (0.02, 0.04)


def rate_distortion(
    places: Sequence[Place],
    curves: dict[str, Curve],
    context: Sequence[Place] = (),
    beside: Sequence[str] = (),
) -> Figure:
    """Draw models on the plane; ``curves`` by model, and other models faintly as ``context``.

    The traces are: lines of equal ELBO, context, then of each curve its line and the mark that
    walks on it, then the points. ``beside`` are names to write at the points in place of theirs.
    """
    figure = empty("Rate, nats per image", "Distortion, nats per image")
    x, y = _ranges(places, curves, context)
    figure.layout["xaxis"]["range"], figure.layout["yaxis"]["range"] = list(x), list(y)
    # the lines of equal ELBO are the grid
    figure.axes(showgrid=False)
    _add_levels(figure, x, y)
    _add_points(figure, context, faint=True)
    for model, one in curves.items():
        _add_curve(figure, model, one)
    _add_points(figure, places, faint=False)
    names = list(beside) or [place.model for place in places]
    _add_names(figure, [*places, *context], [*names, *(place.model for place in context)], x, y)
    return figure


def _ranges(
    places: Sequence[Place], curves: dict[str, Curve], context: Sequence[Place]
) -> tuple[tuple[float, float], tuple[float, float]]:
    every = [*places, *context]
    rates, distortions = [place.rate for place in every], [place.distortion for place in every]
    for one in curves.values():
        rates += one.rate.tolist()
        distortions += one.distortion.tolist()
    return _widened(np.array(rates)), _widened(np.array(distortions))


def _widened(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = ROOM * (high - low) or 1.0
    return low - room, high + room


def _add_levels(figure: Figure, x: tuple[float, float], y: tuple[float, float]) -> None:
    """Draw lines on which rate and distortion have the same sum, and name the ELBO of each."""
    step = _nice((x[1] + y[1] - x[0] - y[0]) / LEVELS)
    first = math.ceil((x[0] + y[0]) / step)
    sums = [step * k for k in range(first, math.floor((x[1] + y[1]) / step) + 1)]
    xs: list[float | None] = []
    ys: list[float | None] = []
    for total in sums:
        ends = sorted(
            (rate, total - rate)
            for rate in {x[0], x[1], total - y[0], total - y[1]}
            if x[0] <= rate <= x[1] and y[0] - 1e-9 <= total - rate <= y[1] + 1e-9
        )
        if len(ends) < 2:
            continue
        xs += [ends[0][0], ends[-1][0], None]
        ys += [ends[0][1], ends[-1][1], None]
        _name_level(figure, ends[0], ends[-1], total)
    figure.add(
        "scatter",
        x=xs,
        y=ys,
        mode="lines",
        line={"color": TEXT, "width": 1, "dash": "dot"},
        opacity=0.35,
        hoverinfo="skip",
        name="equal ELBO",
    )


def _name_level(
    figure: Figure, start: tuple[float, float], end: tuple[float, float], total: float
) -> None:
    """Write the ELBO at a line's upper end."""
    figure.layout["annotations"].append(
        {
            "x": start[0] + 0.04 * (end[0] - start[0]),
            "y": start[1] + 0.04 * (end[1] - start[1]),
            "text": f"ELBO {-total:g}".replace("-", "−"),
            "showarrow": False,
            "font": {"size": 11, "color": TEXT},
            "opacity": 0.6,
            "bgcolor": BACK,
            "xanchor": "left",
        }
    )


def _nice(step: float) -> float:
    """Round a step up to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(nice * power for nice in (1, 2, 5, 10) if nice * power >= step)


def _add_points(figure: Figure, places: Sequence[Place], faint: bool) -> None:
    figure.add(
        "scatter",
        x=[place.rate for place in places],
        y=[place.distortion for place in places],
        text=[literal(place.model) for place in places],
        customdata=[-place.rate - place.distortion for place in places],
        mode="markers",
        marker={
            "color": TEXT if faint else ACCENT,
            "size": 8 if faint else 12,
            "opacity": 0.45 if faint else 1.0,
            "line": {"color": BACK, "width": 1.5},
        },
        hovertemplate="%{text}<br>rate %{x:.2f}, distortion %{y:.2f}<br>ELBO %{customdata:.2f}"
        "<extra></extra>",
        name="other models" if faint else "models",
    )


def _add_curve(figure: Figure, model: str, one: Curve) -> None:
    figure.add(
        "scatter",
        x=one.rate.tolist(),
        y=one.distortion.tolist(),
        text=[f"{beta:.3g}" for beta in one.beta],
        mode="lines",
        line={"color": ACCENT, "width": 2},
        hovertemplate=f"{literal(model)}<br>β %{{text}}<extra></extra>",
        name=model,
    )
    start = nearest_one(one)
    figure.add(
        "scatter",
        x=[float(one.rate[start])],
        y=[float(one.distortion[start])],
        mode="markers",
        marker={"color": BACK, "size": 15, "line": {"color": ACCENT, "width": 3}},
        hoverinfo="skip",
        name=f"{model} at a β",
    )


def nearest_one(one: Curve) -> int:
    """Return the place of the β that is nearest to 1."""
    return int(np.abs(np.log(one.beta)).argmin())


def _add_names(
    figure: Figure,
    places: Sequence[Place],
    names: Sequence[str],
    x: tuple[float, float],
    y: tuple[float, float],
) -> None:
    """Write each name beside its point, where the plane is free; the pointer finds the others."""
    spots = [
        ((place.rate - x[0]) / (x[1] - x[0]), (place.distortion - y[0]) / (y[1] - y[0]))
        for place in places
    ]
    taken = [Box(across, up, POINT[0], POINT[1]) for across, up in spots]
    for (across, up), name in zip(spots, names, strict=True):
        width = LETTER * len(name)
        beside = (width + POINT[0]) / 2 + 0.01
        ways = [
            *((0.0, 1.0), (0.0, -1.0), (beside, 0.0), (-beside, 0.0)),
            *((0.0, 1.8), (0.0, -1.8), (beside, 1.0), (-beside, 1.0), (0.0, 2.8), (0.0, -2.8)),
        ]
        boxes = [Box(across + dx, up + LINE_HEIGHT * dy, width, LINE_HEIGHT) for dx, dy in ways]
        inside = [box for box in boxes if box.width / 2 <= box.x <= 1 - box.width / 2]
        free = [box for box in inside or boxes if not any(map(box.meets, taken))]
        if free:
            taken.append(free[0])
            place = (x[0] + free[0].x * (x[1] - x[0]), y[0] + free[0].y * (y[1] - y[0]))
            add_text(figure, place, literal(name), size=12)


class Box(NamedTuple):
    """A name or a point on the plane, in shares of its sides."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: "Box") -> bool:
        """Whether both cover a place."""
        across = 2 * abs(self.x - other.x) < self.width + other.width
        return across and 2 * abs(self.y - other.y) < self.height + other.height
