"""Horizontal bars."""

from collections.abc import Sequence

from ui.figures.figure import Figure, empty


def bars(
    names: Sequence[str], values: Sequence[float], colours: Sequence[str], unit: str = ""
) -> Figure:
    """Horizontal bars, the first on top, each with its number at the end."""
    figure = empty()
    figure.add(
        "bar",
        x=list(values),
        y=list(range(len(names))),
        orientation="h",
        marker={"color": list(colours)},
        text=[f"{value:,}" if isinstance(value, int) else f"{value:.2f}" for value in values],
        textposition="outside",
        textfont={"size": 12},
        constraintext="none",
        cliponaxis=False,
        hovertemplate=[f"{name}: %{{x}} {unit}<extra></extra>" for name in names],
    )
    figure.layout |= {"margin": {"l": 8, "r": 44, "t": 2, "b": 2}, "bargap": 0.25}
    figure.layout["dragmode"] = False
    figure.layout["xaxis"] = {"visible": False, "fixedrange": True}
    figure.layout["yaxis"] |= {
        "autorange": "reversed",
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return figure
