"""Pictures beside the map: images of rows, contact sheets, CSV."""

import base64
import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from ui import resources
from ui.resources import datasets

if TYPE_CHECKING:
    from ui.map.data import Opened, Places

MOST = 60
"""Images on a contact sheet."""
GAP = 2
FAST = 1
"""How hard a PNG is squeezed: three times as fast as usual, and no larger for small images."""


def spread(rows: np.ndarray, most: int = MOST) -> np.ndarray:
    """At most so many of the rows, evenly spread over them."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).round().astype(int)]


def images(model: "Opened", rows: np.ndarray) -> np.ndarray:
    """Originals of rows of the atlas where they are here, else reconstructions; (K, H, W, C)."""
    found = datasets.originals(model.name)
    if found is None:
        return reconstructions(model, rows)
    return found.images[model.atlas.index[rows]].transpose(0, 2, 3, 1)


def has_originals(model: "Opened") -> bool:
    """Whether the images themselves are on this machine."""
    return datasets.originals(model.name) is not None


def reconstructions(model: "Opened", rows: np.ndarray) -> np.ndarray:
    """What the decoder makes of the posterior means; uint8 (K, H, W, C)."""
    return decoded(model, model.atlas.loc[rows])


def decoded(model: "Opened", z: np.ndarray) -> np.ndarray:
    """Mean images of latents (K, z_dim); uint8 (K, H, W, C)."""
    from vae.export.film import decode

    return decode(resources.checkpoint(model.name).model, np.asarray(z))


def sheet(pictures: np.ndarray, columns: int) -> bytes:
    """PNG of images (K, H, W, C) in rows, clear between them, every cell of the same size."""
    count, height, width, channels = pictures.shape
    rows = -(-count // columns)
    canvas = np.zeros((rows, height + GAP, columns, width + GAP, 4), np.uint8)
    inside = slice(GAP // 2, GAP // 2 + height), slice(GAP // 2, GAP // 2 + width)
    for i, picture in enumerate(pictures):
        cell = canvas[i // columns, inside[0], i % columns, inside[1]]
        cell[..., :3] = picture if channels == 3 else picture[..., :1]
        cell[..., 3] = 255
    return png(canvas.reshape(rows * (height + GAP), columns * (width + GAP), 4))


def png(pixels: np.ndarray) -> bytes:
    """PNG of pixels (H, W, C) with one, three or four channels."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).save(
        file, "png", compress_level=FAST
    )
    return file.getvalue()


def enlarged(pixels: np.ndarray, side: int = 140) -> bytes:
    """PNG of one image, every pixel a square, at least `side` pixels high."""
    zoom = max(1, -(-side // pixels.shape[0]))
    return png(pixels.repeat(zoom, axis=0).repeat(zoom, axis=1))


def address(file: bytes) -> str:
    """A PNG as an address that holds its bytes."""
    return "data:image/png;base64," + base64.b64encode(file).decode()


def table(model: "Opened", rows: np.ndarray, places: "Places", kl: np.ndarray | None) -> bytes:
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
