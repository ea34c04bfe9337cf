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
from vae.sweep import RECORD, Member, Sweep

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


@pytest.fixture
def swept(added: Path) -> Sweep:
    """A sweep of three members beside those models: one trains, two have finished."""
    model = (runs_folder() / "run" / "model.safetensors").read_bytes()
    members = tuple(Member(f"mine-{seed}", {"seed": seed}) for seed in range(3))
    folder = (runs_folder() / "mine").absolute()
    sweep = Sweep(folder, "digits", {}, {}, {"seed": (0, 1, 2)}, members, "2026-01-01")
    for place, state in (("mine-0", "running"), ("mine-1", "finished"), ("mine-2", "finished")):
        run = runs_folder() / place
        run.mkdir()
        (run / "model.safetensors").write_bytes(model)
        (run / "config.json").write_text('{"sweep": "mine"}')
        (run / "status.json").write_text(f'{{"state": "{state}"}}')
    folder.mkdir()
    sweep.write()
    return sweep


def test_members_of_a_sweep_are_one_entry_which_opens_the_first_that_has_finished(swept: Sweep):
    entries = {entry.name: entry for entry in library.entries()}
    assert "mine-1" not in entries
    assert entries["mine"].titles == {"mine-0": "seed 0", "mine-1": "seed 1", "mine-2": "seed 2"}
    assert entries["mine"].first == "mine-1"
    assert entries["run"].titles == {"run": ""}


def test_the_entries_hold_every_model_of_the_library_once(swept: Sweep):
    listed = [name for entry in library.entries() for name in entry.titles]
    assert sorted(listed) == sorted(library.library())


def test_a_sweeps_name_stands_for_its_first_finished_member(swept: Sweep):
    assert library.find("mine").parent.name == "mine-1"
    assert library.find("mine-2").parent.name == "mine-2"
    (runs_folder() / "mine-1" / "model.safetensors").unlink()
    assert library.find("mine").parent.name == "mine-2"


def test_a_sweep_of_which_none_has_finished_is_no_model(swept: Sweep):
    for seed in range(3):
        (runs_folder() / f"mine-{seed}" / "status.json").write_text('{"state": "running"}')
    assert library.locate("mine") is None


def test_a_run_whose_sweep_does_not_know_it_is_a_model_of_its_own(swept: Sweep):
    (runs_folder() / "run" / "config.json").write_text('{"sweep": "mine"}')
    (runs_folder() / "mine-2" / "config.json").write_text('{"sweep": "other"}')
    names = [entry.name for entry in library.entries()]
    assert {"run", "mine-2", "mine"} <= set(names)


def test_members_of_a_sweep_whose_record_is_damaged_are_models_of_their_own(swept: Sweep):
    (swept.path / RECORD).write_text("{")
    assert {"mine-0", "mine-1", "mine-2"} <= {entry.name for entry in library.entries()}
