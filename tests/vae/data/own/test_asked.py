"""Pictures that stand as rows of values and are not square: asked for their size, then read."""

import numpy as np
import pytest

from tests.vae.data.own.corpus.case import COLOURS, GREYS, npy, npz, png
from tests.vae.data.own.corpus.tables import parquet
from vae.data.own import File, SizeNeeded, look, prepare
from vae.errors import UserError

HIGH, WIDE = 12, 20
RANDOM = np.random.default_rng(4)
OBLONG = RANDOM.integers(0, 256, (9, 1, HIGH, WIDE), dtype=np.uint8)
TINTED = RANDOM.integers(0, 256, (9, 3, HIGH, WIDE), dtype=np.uint8)
LABELS = np.arange(9) % 2


@pytest.fixture(autouse=True)
def own_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "runs"))


def flat(pictures: np.ndarray) -> np.ndarray:
    """Write each picture as a row of values."""
    return pictures.reshape(len(pictures), -1)


def as_npy(pictures: np.ndarray) -> File:
    return File.of("x.npy", npy(flat(pictures)))


def as_npz(pictures: np.ndarray) -> File:
    return File.of("x.npz", npz(images=flat(pictures), labels=LABELS))


def as_fractions(pictures: np.ndarray) -> File:
    return File.of("x.npy", npy(flat(pictures) / 255))


def as_parquet(pictures: np.ndarray) -> File:
    return File.of("x.parquet", parquet(image=flat(pictures).tolist(), label=LABELS))


def as_fixed_lists(pictures: np.ndarray) -> File:
    import pyarrow

    rows = flat(pictures)
    column = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(rows.ravel()), rows.shape[1])
    return File.of("x.parquet", parquet(pixels=column, label=LABELS))


@pytest.mark.parametrize("pictures", [OBLONG, TINTED], ids=["grey", "colour"])
@pytest.mark.parametrize("write", [as_npy, as_npz, as_fractions, as_parquet, as_fixed_lists])
def test_rows_that_make_no_square_are_asked_for_with_a_picture_and_then_read(write, pictures):
    file = write(pictures)
    with pytest.raises(SizeNeeded, match="--pixels") as refused:
        look(file)
    asked = refused.value.asked
    assert asked.count == pictures[0].size and (HIGH, WIDE) in asked.sizes
    first = pictures[0].transpose(1, 2, 0).astype(float)
    span = first.max() - first.min()
    shown = asked.picture((HIGH, WIDE))
    np.testing.assert_allclose(shown, 255 * (first - first.min()) / span, atol=0.51)

    found = look(file, pixels=(HIGH, WIDE))
    assert found.sizes == {(HIGH, WIDE): 9}
    made = prepare(found, found.suggested, "x").load()
    every = np.concatenate([one.images for one in (made.train, made.validation, made.test)])
    assert {one.tobytes() for one in every} == {one.tobytes() for one in pictures}
    assert made.class_names == (() if file.name == "x.npy" else ("0", "1"))


def test_square_rows_are_not_asked_for():
    for pictures in (GREYS, COLOURS):
        assert look(as_npy(pictures)).sizes == {(16, 16): 8}
    assert look(File.of("x.parquet", parquet(image=flat(GREYS).tolist()))).sizes == {(16, 16): 8}


def test_a_size_that_is_said_goes_before_the_square():
    assert look(as_npy(GREYS), pixels=(8, 32)).sizes == {(8, 32): 8}


def test_a_folder_of_arrays_that_are_a_picture_each_is_read_as_such():
    files = [File.of(f"{n}.npy", npy(one[0])) for n, one in enumerate(OBLONG)]
    found = look(files)
    assert (found.sizes, found.skipped) == ({(HIGH, WIDE): 9}, ())


def test_rows_beside_pictures_are_left_out_with_the_reason_where_they_have_labels():
    files = [File.of(f"{n}.png", png(x)) for n, x in enumerate(GREYS)]
    found = look([*files, as_npz(OBLONG)])
    assert found.count == 8
    assert "240 values in a row" in next(iter(found.skipped)).why


def test_rows_that_make_no_picture_at_all_are_refused_once_and_not_row_by_row():
    with pytest.raises(UserError) as refused:
        look(File.of("x.parquet", parquet(embedding=RANDOM.normal(size=(9, 17)).tolist())))
    assert str(refused.value).count("17 values in a row") == 1


def test_a_list_that_is_missing_or_too_short_is_skipped_alone():
    rows = flat(OBLONG).tolist()
    rows[0], rows[4] = None, rows[4][:-1]
    found = look(File.of("x.parquet", parquet(image=rows)), pixels=(HIGH, WIDE))
    assert found.count == 7
    assert [one.name for one in found.skipped] == ["x.parquet, picture 1", "x.parquet, picture 5"]


def test_an_empty_parquet_file_is_refused_in_a_sentence():
    import pyarrow

    empty = pyarrow.array([], pyarrow.list_(pyarrow.int64()))
    with pytest.raises(UserError, match="no pictures"):
        look(File.of("x.parquet", parquet(image=empty)))
