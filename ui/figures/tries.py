"""A number against the values that were tried, with its error."""

from collections.abc import Sequence

from ui.figures.colours import ACCENT, TEXT
from ui.figures.figure import Figure, empty

MOST_LABELLED = 6
"""Of more tries the values are told by pointing at them alone."""


def tries(
    x: Sequence[int],
    y: Sequence[float],
    errors: Sequence[float | None],
    titles: tuple[str, str],
    *,
    advised: int | None = None,
    identity: bool = False,
) -> Figure:
    """A line through the tries with an error bar at each; the advised one is marked and named.

    The tries stand at even distances on a scale of logarithms, with ``identity`` beside y = x.
    """
    figure = empty(*titles)
    if identity:
        figure.add(
            "scatter",
            x=list(x),
            y=list(x),
            mode="lines",
            line={"color": TEXT, "width": 1, "dash": "dot"},
            opacity=0.5,
            hoverinfo="skip",
        )
    figure.add(
        "scatter",
        x=list(x),
        y=list(y),
        error_y={
            "type": "data",
            "array": [error or 0.0 for error in errors],
            "color": TEXT,
            "thickness": 1.5,
            "width": 4,
        },
        mode="lines+markers+text" if len(x) <= MOST_LABELLED else "lines+markers",
        text=_written(y),
        textposition=_beside(y),
        textfont={"size": 11, "color": TEXT},
        cliponaxis=False,
        line={"color": TEXT, "width": 1.5},
        marker={"size": 7},
        hovertemplate="%{x} dimensions: %{y:.4~g}<extra></extra>",
    )
    if advised is not None and advised in x:
        at = list(x).index(advised)
        figure.add(
            "scatter",
            x=[x[at]],
            y=[y[at]],
            mode="markers",
            marker={"color": ACCENT, "size": 12},
            hoverinfo="skip",
        )
    ticks = {"type": "log", "tickvals": list(x), "ticktext": [str(value) for value in x]}
    figure.layout["xaxis"] |= ticks | {"fixedrange": True}
    figure.layout["yaxis"] |= {"fixedrange": True, "automargin": True}
    figure.layout["dragmode"] = False
    return figure


def _written(y: Sequence[float]) -> list[str]:
    digits = 0 if all(value == round(value) for value in y) else 1
    return [f"{value:,.{digits}f}".replace("-", "−") for value in y]


def _beside(y: Sequence[float]) -> list[str]:
    """Put each value where the curve does not run; that of the last one towards the middle."""
    inner, last = ("top right", "bottom left") if y[-1] < y[0] else ("bottom right", "top left")
    return [inner] * (len(y) - 1) + [last]
