"""Sets of pictures: none, one, few, all alike, of many classes; and what lies on disk."""

import os
from pathlib import Path

import numpy as np

from tests.vae.data.own.corpus.case import (
    COLOURS,
    GOOD,
    GOOD_IMAGES,
    GREYS,
    Brought,
    Case,
    npz,
    png,
    sent,
)

ZERO = np.zeros((1, 16, 16), np.uint8)
CLASSES = 10_000
FEW = "at least 7 are needed"


def greys(count: int) -> dict[str, bytes]:
    return {f"one/{number}.png": png(GREYS[number]) for number in range(count)}


def images(count: int) -> list[tuple[np.ndarray, str]]:
    return [(pixels, "") for pixels in GREYS[:count]]


def on_disk(folder: Path) -> Path:
    for name, content in GOOD.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def with_links(folder: Path) -> list[Brought]:
    on_disk(folder)
    (folder / "secret.png").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere.png").symlink_to(folder / "gone")
    return [folder]


def with_pipe(folder: Path) -> list[Brought]:
    on_disk(folder)
    os.mkfifo(folder / "pipe.png")
    return [folder]


MANY = np.random.default_rng(0).integers(0, 256, (CLASSES, 8, 8), dtype=np.uint8)

CASES = [
    Case("one picture", sent(greys(1)), refusal=f"1 picture cannot be parted.*{FEW}"),
    Case("six pictures", sent(greys(6)), refusal=f"6 pictures cannot be parted.*{FEW}"),
    Case("seven pictures", sent(greys(7)), images(7)),
    Case("no files at all", sent({}), refusal="no pictures could be read"),
    Case("an empty folder", lambda folder: [folder], refusal="holds no files"),
    Case("a folder that is not there", lambda folder: [folder / "gone"], refusal="check the path"),
    Case("pictures of a single class", sent(greys(8)), images(8)),
    Case(
        "pictures that are all black",
        sent({f"{number}.png": png(ZERO) for number in range(8)}),
        [(ZERO, "")] * 8,
    ),
    Case(
        "ten thousand classes",
        sent({"x.npz": npz(x=MANY, y=np.arange(CLASSES))}),
        [(pixels[None], "") for pixels in MANY],
        notes="10,000 different labels",
    ),
    Case(
        "a folder with links",
        with_links,
        GOOD_IMAGES,
        skipped={
            "secret.png": "link to another file",
            "loop": "link to another folder",
            "nowhere.png": "link to another file",
        },
    ),
    Case("a folder with a pipe", with_pipe, GOOD_IMAGES, skipped={"pipe.png": "no regular file"}),
    Case(
        "grey and colour pictures together",
        sent(GOOD | {"good/grey.png": png(GREYS[0])}),
        [*GOOD_IMAGES, (np.repeat(GREYS[0], 3, 0), "")],
    ),
    Case(
        "folders that name the parts of a set",
        sent({f"{'train' if n < 5 else 'test'}/{n}.png": png(x) for n, x in enumerate(COLOURS)}),
        GOOD_IMAGES,
    ),
]
