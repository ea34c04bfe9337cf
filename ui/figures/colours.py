"""The colours of the house style.

Four stand for roles, which `vae/web/chart/chart.js` replaces with the page's own, light or dark.
"""

from vae.colours import CLASS_COLOURS

TEXT, BACK, LINE, ACCENT = "#010203", "#010204", "#010205", "#010206"
"""Roles in place of colours; see `chartThemed` in chart.js."""
CLEAR = "rgba(0,0,0,0)"
NO_CLASS = "#808080"
LESS, MORE = "#2a6fbb", "#d9480f"
"""Ends of the diverging scale: the first where there is too little."""


def class_colour(label: int) -> str:
    """Colour of a class; grey for none."""
    return NO_CLASS if label < 0 else CLASS_COLOURS[label % len(CLASS_COLOURS)]
