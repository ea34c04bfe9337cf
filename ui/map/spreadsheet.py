"""Images of the map as a table for other programs."""

import csv
import io
from collections.abc import Iterable

import numpy as np

from ui.map.data import Opened
from ui.map.places import Places


def table(model: Opened, rows: np.ndarray, places: Places, kl: np.ndarray | None) -> bytes:
    """CSV of rows: index in the split, label, class, μ, σ, KL (nats), place on the plane.

    The place is empty for images that do not lie on it.
    """
    atlas, dims = model.atlas, range(1, model.z_dim + 1)
    at = np.full((len(atlas.label), 2), np.nan)
    at[places.rows] = places.xy
    text = io.StringIO()
    writer = csv.writer(text)
    head = ["index", "label", "class", *(f"mu_{k}" for k in dims), *(f"sigma_{k}" for k in dims)]
    writer.writerow([*head, "kl_nats", "x", "y"])
    for row in rows:
        label = int(atlas.label[row])
        line: list[object] = [int(atlas.index[row]), label, safe(model.class_name(label))]
        line += _numbers(atlas.loc[row])
        line += _numbers(atlas.scale[row])
        line += ["" if kl is None else f"{kl[row]:.6g}"]
        writer.writerow([*line, *_numbers(at[row])])
    return text.getvalue().encode()


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _numbers(values: Iterable[float]) -> list[str]:
    return ["" if np.isnan(value) else f"{value:.7g}" for value in values]
