"""Whatever a person brings ends in the right images or in one clear sentence."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.vae.data.own.corpus import CASES, Case
from tests.vae.data.own.corpus.case import gzipped, npy
from tests.vae.data.own.corpus.pictures import largest
from vae.data import ImageDataset, load
from vae.data.own import Choices, Found, look, prepare
from vae.data.own.limits import MEMORY_BYTES
from vae.data.own.readers.columns import LARGEST_SIDE
from vae.errors import UserError


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Work in a folder inside a folder, so that a name that leads out would be seen."""
    (tmp_path / "here" / "brought").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "runs"))
    return tmp_path


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_brought_ends_in_the_right_images_or_in_one_sentence(case: Case, place: Path):
    brought = list(case.bring(place / "here" / "brought"))
    before = files_in(place)
    if case.images is None:
        with pytest.raises(UserError) as refused:
            prepare(look(brought, limits=case.limits), Choices(), "set")
        assert is_one_sentence(str(refused.value))
        assert re.search(case.refusal, str(refused.value))
        assert files_in(place) == before
        return
    found = look(brought, limits=case.limits)
    prepare(found, found.suggested, "set")
    assert_images(content(load("set")), case)
    assert_told(found, case)
    assert {path.parent for path in files_in(place) - before} == {place / "runs/images/set"}


PEAK = """
import resource, sys
from vae.data.own import UPLOADED, File, look
from vae.data import pictures, picture_fit
import PIL.Image, PIL.ImageOps

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

name = sys.argv[1]
files = [File.of(name, open(name, "rb").read())]
before = peak()
assert look(files, limits=UPLOADED).count == int(sys.argv[2])
print(1024 * (peak() - before))
"""
"""Prints how many bytes a look at a file needs beside the file."""


@pytest.mark.parametrize(
    ("made", "count"),
    [
        (largest, 1),
        (lambda: npy(np.zeros((1, LARGEST_SIDE, LARGEST_SIDE, 3))), 1),
        (lambda: gzipped(npy(np.zeros((20_000, 28, 28)))), 20_000),
    ],
    ids=["the largest picture", "the largest picture in an array", "a packed array of 125 MB"],
)
def test_a_look_stays_below_the_bound_of_memory(made, count, tmp_path):
    path = tmp_path / "brought"
    path.write_bytes(made())
    run = [sys.executable, "-W", "error", "-c", PEAK, str(path), str(count)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MEMORY_BYTES


def files_in(place: Path) -> set[Path]:
    return {path for path in place.rglob("*") if not path.is_dir()}


def content(dataset: ImageDataset) -> list[tuple[np.ndarray, str]]:
    """Pixels and class of every image, wherever the draw put it."""
    made = []
    for split in (dataset.train, dataset.validation, dataset.test):
        labels = np.full(len(split), -1) if split.labels is None else split.labels
        names = [dataset.class_names[label] if label >= 0 else "" for label in labels]
        made += list(zip(np.asarray(split.images), names, strict=True))
    return made


def assert_images(made: list[tuple[np.ndarray, str]], case: Case) -> None:
    """Compare as sets: an image is found among the expected ones, and none is left."""
    assert case.images is not None
    assert len(made) == len(case.images)
    if not case.tolerance:
        assert as_bytes(made) == as_bytes(case.images)
        return
    for pixels, label in case.images:
        apart = [
            np.abs(one.astype(int) - pixels).max() if name == label else 255 for one, name in made
        ]
        assert min(apart) <= case.tolerance


def as_bytes(images: list[tuple[np.ndarray, str]]) -> list[tuple[str, tuple[int, ...], bytes]]:
    return sorted((name, x.shape, np.asarray(x, np.uint8).tobytes()) for x, name in images)


def assert_told(found: Found, case: Case) -> None:
    skipped = {one.name: one.why for one in found.skipped}
    assert skipped.keys() == case.skipped.keys()
    for name, why in case.skipped.items():
        assert why in skipped[name]
        assert is_plain(skipped[name])
    assert case.notes in "; ".join(found.notes)


def is_plain(words: str) -> bool:
    """Tell whether words are for people: one line, no error's class, no address, no repetition."""
    return words.isprintable() and not re.search(r"Error\b|Traceback|0x[0-9a-f]{6}|\.py", words)


def is_one_sentence(words: str) -> bool:
    """Tell whether it says cause and remedy in one sentence of bounded length."""
    return is_plain(words) and "; " in words and not words.endswith(".") and len(words) < 700
