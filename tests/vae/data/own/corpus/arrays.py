"""Arrays: objects, numbers that are none, claims that are too large, unusual types."""

import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np

from tests.vae.data.own.corpus.case import (
    GREYS,
    Case,
    Expected,
    left_out,
    npy,
    npz,
    sent,
)

X = GREYS[:, 0]
GREY_IMAGES: Expected = [(pixels, "") for pixels in GREYS]
UNIT = (X / 255).astype(np.float64)


class Evil:
    """Writes a file when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path("unpickled").write_text, ("yes",)


def claiming(shape: str, descr: str = "|u1", extra: str = "") -> bytes:
    """Write a .npy whose header claims a shape, with a hundred bytes after it."""
    head = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}{extra}}}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + bytes(100)


def read_as(says: str, array: np.ndarray, images: Expected = GREY_IMAGES, notes: str = "") -> Case:
    return Case(says, sent({"x.npy": npy(array)}), images, notes=notes)


def spoilt(value: float) -> np.ndarray:
    made = np.concatenate([UNIT, UNIT[:1]])
    made[8, 3, 3] = value
    return made


def levels(values: np.ndarray, low: float, high: float) -> Expected:
    shown = np.rint(255 * (values.astype(float) - low) / (high - low)).astype(np.uint8)
    return [(pixels[None], "") for pixels in shown]


def array_left_out(says: str, content: bytes, why: str) -> Case:
    return left_out(says, content, why, "x.npy")


SIGNED = X.astype(np.int16) * 100 - 500
PICKLED = pickle.dumps(Evil())
OBJECTS = np.array([Evil(), None], dtype=object)
LABELS = np.arange(8) % 2

CASES = [
    array_left_out("an array of objects", npy(OBJECTS), "never unpickled"),
    array_left_out("a pickled object", PICKLED, "no picture, array or table"),
    array_left_out("an array that claims objects", claiming("(8,)", "|O"), "never unpickled"),
    Case(
        "an archive with an array of objects",
        sent({"x.npz": npz(x=X, y=OBJECTS)}),
        GREY_IMAGES,
        skipped={"x.npz/y": "never unpickled"},
    ),
    *(
        Case(
            f"an array with {name} in one picture",
            sent({"x.npy": npy(spoilt(value))}),
            GREY_IMAGES,
            skipped={"x.npy, picture 9": "not finite"},
        )
        for name, value in (("nan", np.nan), ("infinity", np.inf))
    ),
    Case("nothing but nan", sent({"x.npy": npy(UNIT * np.nan)}), refusal="not finite"),
    read_as("fractions of eight bytes", UNIT),
    read_as("fractions of two bytes", UNIT.astype(np.float16)),
    read_as("whole numbers of eight bytes", X.astype(np.int64)),
    read_as("numbers with the large end first", X.astype(">u4")),
    read_as("bytes as fractions up to 255", X.astype(np.float32)),
    read_as("truth values", X > 127, [(np.where(x > 127, 255, 0)[None], "") for x in X]),
    read_as("values from -1 to 1", 2 * UNIT - 1, GREY_IMAGES, "−1 is black"),
    read_as(
        "negative numbers",
        SIGNED,
        levels(SIGNED, SIGNED.min(), SIGNED.max()),
        "int16 values stretched",
    ),
    read_as("an array stored by columns", np.asfortranarray(X)),
    read_as("an array with an axis of one channel", X[..., None]),
    read_as("a table of pixels", X.reshape(8, 256)),
    read_as("a hundred numbers of 300 digits", UNIT * 1e300, levels(UNIT, UNIT.min(), UNIT.max())),
    array_left_out("an array that claims a million million pictures", claiming("(10**12,)"), ""),
    array_left_out("a claim of petabytes", claiming("(1000000000000, 28, 28)"), "more than are"),
    array_left_out("an array that was cut short", claiming("(9, 28, 28)"), "pictures are missing"),
    array_left_out("a negative shape", claiming("(-1, 28, 28)"), ""),
    array_left_out("a header that is code", claiming("__import__('os').getcwd()"), "is damaged"),
    array_left_out("a header that is too long", claiming("(1,)", extra=" " * 20_000), "is damaged"),
    array_left_out("the first bytes of an array alone", b"\x93NUMPY\x01\x00", "is damaged"),
    array_left_out("complex numbers", npy(X.astype(complex)), "no pixels"),
    array_left_out("dates", npy(X.astype("datetime64[s]")), "no pixels"),
    array_left_out("an array of fields", npy(np.zeros(8, "u1,u1")), "no pixels"),
    array_left_out("an array of five axes", npy(np.zeros((2, 2, 8, 8, 3))), "neither pictures"),
    array_left_out("a single number", npy(np.float64(3)), "neither pictures"),
    Case("an array without rows", sent({"x.npy": npy(X[:0])}), refusal="no pictures"),
    Case(
        "labels that are words",
        sent({"x.npz": npz(x=X, y=np.array(["a", "ü"])[LABELS])}),
        [(pixels, "aü"[y]) for pixels, y in zip(GREYS, LABELS, strict=True)],
    ),
    Case(
        "labels of which some are missing",
        sent({"x.npz": npz(x=X, y=np.where(LABELS, 4.0, np.nan))}),
        [(pixels, "4" if y else "") for pixels, y in zip(GREYS, LABELS, strict=True)],
        notes="4 pictures have no label",
    ),
    Case(
        "fewer labels than pictures",
        sent({"x.npz": npz(x=X, y=LABELS[:5])}),
        GREY_IMAGES,
        skipped={"x.npz/y": "neither pictures nor their labels"},
    ),
]
