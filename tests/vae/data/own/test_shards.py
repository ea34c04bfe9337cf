"""A prepared set of several files is the set of one, and says which of them is not whole."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from vae.data import load
from vae.data.batch import Held
from vae.data.own import look, prepare, prepared
from vae.data.own.limits import OWN_DISK
from vae.data.own.shards import MOST, STEP, Shards, Writing
from vae.data.splits import Split
from vae.errors import UserError

IMAGES = np.random.default_rng(0).integers(0, 256, (300, 28, 28), dtype=np.uint8)
"""Four shards of the smallest size, and images that begin in one and end in the next."""


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "runs"))
    np.save(tmp_path / "images.npy", IMAGES)
    return tmp_path / "images.npy"


def _prepare(path: Path, each: int, name: str) -> Path:
    found = look(path, limits=replace(OWN_DISK, shard_bytes=each))
    prepare(found, found.suggested, name)
    return prepared.folder() / name


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("images.npy*"))


@pytest.mark.parametrize("each", [STEP, 2 * STEP, 3 * STEP])
def test_a_set_of_several_files_is_the_set_of_one_image_by_image(brought: Path, each: int) -> None:
    (one,), several = _files(_prepare(brought, 1 << 30, "one")), _prepare(brought, each, "several")
    files = _files(several)
    assert len(files) == -(-one.stat().st_size // each)
    assert b"".join(file.read_bytes() for file in files) == one.read_bytes()
    for mine, other in zip(_splits("several"), _splits("one"), strict=True):
        assert np.array_equal(mine.images, other.images)
        assert mine.fingerprint() == mine.sha256() == other.fingerprint() == other.sha256()
        rows = torch.randperm(len(mine), generator=torch.Generator().manual_seed(0))
        assert torch.equal(Held.of(mine).take(rows).x, Held.of(other).take(rows).x)


def test_a_small_set_stays_one_file(brought: Path) -> None:
    folder = _prepare(brought, 4 * STEP, "small")
    assert [file.name for file in _files(folder)] == ["images.npy"]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_shard_that_is_missing_or_cut_off_is_named(brought: Path, number: int) -> None:
    file = _files(_prepare(brought, STEP, "set"))[number]
    with open(file, "r+b") as whole:
        whole.truncate(file.stat().st_size - 1)
    with pytest.raises(UserError, match=rf"^{file} is damaged; prepare the images again$"):
        load("set")
    file.unlink()
    with pytest.raises(UserError, match=f"cannot read {file}: "):
        load("set")


def test_writing_to_what_is_mapped_changes_no_file(brought: Path) -> None:
    folder = _prepare(brought, STEP, "set")
    before = [file.read_bytes() for file in _files(folder)]
    load("set").train.images[:] = 0
    assert [file.read_bytes() for file in _files(folder)] == before


def test_more_shards_than_can_be_open_are_refused(tmp_path: Path) -> None:
    shards = Shards(tmp_path / "images.npy", (MOST + 1) * STEP, STEP)
    with pytest.raises(UserError, match="513 shards, more than 512; make them larger"):
        Writing(shards)


def _splits(name: str) -> list[Split]:
    return [load(name).split(one) for one in ("train", "validation", "test")]
