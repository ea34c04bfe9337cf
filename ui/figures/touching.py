"""In how many maps each two classes touch."""

from collections.abc import Sequence

import numpy as np

from ui.figures.colours import ACCENT, LINE
from ui.figures.figure import Figure, empty, literal


def touching(names: Sequence[str], counts: np.ndarray, maps: int) -> Figure:
    """A cell for each two classes, below the diagonal: the darker, the more of the maps."""
    figure, at = empty(), range(len(names))
    figure.add(
        "heatmap",
        z=[[int(counts[row, column]) if column < row else None for column in at] for row in at],
        x=list(at),
        y=list(at),
        zmin=0,
        zmax=maps,
        colorscale=[[0, LINE], [1, ACCENT]],
        showscale=False,
        xgap=2,
        ygap=2,
        text=[[_words(names, row, column, counts, maps) for column in at] for row in at],
        hovertemplate="%{text}<extra></extra>",
        hoverongaps=False,
    )
    ticks = {
        "tickvals": list(at),
        "ticktext": [literal(name) for name in names],
        "showgrid": False,
        "showline": False,
        "automargin": True,
        "fixedrange": True,
        "constrain": "domain",
    }
    figure.axes(**ticks)
    figure.layout["yaxis"] |= {"autorange": "reversed", "scaleanchor": "x", "scaleratio": 1}
    figure.layout["dragmode"] = False
    return figure


def _words(names: Sequence[str], row: int, column: int, counts: np.ndarray, maps: int) -> str:
    pair = f"{literal(names[column])} and {literal(names[row])}"
    return f"{pair}: touch in {counts[row, column]} of {maps} maps"
