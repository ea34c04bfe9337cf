"""Encoded images as one block of bytes that the browser draws as a map (`vae/web/core/points.js`).

A payload is a 4-byte little-endian header length, a JSON header padded so that the arrays start
at a multiple of 4 bytes, and the arrays, each padded likewise.
"""

import numpy as np

from vae.checkpoint import Atlas, Checkpoint
from vae.errors import UserError
from vae.export.payload import frame
from vae.latent.encoded import check_finite

FORMAT = "vae-points"
VERSION = 1
LEVELS = 65_535
"""Steps into which a quantised dimension's range is cut: finer than any screen's pixels."""


def points_payload(checkpoint: Checkpoint) -> bytes:
    """Pack a model's atlas, exactly: posterior means in float32.

    Raises
    ------
    UserError
        When the model carries no atlas, or as `points_payload_from_atlas`.
    """
    return points_payload_from_atlas(atlas_of(checkpoint))


def atlas_of(checkpoint: Checkpoint) -> Atlas:
    """Return a model's encoded images; `UserError` where it carries none."""
    if checkpoint.atlas is None:
        raise UserError(
            f"{checkpoint.name} carries no encoded images to draw as a map; "
            "train it again with `python -m vae train`, which adds them"
        )
    return checkpoint.atlas


def points_payload_from_atlas(atlas: Atlas, quantise: bool = False) -> bytes:
    """Pack encoded images: loc, scale (float16), label (int16, −1 for none) and index (uint32).

    Where the posteriors do not factorise, what the atlas has of their shapes follows: tril and
    outline (float16).

    Parameters
    ----------
    atlas
        N encoded images.
    quantise
        Store loc in 65,536 steps between each dimension's least and greatest value, which halves
        it; nothing is clipped.

    Raises
    ------
    UserError
        When a number is not finite, or a scale, label or index does not fit its type.
    """
    loc, span = _locations(atlas.loc, quantise)
    arrays = {
        "loc": loc,
        "scale": _scales(atlas.scale),
        "label": _integers("label", atlas.label, -1, np.int16),
        "index": _integers("index", atlas.index, 0, np.uint32),
    }
    for name, halves in (("tril", atlas.tril), ("outline", atlas.outline)):
        if halves is not None:
            # what a file holds fits, as it holds them so; no σ is larger than those of `scale`
            arrays[name] = halves.astype(np.float16)
    entries, blocks, offset = {}, [], 0
    for name, array in arrays.items():
        block = array.astype(array.dtype.newbyteorder("<")).tobytes()
        block += bytes(-len(block) % 4)
        entries[name] = {"dtype": str(array.dtype), "shape": list(array.shape), "offset": offset}
        blocks.append(block)
        offset += len(block)
    entries["loc"] |= span
    count, z_dim = atlas.loc.shape
    header = {"format": FORMAT, "version": VERSION, "count": count, "z_dim": z_dim}
    return frame(header | {"arrays": entries}) + b"".join(blocks)


def _locations(loc: np.ndarray, quantise: bool) -> tuple[np.ndarray, dict[str, list[list[float]]]]:
    """Return loc as it is stored and what the header says beside it."""
    check_finite(loc)
    if not quantise:
        return loc.astype(np.float32), {}
    if not len(loc):
        return loc.astype(np.uint16), {"range": [[0.0] * loc.shape[1]] * 2}
    low, high = loc.min(axis=0).astype(np.float64), loc.max(axis=0).astype(np.float64)
    step = np.where(high > low, (high - low) / LEVELS, 1.0)
    return np.rint((loc - low) / step).astype(np.uint16), {"range": [low.tolist(), high.tolist()]}


def _scales(scale: np.ndarray) -> np.ndarray:
    """Return standard deviations as float16: 1 part in 2,000, which no drawing can show."""
    largest = float(np.finfo(np.float16).max)
    # written so that a NaN fails too
    if not ((scale >= 0) & (scale <= largest)).all():
        raise UserError(
            "the map holds standard deviations that are negative, not finite or over "
            f"{largest:.0f}; train the model again with a lower learning rate"
        )
    return scale.astype(np.float16)


def _integers(name: str, values: np.ndarray, least: int, dtype: type) -> np.ndarray:
    """Return the column in its stored type; a value outside it is an error, never wrapped."""
    greatest = int(np.iinfo(dtype).max)
    outside = values[(values < least) | (values > greatest)]
    if outside.size:
        raise UserError(
            f"the map holds {name} {outside[0]}, outside {least} to {greatest}; "
            "use a data set within these limits"
        )
    return values.astype(dtype)
