"""Data sets: the registry, the cuts between splits, and what stands in the files."""

import dataclasses
import hashlib

import numpy as np
import pytest
from sklearn.datasets import load_digits

from vae.data import DATASETS, SPLITS, ImageDataset, Split, default_root, find, idx, load
from vae.data.splits import cut, permutation, validation_count
from vae.errors import UserError

BUILT_IN = [name for name, source in DATASETS.items() if not source.files]
DOWNLOADED = [name for name, source in DATASETS.items() if source.files]
NAMES = [file.name.removesuffix(".gz") for file in DATASETS["mnist"].files]


@pytest.fixture(scope="module", params=BUILT_IN)
def built_in(request) -> ImageDataset:
    return load(request.param, download=False)


def numbered(count: int) -> np.ndarray:
    """Images whose first two pixels spell their number."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = np.divmod(np.arange(count), 256)
    return images


def number(split: Split) -> np.ndarray:
    """Read the numbers of `numbered` images."""
    return split.images[:, 0, 0, 0].astype(int) * 256 + split.images[:, 0, 0, 1]


@pytest.fixture
def root(tmp_path):
    """A folder with a small data set in MNIST's files; the label is the number modulo 10."""
    folder = tmp_path / "mnist"
    folder.mkdir()
    for count, (images, labels) in zip((600, 50), (NAMES[:2], NAMES[2:]), strict=True):
        idx.write(folder / images, numbered(count))
        idx.write(folder / labels, np.arange(count) % 10)
    return tmp_path


def test_a_built_in_data_set_is_what_its_entry_says(built_in):
    source = DATASETS[built_in.name]
    assert source.state() == "built in"
    assert source.download_bytes == 0
    assert built_in.image_shape == source.image_shape
    assert built_in.class_names == source.class_names
    assert built_in.factor_names == source.factor_names
    assert {name: len(built_in.split(name)) for name in SPLITS} == source.counts


@pytest.mark.parametrize("name", SPLITS)
def test_every_split_has_pixels_labels_and_factors_of_the_declared_kind(built_in, name):
    split = built_in.split(name)
    assert split.images.dtype == np.uint8
    assert split.images.flags.writeable
    assert split.labels.dtype == np.int64
    assert set(split.labels) == set(range(len(built_in.class_names)))
    if built_in.factor_names:
        assert split.factors.dtype == np.float32
        assert split.factors.shape == (len(split), len(built_in.factor_names))


def test_a_built_in_data_set_is_the_same_every_time(built_in):
    again = load(built_in.name)
    for name in SPLITS:
        assert again.split(name).sha256() == built_in.split(name).sha256()


def test_digits_keep_the_seventeen_levels_of_ink_apart():
    digits = load("digits")
    images = np.concatenate([digits.split(name).images for name in SPLITS])
    ink = np.rint(images[:, 0] * (16 / 255))
    assert len(np.unique(images)) == 17
    assert sorted(ink.reshape(len(ink), -1).tolist()) == sorted(load_digits().data.tolist())


def test_the_description_counts_the_images_that_there_are(built_in):
    source = DATASETS[built_in.name]
    assert f"{sum(source.counts.values()):,}" in source.description


@pytest.mark.parametrize("name", DATASETS)
def test_an_entry_stands_under_its_own_name(name):
    assert find(name) is DATASETS[name]
    assert DATASETS[name].name == name


def test_an_unknown_name_is_told_with_the_nearest_first():
    with pytest.raises(UserError, match="unknown data set 'mnst'; choose from mnist, kmnist") as e:
        load("mnst")
    assert all(name in str(e.value) for name in DATASETS)


def test_an_unknown_split_is_told_with_what_there_is(root):
    with pytest.raises(UserError, match="unknown split 'dev'; choose from train, validation, test"):
        load("mnist", root).split("dev")


def test_train_and_validation_are_disjoint_and_cover_the_training_file(root):
    dataset = load("mnist", root, download=False)
    train, validation = number(dataset.train), number(dataset.validation)
    assert len(validation) == validation_count(600) == 50
    assert sorted([*train, *validation]) == list(range(600))
    assert np.array_equal(number(dataset.test), np.arange(50))


def test_labels_stay_with_their_images_through_the_cut(root):
    dataset = load("mnist", root, download=False)
    for name in SPLITS:
        split = dataset.split(name)
        assert np.array_equal(split.labels, number(split) % 10)


def test_the_validation_images_of_mnist_are_a_twelfth_spread_over_the_file():
    validation, train = cut(60_000, validation_count(60_000))
    assert len(validation) == 5_000
    assert np.array_equal(np.sort(np.concatenate([validation, train])), np.arange(60_000))
    # 5,000 of 60,000 at random: a tenth of the file holds 500 +- 20 of them; six deviations.
    assert np.all(abs(np.histogram(validation, 10, (0, 60_000))[0] - 500) < 120)


def test_the_cut_never_moves():
    # Checkpoints rely on it: with another order, images they were trained on would be held out.
    assert permutation(8).tolist() == [3, 2, 1, 6, 0, 7, 4, 5]


def test_too_few_training_images_to_hold_some_out_is_an_error(root):
    idx.write(root / "mnist" / NAMES[0], numbered(6))
    idx.write(root / "mnist" / NAMES[1], np.arange(6))
    with pytest.raises(UserError, match="6 training images of 'mnist' are too few"):
        load("mnist", root)


def test_sha256_is_that_of_the_pixels(root):
    split = load("mnist", root).test
    assert split.sha256() == hashlib.sha256(numbered(50).tobytes()).hexdigest()


def test_a_split_refuses_what_does_not_fit_together():
    images = np.zeros((3, 1, 2, 2), np.uint8)
    with pytest.raises(ValueError, match="3 images but 2 labels"):
        Split(images, labels=np.zeros(2, np.int64))
    with pytest.raises(ValueError, match="3 images but 4 factors"):
        Split(images, factors=np.zeros((4, 1), np.float32))
    with pytest.raises(ValueError, match="must be uint8"):
        Split(images / 255)


@pytest.mark.parametrize("spelling", ["{}", "{}.gz"])
def test_a_persons_files_are_found_in_both_spellings(root, spelling):
    folder = root / "mnist"
    for name in NAMES:
        # The content decides whether it is unpacked, so that ".gz" may be missing or wrong.
        (folder / name).rename(folder / spelling.format(name.replace("-idx", ".idx")))
    assert DATASETS["mnist"].state(root) == "on this machine"
    assert len(load("mnist", root, download=False).test) == 50


def test_what_is_missing_is_named_with_the_folder_and_the_remedy(root):
    (root / "mnist" / NAMES[1]).unlink()
    with pytest.raises(UserError) as error:
        load("mnist", root, download=False)
    sentence = str(error.value)
    assert "'mnist'" in sentence
    assert str(root / "mnist") in sentence
    assert f"put {NAMES[1]}.gz there" in sentence
    assert "digits" in sentence


@pytest.mark.parametrize("name", DOWNLOADED)
def test_the_state_of_a_data_set_that_is_not_there_tells_the_size(name, tmp_path):
    megabytes = round(DATASETS[name].download_bytes / 1e6)
    assert DATASETS[name].state(tmp_path) == f"not on this machine ({megabytes} MB to download)"


def test_data_is_looked_for_where_vae_data_says(monkeypatch, tmp_path):
    monkeypatch.setenv("VAE_DATA", str(tmp_path))
    assert default_root() == tmp_path
    monkeypatch.setenv("VAE_DATA", "")
    assert default_root().parts[-2:] == (".cache", "vae-data")


def test_another_source_in_the_files_of_mnist_needs_only_another_name(root):
    source = dataclasses.replace(DATASETS["mnist"], name="letters")
    (root / "mnist").rename(root / "letters")
    assert source.load(root).name == "letters"


def test_the_real_mnist_has_its_known_images():
    if DATASETS["mnist"].state() != "on this machine":
        pytest.skip("MNIST is not in VAE_DATA")
    mnist = load("mnist", download=False)
    everything = np.concatenate([mnist.train.images, mnist.validation.images])
    # Mean of the 60,000 training images as published with every normalisation of MNIST.
    assert everything.mean() / 255 == pytest.approx(0.1307, abs=5e-5)
    assert mnist.test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert {name: len(mnist.split(name)) for name in SPLITS} == DATASETS["mnist"].counts
