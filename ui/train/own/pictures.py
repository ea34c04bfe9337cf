"""Pictures that a person brought, as HTML: the contact sheet, and four of them before and after."""

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from ui import png

if TYPE_CHECKING:
    from vae.data.own import Choices, Found, Picture

SIDE = 96
"""Pixels of the longer side of a picture on the sheet, about."""
FEW = 4


def sheet(found: "Found") -> str:
    """Draw the contact sheet; under each picture its label."""
    figures = "".join(
        _figure(before(found, one), one.name, one.label or "") for one in found.pictures
    )
    return f'<div class="own-sheet" data-testid="own-sheet"{_aspect(found)}>{figures}</div>'


def pairs(found: "Found", choices: "Choices") -> str:
    """Draw the same four pictures as they were brought and as the model will see them."""
    few = _few(found)
    made = found.preview(choices)
    rows = (
        ("As you brought them", [before(found, found.pictures[at]) for at in few]),
        ("As the model will see them", [_tile(made[at].transpose(1, 2, 0)) for at in few]),
    )
    html = "".join(
        f"<p>{title}</p>"
        + "".join(
            _figure(tile, f"{title}: {found.pictures[at].name}", "")
            for at, tile in zip(few, tiles, strict=True)
        )
        for title, tiles in rows
    )
    return f'<div class="own-pairs" data-testid="own-pairs">{html}</div>'


def of_size(pixels: np.ndarray, name: str) -> str:
    """Draw one picture (H, W, C) as it would be at the size that is offered."""
    figure = _figure(_tile(pixels), name, "")
    return f'<div class="own-guess">{figure}</div>'


def before(found: "Found", one: "Picture") -> str:
    """Return the address of a picture as it was brought."""
    unit = found.levels[one.values.dtype.name].to_unit(one.values)
    pixels = np.rint(unit * 255).astype(np.uint8).transpose(1, 2, 0)
    return _tile(pixels)


def _aspect(found: "Found") -> str:
    """Give pictures that are all of one size their own proportions, and others a square."""
    if len(found.sizes) != 1:
        return ""
    height, width = next(iter(found.sizes))
    # what is far from a square would leave no room for another
    return f' style="--own-aspect: {min(3.0, max(0.5, width / height)):.3f}"'


def _few(found: "Found") -> list[int]:
    """Choose four pictures: of four classes, where there are so many, and of unlike proportions."""
    shapes = [one.values.shape[2] / one.values.shape[1] for one in found.pictures]
    order = np.argsort(shapes, kind="stable").tolist()
    # by turns the widest and the highest
    order = [order.pop(-(turn % 2)) for turn in range(len(order))]
    labels: dict[str | None, int] = {}
    turns = []
    for at in order:
        label = found.pictures[at].label
        labels[label] = labels.get(label, 0) + 1
        turns.append((labels[label], at))
    return sorted(at for _, at in sorted(turns, key=lambda one: one[0])[:FEW])


def _tile(pixels: np.ndarray) -> str:
    """Write pixels (H, W, C), about as large as they are shown, every pixel a square."""
    from PIL import Image

    height, width, channels = pixels.shape
    share = SIDE / max(height, width)
    if share < 1:
        size = max(1, round(width * share)), max(1, round(height * share))
        flat = pixels[..., 0] if channels == 1 else pixels
        small = Image.fromarray(flat).resize(size, Image.Resampling.BOX)
        pixels = np.asarray(small).reshape(size[1], size[0], channels)
    return png.address(png.of_pixels(pixels))


def _figure(address: str, name: str, label: str) -> str:
    caption = f"<figcaption>{escape(label)}</figcaption>" if label else ""
    return f'<figure><img src="{address}" alt="{escape(name)}">{caption}</figure>'
