"""Images in a grid."""

from collections.abc import Sequence

import numpy as np

from ui.figures.figure import Figure, empty


def contact_sheet(source: str, columns: int, rows: int, hover: Sequence[str]) -> Figure:
    """Images in a grid, the picture `source` (an address) cut into cells that can be pressed."""
    figure = empty(equal=True)
    figure.layout["images"].append(
        {
            "source": source,
            "xref": "x",
            "yref": "y",
            "x": -0.5,
            "y": 0.5,
            "sizex": columns,
            "sizey": rows,
            "sizing": "stretch",
            "layer": "below",
        }
    )
    places = np.arange(len(hover))
    figure.add(
        "scatter",
        x=places % columns,
        y=-(places // columns),
        mode="markers",
        marker={"size": 30, "opacity": 0, "symbol": "square"},
        text=list(hover),
        hovertemplate="%{text}<extra></extra>",
    )
    figure.layout |= {"margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "dragmode": False}
    hidden = {"visible": False, "fixedrange": True}
    figure.layout["xaxis"] |= {"range": [-0.5, columns - 0.5], **hidden}
    figure.layout["yaxis"] |= {"range": [0.5 - rows, 0.5], **hidden}
    return figure
