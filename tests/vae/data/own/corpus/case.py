"""What a person may bring, and what is to come of it."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from vae.data.own import UPLOADED, File, Limits

Brought = File | Path
Expected = list[tuple[np.ndarray, str]]
"""Pixels uint8 (C, H, W) and label, "" for none, of each image."""

RANDOM = np.random.default_rng(11)
COLOURS = RANDOM.integers(0, 256, (8, 3, 16, 16), dtype=np.uint8)
GREYS = RANDOM.integers(0, 256, (8, 1, 16, 16), dtype=np.uint8)


@dataclass(frozen=True)
class Case:
    """One thing that is brought.

    Attributes
    ----------
    says : str
        What it is, as the name of a test.
    bring : callable
        Makes it, in an empty folder where it has to lie on disk.
    images : list, or None
        What prepared images come of it; None where it is refused.
    refusal : str
        Words of the sentence by which it is refused.
    skipped : dict
        Words of the reason why a file is left out, by its name.
    notes : str
        Words of what is said of it.
    tolerance : int
        By how many of 255 levels a pixel may differ.
    """

    says: str
    bring: Callable[[Path], Iterable[Brought]]
    images: Expected | None = None
    refusal: str = ""
    skipped: dict[str, str] = field(default_factory=dict)
    notes: str = ""
    tolerance: int = 0
    limits: Limits = UPLOADED

    def __str__(self) -> str:
        return self.says.replace(" ", "-")


def sent(files: dict[str, bytes]) -> Callable[[Path], list[Brought]]:
    """Bring files as a browser sends them."""
    return lambda folder: [File.of(name, content) for name, content in files.items()]


def png(pixels: np.ndarray, mode: str | None = None, **saved: object) -> bytes:
    """Write (C, H, W) as a PNG."""
    return picture(Image.fromarray(plain(pixels), mode), "PNG", **saved)


def plain(pixels: np.ndarray) -> np.ndarray:
    """Give (H, W) for one channel, (H, W, C) for more."""
    return pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0)


def picture(made: Image.Image, kind: str, **saved: object) -> bytes:
    """Write a picture as a file of some kind."""
    file = io.BytesIO()
    made.save(file, kind, **saved)
    return file.getvalue()


def npy(array: np.ndarray) -> bytes:
    """Write an array as a .npy file; one of objects is pickled."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    """Write arrays as a .npz file."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def zipped(files: dict[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    """Pack files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def gzipped(content: bytes) -> bytes:
    """Pack one file."""
    return gzip.compress(content, 1, mtime=0)


GOOD = {f"good/{number}.png": png(pixels) for number, pixels in enumerate(COLOURS)}
"""Eight colour pictures in a folder of their own: there is always something to train on."""
GOOD_IMAGES: Expected = [(pixels, "") for pixels in COLOURS]
GOOD_CLASS: Expected = [(pixels, "good") for pixels in COLOURS]


def beside(name: str, content: bytes) -> Callable[[Path], list[Brought]]:
    """Bring a file beside eight pictures that are in order."""
    return sent(GOOD | {name: content})


def left_out(says: str, content: bytes, why: str, name: str = "good/odd") -> Case:
    """Expect a file to be left out, with a reason, and the others to be read."""
    return Case(says, beside(name, content), GOOD_IMAGES, skipped={name: why})


def seen_as(
    says: str, content: bytes, pixels: np.ndarray, tolerance: int = 0, notes: str = ""
) -> Case:
    """Expect a picture to be read as these pixels, uint8 (C, H, W), beside the others."""
    shown = np.broadcast_to(pixels, (3, *pixels.shape[1:]))
    images = [*GOOD_CLASS, (shown, "odd")]
    return Case(says, beside("odd/1", content), images, tolerance=tolerance, notes=notes)
