"""What a measure found, as the arrays of a file."""

import json
from collections.abc import Mapping

import numpy as np

from vae.files import plain_json
from vae.measures.registry import Estimate, Measured
from vae.measures.resampling import RESAMPLINGS

IMAGE = "image "
"""Begins the names of columns with one value per image; older results have none."""


def packed(found: Measured) -> dict[str, np.ndarray]:
    """Give what was found as named arrays."""
    values = {f"{IMAGE}{name}": column for name, column in found.per_image.items()}
    again = {f"{one.name} {name}": one.values for name, one in found.resampled.items()}
    return {"measured": np.array(_text(found)), **values, **again}


def unpacked(arrays: Mapping[str, np.ndarray]) -> Measured:
    """Rebuild what was found; a `KeyError` and the like where the arrays are others."""
    text = plain_json.strict(str(arrays["measured"]))
    estimates = {name: Estimate(*pair) for name, pair in text["estimates"].items()}
    again = {
        name: kind(column)
        for kind in RESAMPLINGS.values()
        for name, column in _named(arrays, f"{kind.name} ").items()
    }
    told = (int(text["n_images"]), text["note"], text["details"])
    return Measured(estimates, *told, _named(arrays, IMAGE), again)


def _text(found: Measured) -> str:
    estimates = {name: list(estimate) for name, estimate in found.estimates.items()}
    told = {"n_images": found.n_images, "note": found.note, "details": dict(found.details)}
    return json.dumps({"estimates": estimates, **told})


def _named(arrays: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    """Return the columns whose names begin so, by what follows."""
    return {
        name.removeprefix(prefix): column
        for name, column in arrays.items()
        if name.startswith(prefix)
    }
