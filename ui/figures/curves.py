"""Curves of a few numbers: densities of one dimension, BIC against k."""

from collections.abc import Sequence

import numpy as np

from ui.figures.colours import ACCENT, TEXT
from ui.figures.figure import Figure, empty
from ui.figures.marks import add_text


def densities(z: np.ndarray, q: np.ndarray, p: np.ndarray | None, title: str) -> Figure:
    """Aggregate posterior and prior of one dimension, each labelled at its line.

    ``p`` is None where the prior's density is not known.
    """
    figure = empty(title, "density, 1/unit of z")
    top = q if p is None else np.maximum(q, p)
    shown = (top > 1e-4 * top.max()).nonzero()[0]
    z, q, top = (values[shown[0] : shown[-1] + 1] for values in (z, q, top))
    lines = [("q(z)", q, ACCENT, "solid")]
    if p is not None:
        p = p[shown[0] : shown[-1] + 1]
        lines.insert(0, ("prior p(z)", p, TEXT, "dash"))
    for name, y, colour, dash in lines:
        figure.add(
            "scatter",
            x=z,
            y=y,
            mode="lines",
            line={"color": colour, "dash": dash, "width": 2},
            hovertemplate=f"{name}<br>z %{{x:.2f}}: %{{y:.3f}}<extra></extra>",
            name=name,
        )
    add_text(figure, (z[q.argmax()], q.max()), "q(z)", colour=ACCENT)
    if p is not None:
        side = np.abs(z - (1.2 if z[q.argmax()] < 0 else -1.2)).argmin()
        add_text(figure, (z[side], p[side]), "prior")
    figure.layout["xaxis"]["range"] = [float(z[0]), float(z[-1])]
    figure.layout["yaxis"]["range"] = [0.0, 1.06 * float(top.max())]
    return figure


def bic_line(ks: Sequence[int], bic: Sequence[float]) -> Figure:
    """BIC against the number of Gaussians, its minimum marked and named."""
    figure = empty("Gaussians k", "BIC")
    figure.add(
        "scatter",
        x=list(ks),
        y=list(bic),
        mode="lines+markers",
        line={"color": TEXT, "width": 1.5},
        hovertemplate="k = %{x}: %{y:,.0f}<extra></extra>",
    )
    least = int(np.argmin(bic))
    figure.add(
        "scatter",
        x=[ks[least]],
        y=[bic[least]],
        mode="markers",
        marker={"color": ACCENT, "size": 11},
        hoverinfo="skip",
        name="least",
    )
    add_text(figure, (ks[least], bic[least]), f"k = {ks[least]}", colour=ACCENT)
    figure.layout["annotations"][-1]["yshift"] = -16
    return figure
