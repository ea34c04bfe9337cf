"""The table of numbers as HTML: what is the best, what does not differ, and why one is missing."""

import html
import math
from collections.abc import Sequence

from vae.measures.comparison import Cell, Row
from vae.measures.registry import Better, Quantity

ARROWS = {Better.HIGHER: "↑", Better.LOWER: "↓", Better.NEITHER: ""}
MINUS = "−"
DIGITS = 3
"""Decimals of a number whose error is not known."""


def table(rows: Sequence[Row], labels: dict[str, str], caption: str, common: int) -> str:
    """Write rows as a table; ``labels`` head the columns, ``common`` is the usual image count."""
    head = "".join(f"<th scope='col'>{_text(label)}</th>" for label in labels.values())
    body = "".join(_row(row, labels, common) for row in rows)
    return (
        f"<table class='numbers'><caption>{_text(caption)}</caption>"
        f"<thead><tr><th scope='col'>Number</th>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(row: Row, labels: dict[str, str], common: int) -> str:
    cells = "".join(_cell(cell, labels) for cell in row.cells)
    return f"<tr><th scope='row'>{_heading(row, common)}</th>{cells}</tr>"


def _heading(row: Row, common: int) -> str:
    quantity = row.quantity
    counts = {cell.n_images for cell in row.cells if cell.estimate is not None}
    images = f" · {counts.pop():,} images" if len(counts) == 1 and counts != {common} else ""
    told = [quantity.reading.means, f"{quantity.reading.direction.capitalize()}."]
    if quantity.reading.source:
        told.append(f"{quantity.reading.source}.")
    if row.test:
        told.append(f"{row.test[0].upper()}{row.test[1:]}.")
    told += dict.fromkeys(f"{_first_upper(cell.note)}." for cell in row.cells if cell.note)
    return (
        f"<details><summary>{_text(quantity.title)}{_arrow(quantity)}</summary>"
        f"<p>{_text(' '.join(told))}</p></details>"
        f"<small>{_text(quantity.unit + images)}</small>"
    )


def _arrow(quantity: Quantity) -> str:
    better = quantity.reading.better
    sign = ARROWS[better] if isinstance(better, Better) else f"→ {better:g}"
    said = quantity.reading.direction
    return f" <span class='number-way' role='img' aria-label='{said}'>{sign}</span>" if sign else ""


def _cell(cell: Cell, labels: dict[str, str]) -> str:
    model = html.escape(labels[cell.model], quote=True)
    return f"<td data-model='{model}'>{_content(cell, labels)}</td>"


def _content(cell: Cell, labels: dict[str, str]) -> str:
    if cell.reason is not None:
        return _folded("—", "no number", f"{_first_upper(cell.reason)}.")
    if cell.estimate is None or cell.estimate.value is None:
        return "<span class='number-open' role='img' aria-label='not measured yet'>·</span>"
    number = f"<span class='number-value'>{written(*cell.estimate)}</span>"
    if cell.best:
        title = "significantly better than each other"
        return f"<strong title='{title}'>{number}</strong><span class='unseen'>, {title}</span>"
    if not cell.alike:
        return number
    others = ", ".join(labels[name] for name in cell.alike)
    return f"{number} {_folded('≈', 'alike', f'Not significantly different from {others}.')}"


def _folded(sign: str, name: str, text: str) -> str:
    """Write a sign that tells more: on hover, and folded open by a press or a key."""
    whole = html.escape(text, quote=True)
    return (
        f"<details class='number-why'><summary title='{whole}' aria-label='{name}: {whole}'>"
        f"{sign}</summary><small>{_text(text)}</small></details>"
    )


def written(value: float | None, stderr: float | None) -> str:
    """Write a number with its standard error, which has two digits that count."""
    if value is None:
        return ""
    count = isinstance(value, int)
    if stderr is None or stderr == 0:
        return _signed(str(value) if count else f"{value:.{DIGITS}f}")
    digits = min(6, max(0, 1 - math.floor(math.log10(stderr))))
    number = str(value) if count else f"{value:.{digits}f}"
    return f"{_signed(number)} <small>± {stderr:.{digits}f}</small>"


def _signed(number: str) -> str:
    return number.replace("-", MINUS)


def _first_upper(text: str | None) -> str:
    return f"{text[0].upper()}{text[1:]}" if text else ""


def _text(text: str) -> str:
    return html.escape(text, quote=False)
