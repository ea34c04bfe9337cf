"""Maps of one configuration side by side, as a component: what is lit in one is lit in all."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ui.components.mount import mount

if TYPE_CHECKING:
    from vae.measures.retraining.findings import Survival

STEPS = 65_535
"""A place is one of so many steps along each axis, far finer than a pixel."""

_maps = mount(
    "retrained_maps",
    "retraining/retraining.js",
    "pad/pad.css",
    "retraining/retraining.css",
    host="pad-host retrained-host",
)


def retrained_maps(
    found: "Survival",
    titles: Sequence[str],
    classes: Sequence[str],
    originals: str | None,
    *,
    key: str,
) -> None:
    """Show the maps as they lie over one another, each under the title of its model.

    ``originals`` is the address below which the images are; None where they are not known.
    """
    _maps(key=key, data=maps_data(found, titles, classes, originals))


def maps_data(
    found: "Survival", titles: Sequence[str], classes: Sequence[str], originals: str | None
) -> dict[str, Any]:
    """Collect what the component is told, as plain JSON values."""
    every = np.concatenate(found.plane)
    low, high = every.min(axis=0), every.max(axis=0)
    wide = np.where(high > low, high - low, 1.0)
    places = [np.round(STEPS * (one - low) / wide).astype(np.uint16) for one in found.plane]
    ends = zip(low, low + wide, strict=True)
    return {
        "count": len(found.rows),
        "maps": [
            {"title": title, "places": _text(one), "near": near}
            for title, one, near in zip(titles, places, _near(found), strict=True)
        ],
        "extent": [float(value) for pair in ends for value in pair],
        "labels": _text(found.labels.astype(np.int16)),
        "rows": _text(found.rows.astype(np.uint32)),
        "stays": _text(np.round(255 * found.overlap.per_image).astype(np.uint8)),
        "neighbours": found.overlap.neighbours,
        "classes": list(classes) if (found.labels >= 0).any() else [],
        "originals": originals,
    }


def _near(found: "Survival") -> list[str | None]:
    """Pack each image's nearest ones, where the plane does not show all dimensions."""
    if found.aligned[0].codes.shape[1] <= 2:
        return [None] * len(found.near)
    # rows of at most `MOST_IMAGES` images
    return [_text(one.astype(np.uint16)) for one in found.near]


def _text(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
