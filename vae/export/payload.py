"""The frame of every block of bytes for the browser, the counterpart of `vae/web/core/payload.js`.

A 4-byte little-endian header length, a JSON header padded so that the data start at a multiple of
4 bytes, and the data.
"""

import json
import struct
from typing import Any


def frame(header: dict[str, Any], data: bytes = b"") -> bytes:
    """Put a header before its data; a number that is not finite raises ValueError."""
    text = json.dumps(header, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + data


def header_of(payload: bytes) -> dict[str, Any]:
    """Read the header of what `frame` made."""
    (length,) = struct.unpack_from("<I", payload)
    header: dict[str, Any] = json.loads(payload[4 : 4 + length])
    return header
