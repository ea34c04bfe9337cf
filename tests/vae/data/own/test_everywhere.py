"""Prepared images are a data set as any other: found, split, trained on, shown beside a model."""

import json
from pathlib import Path

import numpy as np
import pytest

from vae import checkpoint, data
from vae.__main__ import main
from vae.data.batch import Held
from vae.data.own import Choices, look, prepare, prepared
from vae.data.own.parting import parts
from vae.errors import UserError

RANDOM = np.random.default_rng(1)
CLASS = np.arange(30) % 3


@pytest.fixture(autouse=True)
def own_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "runs"))


@pytest.fixture
def path(tmp_path) -> Path:
    bright = RANDOM.integers(0, 256, (30, 8, 9), dtype=np.uint8)
    np.savez(tmp_path / "mine.npz", images=bright, labels=CLASS)
    return tmp_path / "mine.npz"


def run(*words: object) -> int:
    return main([str(word) for word in words])


def said(capsys) -> dict:
    return json.loads(capsys.readouterr().out)


def test_a_path_is_prepared_once_and_found_again_without_reading_it(path, capsys, monkeypatch):
    first = data.own.bring(path)
    monkeypatch.setattr("vae.data.own.bringing.look", lambda *a: pytest.fail("it was read again"))
    assert data.own.bring(path).name == first.name == "mine"


def test_the_same_pictures_elsewhere_lead_to_the_same_set(path, tmp_path):
    first = data.own.bring(path)
    moved = path.rename(tmp_path / "moved.npz")
    assert data.own.bring(moved).name == first.name
    assert prepared.names() == ["mine"]


def test_other_pictures_under_the_same_path_make_another_set(path):
    first = data.own.bring(path)
    np.savez(path, images=np.zeros((9, 8, 8), np.uint8))
    assert data.own.bring(path).name == "mine-2"
    assert data.load(first.name).image_shape == (1, 8, 9)


def test_a_model_is_trained_on_a_path_and_measured_on_its_images(path, capsys, tmp_path):
    out = tmp_path / "runs" / "r"
    assert run("train", "--dataset", path, "--epochs", 1, "--out", out, "--json") == 0
    assert said(capsys)["out"] == str(out)
    config = json.loads((out / "config.json").read_text())
    assert config["images"]["origin"] == [str(path)]
    assert run("evaluate", out / "model.safetensors", "--json") == 0
    assert said(capsys)["dataset"] == "mine"
    described = checkpoint.read(out / "model.safetensors").dataset
    assert described["class_names"] == ["0", "1", "2"]

    prepared.rename("mine", "other")
    assert data.name_of(described) == "other"
    assert run("evaluate", out / "model.safetensors", "--json") == 0

    capsys.readouterr()
    prepared.remove("other")
    assert data.name_of(described) is None
    assert checkpoint.read(out / "model.safetensors").atlas is not None
    assert run("evaluate", out / "model.safetensors", "--json") == 2
    assert "prepare them again" in capsys.readouterr().err


def test_the_command_prepares_with_choices_and_lists_renames_and_deletes(path, capsys):
    run("prepare", path, "--name", "mine", "--size", "16x12", "--fit", "pad", "--invert", "--json")
    assert said(capsys)["image_shape"] == [1, 16, 12]
    assert (
        data.find("mine").about.choices
        == Choices(height=16, width=12, fit="pad", invert=True).to_json()
    )
    run("datasets", "--rename", "mine", "yours", "--json")
    listed = {one["name"]: one for one in said(capsys)["datasets"]}
    assert listed["yours"]["class_names"] == ["0", "1", "2"]
    run("datasets", "--delete", "yours", "--json")
    assert not {"mine", "yours"} & {one["name"] for one in said(capsys)["datasets"]}


@pytest.mark.parametrize("name", ["mnist", "../up", "", "a b"])
def test_a_name_that_is_taken_or_none_is_refused_before_anything_is_written(name, path):
    found = look(path)
    with pytest.raises(UserError, match="name"):
        prepare(found, found.suggested, name)
    assert not prepared.folder().exists()


def test_the_parts_are_disjoint_the_same_each_time_and_even_over_the_classes(path):
    found = look(path)
    prepare(found, found.suggested, "a")
    prepare(found, found.suggested, "b")
    first, again = data.load("a"), data.load("b")
    seen = set()
    for split in data.SPLITS:
        np.testing.assert_array_equal(first.split(split).images, again.split(split).images)
        seen |= {image.tobytes() for image in first.split(split).images}
    assert len(seen) == 30
    counts = np.bincount(first.train.labels, minlength=3)
    assert counts.max() - counts.min() <= 2


def test_seven_pictures_of_one_class_are_parted_and_six_refused(tmp_path):
    np.save(tmp_path / "x.npy", RANDOM.integers(0, 256, (7, 8, 8), dtype=np.uint8))
    found = look(tmp_path / "x.npy")
    counts = prepare(found, found.suggested, "seven").counts
    assert counts == {"train": 5, "validation": 1, "test": 1}
    np.save(tmp_path / "x.npy", np.zeros((6, 8, 8), np.uint8))
    found = look(tmp_path / "x.npy")
    with pytest.raises(UserError, match="at least 7 are needed"):
        prepare(found, found.suggested, "six")


def test_what_ends_preparing_leaves_nothing_behind(path):
    def end(done: int, total: int) -> None:
        raise KeyboardInterrupt

    found = look(path)
    with pytest.raises(KeyboardInterrupt):
        prepare(found, found.suggested, "mine", end)
    assert list(prepared.folder().iterdir()) == []


def test_files_that_changed_since_they_were_looked_at_are_refused(path):
    found = look(path)
    np.savez(path, images=np.ones((30, 8, 9), np.uint8), labels=CLASS)
    with pytest.raises(UserError, match="have changed"):
        prepare(found, found.suggested, "mine")
    assert prepared.names() == []


def test_a_damaged_set_is_told_and_never_read(path):
    made = data.own.bring(path)
    images = made.folder / "images.npy"
    images.write_bytes(images.read_bytes()[:-1])
    with pytest.raises(UserError, match="damaged"):
        data.load(made.name)


def test_held_out_parts_stay_bounded_however_many_pictures_there_are():
    train, validation, test = parts(np.arange(1_000_000) % 7)
    assert (len(validation), len(test)) == (5_000, 10_000)
    assert len(np.unique(np.concatenate([train, validation, test]))) == 1_000_000


def test_a_training_takes_its_images_from_the_file_without_a_copy(path):
    images = data.load(data.own.bring(path).name).train.images
    held = Held.of(data.load("mine").train)
    assert held.images.numpy().base is not None
    assert not images.flags.owndata
    # the file is mapped so that what torch writes never reaches it
    held.images.zero_()
    np.testing.assert_array_equal(data.load("mine").train.images, images)
    assert images.any()
