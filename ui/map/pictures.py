"""Pictures beside the map: images of rows, and what the decoder makes of them."""

from typing import TYPE_CHECKING

import numpy as np

from ui import resources
from ui.resources import datasets

if TYPE_CHECKING:
    from ui.map.data import Opened

MOST = 60
"""Images on a contact sheet."""


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
    return decoded(model, model.atlas.loc[rows], model.atlas.label[rows])


def decoded(model: "Opened", z: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """Mean images of latents (K, z_dim), of classes (K,); uint8 (K, H, W, C)."""
    from vae.export.pictures import decode

    return decode(resources.checkpoint(model.name).model, np.asarray(z), labels)


def commonest_class(model: "Opened", rows: np.ndarray) -> int:
    """Return the class that most of these rows of the atlas have, the least of several."""
    labels, counts = np.unique(model.atlas.label[rows], return_counts=True)
    return int(labels[counts.argmax()])
