"""A comparison as JSON and as CSV: every number with its unit, images, error and tests."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from vae.measures.comparison.row import Cell, Row

CORRECTION = "Holm, over the pairs of a row"
COLUMNS = (
    *("quantity", "title", "unit", "direction", "model", "value", "stderr", "n_images"),
    *("best", "not_different_from", "reason", "test"),
)


def to_json(row: Row) -> dict[str, Any]:
    """Give a row as plain JSON values."""
    quantity = row.quantity
    return {
        "title": quantity.title,
        "unit": quantity.unit,
        "direction": quantity.reading.direction,
        "means": quantity.reading.means,
        "source": quantity.reading.source or None,
        "test": row.test,
        "models": {cell.model: _cell(cell) for cell in row.cells},
        "pairs": [
            {
                "models": [pair.a, pair.b],
                "difference": pair.difference.value,
                "stderr": pair.difference.stderr,
                "p": pair.difference.p,
                "p_corrected": pair.p,
                "significant": pair.significant,
                "test": pair.difference.test,
            }
            for pair in row.pairs
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    value, stderr = cell.estimate or (None, None)
    return {
        "value": value,
        "stderr": stderr,
        "n_images": cell.n_images or None,
        "best": cell.best,
        "not_different_from": list(cell.alike),
        "reason": cell.reason,
        "note": cell.note,
    }


def to_csv(rows: Sequence[Row]) -> str:
    """Give rows as CSV: one line for each number of each model."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        head = (
            *(row.quantity.name, row.quantity.title, row.quantity.unit),
            row.quantity.reading.direction,
        )
        for cell in row.cells:
            value, stderr = cell.estimate or (None, None)
            told = (cell.model, value, stderr, cell.n_images or None)
            verdict = ("yes" if cell.best else "", " ".join(cell.alike), cell.reason, row.test)
            writer.writerow(["" if one is None else one for one in (*head, *told, *verdict)])
    return text.getvalue()
