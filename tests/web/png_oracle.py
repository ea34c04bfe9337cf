"""PNG files of 16 bits a level, each line with another filter, and their levels on white."""

import base64
import itertools
import struct
import zlib
from typing import Any

import numpy as np

COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}
"""The colour type of a file, by its numbers for each pixel."""


def oracle() -> dict[str, Any]:
    """Return files of 1 to 4 numbers for each pixel, of two sizes."""
    random = np.random.default_rng(0)
    sizes = itertools.product(COLOURS, [(3, 2), (64, 9)])
    return {"files": [_file(random, samples, *size) for samples, size in sizes]}


def _file(random: np.random.Generator, samples: int, width: int, height: int) -> dict[str, Any]:
    levels = random.integers(0, 65_536, (height, width, samples), dtype=np.uint16)
    shown = levels / 65_535
    if samples in (2, 4):
        alpha = shown[..., -1:]
        shown = alpha * shown[..., :-1] + 1 - alpha
    expected = np.broadcast_to(shown, (height, width, 3)).transpose(2, 0, 1)
    return {
        "content": base64.b64encode(png_of(levels)).decode(),
        "samples": samples,
        "width": width,
        "height": height,
        "values": expected.ravel().tolist(),
    }


def png_of(levels: np.ndarray) -> bytes:
    """Write levels (H, W, samples) as a PNG, each line with another filter."""
    height, width, samples = levels.shape
    lines = levels.astype(">u2").view(np.uint8).reshape(height, -1).astype(int)
    raw = bytearray()
    for y in range(height):
        kind = y % 5
        above = lines[y - 1] if y else np.zeros_like(lines[0])
        raw += bytes([kind]) + _filtered(lines[y], above, 2 * samples, kind)
    header = struct.pack(">IIBBBBB", width, height, 16, COLOURS[samples], 0, 0, 0)
    parts = (
        _chunk(b"IHDR", header),
        _chunk(b"IDAT", zlib.compress(bytes(raw))),
        _chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _filtered(line: np.ndarray, above: np.ndarray, step: int, kind: int) -> bytes:
    left = np.concatenate([np.zeros(step, int), line[:-step]])
    corner = np.concatenate([np.zeros(step, int), above[:-step]])
    guess = left + above - corner
    near = np.stack([np.abs(guess - part) for part in (left, above, corner)]).argmin(axis=0)
    paeth = np.stack([left, above, corner])[near, np.arange(len(near))]
    predicted = (0 * left, left, above, (left + above) // 2, paeth)[kind]
    return bytes(((line - predicted) % 256).astype(np.uint8))


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check
