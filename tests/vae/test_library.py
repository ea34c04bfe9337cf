"""The library: which models there are, told for thousands of runs without opening their files."""

import os
from pathlib import Path

import pytest

from tests.tiny_models import tiny_checkpoint
from ui.resources import kinds
from vae import checkpoint, library
from vae.files.writing import SHIPPED, runs_folder
from vae.models.config import VAEConfig
from vae.models.networks import MLP

SMALL = VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)))


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of added models, and runs, with names that meet."""
    folder = tmp_path / "added"
    content = tmp_path / "content.safetensors"
    checkpoint.write(content, tiny_checkpoint("toy", SMALL))
    runs = ("digits-2d", "both", "run", ".hidden")
    places = [folder / name for name in ("one", "both", "model", "<b>")]
    places += [runs_folder() / name / "model" for name in runs]
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_name(place.name + library.SUFFIX).write_bytes(content.read_bytes())
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    return folder


def test_a_model_is_located_where_the_library_lists_it(added: Path) -> None:
    models = library.library()
    assert {"one", "both", "added", "run", "digits-2d"} <= models.keys()
    assert models["both"] == added / "both.safetensors"
    assert models["digits-2d"].parent == SHIPPED
    for name, path in models.items():
        assert library.locate(name) == path


@pytest.mark.parametrize("name", ["model", ".hidden", "<b>", "../added/one", "", "nowhere"])
def test_what_is_not_listed_is_not_located(added: Path, name: str) -> None:
    assert name not in library.library()
    assert library.locate(name) is None


def test_models_of_the_same_images_are_found_and_broken_ones_left_out(added: Path) -> None:
    (added / "broken.safetensors").write_bytes(b"not a model at all")
    assert kinds.others_of_same_images("one") == ["added", "both", "run"]
    # said of the file as it is now
    (added / "both.safetensors").write_bytes(b"not a model at all")
    assert kinds.others_of_same_images("one") == ["added", "run"]


def test_what_kind_a_model_is_is_read_once(added: Path) -> None:
    before = kinds.of_library()
    path = library.library()["run"]
    found = path.stat()
    # other bytes under the same name, size and time are taken for the same file
    path.write_bytes(bytes(found.st_size))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert kinds.of_library() == before
