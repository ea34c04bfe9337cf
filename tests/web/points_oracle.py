"""Encoded images as the blocks of bytes in which the browser gets them."""

import base64
from typing import Any

import numpy as np

from tests.browser.map_page import cloud
from tests.exported import write_payload
from vae.checkpoint import Atlas
from vae.export.points import points_payload_from_atlas

HEADER = {"format": "vae-points", "version": 1, "count": 2, "z_dim": 2}
LOC = {"dtype": "float32", "shape": [2, 2], "offset": 0}
DAMAGED = {
    "0 bytes are no payload": b"",
    "cut short inside the header": b"\xff\xff\0\0",
    "header is not JSON": b"\4\0\0\0{]{]",
    "not a vae-points payload": write_payload({"format": "vae-network"}, b""),
    "version 9; this page reads version 1": write_payload(HEADER | {"version": 9}, b""),
    "there is no loc": write_payload(HEADER, b""),
    "cut short inside loc": write_payload(HEADER | {"arrays": {"loc": LOC}}, bytes(12)),
    "loc is int8, not float32 or uint16": write_payload(
        HEADER | {"arrays": {"loc": LOC | {"dtype": "int8"}}}, bytes(16)
    ),
}


def oracle() -> dict[str, Any]:
    """Return atlases beside their payloads, one of them quantised, and damaged payloads."""
    return {
        "exact": [_atlas(37, z_dim) for z_dim in (1, 2, 5)],
        "quantised": _atlas(500, 3, quantise=True),
        "damaged": {words: _text(payload) for words, payload in DAMAGED.items()},
    }


def _atlas(count: int, z_dim: int, quantise: bool = False) -> dict[str, Any]:
    atlas: Atlas = cloud(count, z_dim)
    # subnormal halves too
    atlas.scale[0] = 2.0**-20
    return {
        "payload": _text(points_payload_from_atlas(atlas, quantise=quantise)),
        "z_dim": z_dim,
        "loc": atlas.loc.ravel().tolist(),
        "scale": atlas.scale.astype(np.float16).ravel().tolist(),
        "label": atlas.label.tolist(),
        "index": atlas.index.tolist(),
        "extent": np.ptp(atlas.loc, axis=0).tolist(),
    }


def _text(payload: bytes) -> str:
    return base64.b64encode(payload).decode()
