"""Pixels as PNG files: one image, one enlarged, many on a sheet."""

import base64

import numpy as np

GAP = 2


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
    return of_pixels(canvas.reshape(rows * (height + GAP), columns * (width + GAP), 4))


def of_pixels(pixels: np.ndarray, zoom: int = 1) -> bytes:
    """PNG of pixels (H, W, C) with one, three or four channels, each ``zoom`` wide and high."""
    from vae.export import pictures

    return pictures.png(pixels, zoom, pictures.FAST)


def enlarged(pixels: np.ndarray, side: int = 140) -> bytes:
    """PNG of one image, every pixel a square, at least `side` pixels high."""
    zoom = max(1, -(-side // pixels.shape[0]))
    return of_pixels(pixels, zoom)


def address(file: bytes) -> str:
    """A PNG as an address that holds its bytes."""
    return "data:image/png;base64," + base64.b64encode(file).decode()
