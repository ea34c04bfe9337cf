"""What files say of themselves is kept: their split, and how high and wide a picture is."""

import numpy as np
import pytest

from tests.vae.data.own.corpus.case import COLOURS, GREYS, npz, png
from vae.data import ImageDataset, load
from vae.data.own import Choices, File, Found, SizeNeeded, look, prepare
from vae.errors import UserError

RANDOM = np.random.default_rng(3)
OBLONG = RANDOM.integers(0, 256, (12, 7, 6), dtype=np.uint8)
PARTS = ["Training"] * 8 + ["PublicTest"] * 2 + ["PrivateTest"] * 2


@pytest.fixture(autouse=True)
def own_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "runs"))


def prepared(found: Found, **choices: object) -> ImageDataset:
    prepare(found, found.suggested.replace(**choices), "set")
    return load("set")


def table(rows: np.ndarray, between: str = ",", header: str = "") -> File:
    lines = [f"{n % 2},{between.join(map(str, x.ravel()))}" for n, x in enumerate(rows)]
    return File.of("x.csv", "\n".join([header] * bool(header) + lines).encode())


def fer2013(with_names: bool = True) -> File:
    squares = np.concatenate([GREYS, GREYS[:4] // 2])
    lines = [
        f"{n % 3},{' '.join(map(str, x.ravel()))},{part}"
        for n, (x, part) in enumerate(zip(squares, PARTS, strict=True))
    ]
    return File.of("fer2013.csv", "\n".join(["emotion,pixels,Usage"] * with_names + lines).encode())


def pixels(images: np.ndarray) -> set[bytes]:
    return {image.tobytes() for image in images}


@pytest.mark.parametrize("with_names", [True, False])
def test_a_table_with_all_pixels_in_one_field_gives_pictures_labels_and_its_split(with_names):
    made = prepared(look(fer2013(with_names)))
    assert made.class_names == ("0", "1", "2")
    assert [len(made.split(name)) for name in ("train", "validation", "test")] == [8, 2, 2]
    assert pixels(made.train.images) == pixels(GREYS)
    assert pixels(made.test.images) == pixels(GREYS[2:4] // 2)
    assert made.test.labels.tolist() == [1, 2]


def test_folders_train_and_test_stay_apart_and_it_is_said():
    files = {f"{'train' if n < 6 else 'test'}/{'ab'[n % 2]}/{n}.png": x
             for n, x in enumerate(map(png, COLOURS))}  # fmt: skip
    found = look([File.of(*one) for one in files.items()])
    assert any("which is kept: 6 for train, 2 for test" in note for note in found.notes)
    made = prepared(found)
    assert pixels(made.test.images) == pixels(COLOURS[6:])
    assert pixels(made.train.images) | pixels(made.validation.images) == pixels(COLOURS[:6])
    assert made.class_names == ("a", "b")


def test_arrays_named_train_and_test_stay_apart():
    made = prepared(look(File.of("m.npz", npz(x_train=GREYS[:6], x_test=GREYS[6:]))))
    assert pixels(made.test.images) == pixels(GREYS[6:])


def test_the_given_split_can_be_drawn_anew():
    found = look(fer2013())
    assert [len(rows) for rows in found.splits(Choices())] == [9, 1, 2]


def test_a_split_that_is_not_there_is_refused():
    found = look([File.of(f"{n}.png", png(x)) for n, x in enumerate(GREYS)])
    with pytest.raises(UserError, match="does not say which pictures are to be held out"):
        found.splits(Choices(split="given"))


def test_duplicates_and_nearly_empty_pictures_are_left_out_where_that_is_chosen():
    black = np.zeros((1, 16, 16), np.uint8)
    shown = [*GREYS, GREYS[0], black]
    found = look([File.of(f"{n}.png", png(x)) for n, x in enumerate(shown)])
    assert len(found.kept()) == 10
    made = prepared(found, without_copies=True, without_empty=True)
    every = [made.split(name).images for name in ("train", "validation", "test")]
    assert sum(map(len, every)) == 8
    assert set.union(*map(pixels, every)) == pixels(GREYS)


def test_rows_of_another_shape_are_asked_for_and_then_read():
    with pytest.raises(SizeNeeded) as refused:
        look(table(OBLONG))
    asked = refused.value.asked
    assert {(7, 6), (6, 7)} <= set(asked.sizes)
    shown, first = asked.picture((7, 6))[..., 0], OBLONG[0].astype(float)
    # what the values span is shown from black to white
    wanted = 255 * (first - first.min()) / (first.max() - first.min())
    np.testing.assert_allclose(shown, wanted, atol=0.5)
    found = look(table(OBLONG), pixels=(7, 6))
    assert (found.sizes, found.class_names) == ({(7, 6): 12}, ("0", "1"))
    assert pixels(prepared(found, height=8, width=8).train.images)


def test_names_of_columns_say_the_size_of_rows():
    names = ",".join(f"{row}x{column}" for row in range(1, 8) for column in range(1, 7))
    assert look(table(OBLONG, header=f"label,{names}")).sizes == {(7, 6): 12}


def test_a_table_beside_pictures_is_left_out_and_not_asked_for():
    files = [File.of(f"{n}.png", png(x)) for n, x in enumerate(GREYS)]
    found = look([*files, table(OBLONG)])
    assert [one.name for one in found.skipped] == ["x.csv"]
