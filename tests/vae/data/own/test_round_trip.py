"""Each format comes back as the pixels and labels that were put into it."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from PIL import Image

from vae.data import ImageDataset, load
from vae.data.own import File, Found, look, prepare

RANDOM = np.random.default_rng(0)
GREY = RANDOM.integers(0, 256, (12, 9, 10), dtype=np.uint8)
COLOURS = RANDOM.integers(0, 256, (12, 9, 10, 3), dtype=np.uint8)
CLASS = np.arange(12) % 3


@pytest.fixture(autouse=True)
def own_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "runs"))


def prepared(found: Found) -> ImageDataset:
    prepare(found, found.suggested, "set")
    return load("set")


def content(dataset: ImageDataset) -> list[tuple[bytes, str]]:
    """Pixels and class of every image, sorted: which split an image went to does not matter."""
    found = []
    for split in (dataset.train, dataset.validation, dataset.test):
        labels = np.full(len(split), -1) if split.labels is None else split.labels
        names = (dataset.class_names[label] if label >= 0 else "" for label in labels)
        found += [(image.tobytes(), name) for image, name in zip(split.images, names, strict=True)]
    return sorted(found)


def expected(images: np.ndarray, names: list[str]) -> list[tuple[bytes, str]]:
    return sorted((image.tobytes(), name) for image, name in zip(images, names, strict=True))


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def pictures_by_class(images: np.ndarray) -> dict[str, bytes]:
    return {
        f"class {c}/{i}.png": png(x) for i, (x, c) in enumerate(zip(images, CLASS, strict=True))
    }


def write_folder(folder: Path, files: dict[str, bytes]) -> Path:
    for name, one in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(one)
    return folder


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in files.items():
            archive.writestr(name, one)
    return file.getvalue()


def test_a_folder_gives_its_pictures_labelled_by_their_sub_folders(tmp_path):
    found = look(write_folder(tmp_path / "in", pictures_by_class(COLOURS)))
    names = [f"class {c}" for c in CLASS]
    assert content(prepared(found)) == expected(COLOURS.transpose(0, 3, 1, 2), names)


def test_a_zip_gives_what_its_folder_gives(tmp_path):
    files = pictures_by_class(GREY)
    folder, archive = look(write_folder(tmp_path / "in", files)), look(File.of("x", zipped(files)))
    np.testing.assert_array_equal(folder.digests, archive.digests)
    assert folder.class_names == archive.class_names
    assert content(prepared(archive)) == expected(GREY[:, None], [f"class {c}" for c in CLASS])


def test_pictures_of_one_folder_have_no_labels():
    found = look([File.of(f"all/{i}.png", png(x)) for i, x in enumerate(GREY)])
    assert found.class_names == ()
    assert prepared(found).train.labels is None


@pytest.mark.parametrize("axes", [(0, 1, 2), (0, 1, 2, 3), (0, 3, 1, 2)])
def test_an_array_is_read_with_its_channels_first_or_last_or_without_any(axes, tmp_path):
    images = GREY if len(axes) == 3 else COLOURS
    np.save(tmp_path / "in.npy", images.transpose(axes))
    first = GREY[:, None] if len(axes) == 3 else COLOURS.transpose(0, 3, 1, 2)
    assert content(prepared(look(tmp_path / "in.npy"))) == expected(first, [""] * 12)


def test_an_archive_of_arrays_gives_images_with_the_labels_beside_them(tmp_path):
    np.savez_compressed(tmp_path / "in.npz", x_train=GREY[:7], y_train=CLASS[:7] + 1,
                        x_test=GREY[7:], y_test=CLASS[7:] + 1)  # fmt: skip
    found = look(tmp_path / "in.npz")
    assert found.class_names == ("1", "2", "3")
    assert content(prepared(found)) == expected(GREY[:, None], [str(c + 1) for c in CLASS])


def test_objects_in_an_array_are_never_unpickled(tmp_path):
    hostile = np.array([GREY, None], dtype=object)
    np.savez(tmp_path / "in.npz", x=GREY, more=hostile)
    found = look(tmp_path / "in.npz")
    assert found.count == 12
    assert [(one.name, "never unpickled" in one.why) for one in found.skipped] == [
        ("in.npz/more", True)
    ]


def test_a_preview_is_what_is_prepared():
    found = look([File.of(f"{i}.png", png(x)) for i, x in enumerate(COLOURS)])
    choices = found.suggested.replace(
        height=16, width=11, fit="pad", turn="left", mirror=True, invert=True, colours="grey"
    )
    prepare(found, choices, "set")
    made = sorted(image.tobytes() for image in found.preview(choices))
    assert [pixels for pixels, _ in content(load("set"))] == made


SQUARE = RANDOM.integers(0, 256, (12, 8, 8), dtype=np.uint8)
NAMES = [str(c + 1) for c in CLASS]


def table(rows: list[list[object]], header: bool = False, delimiter: str = ",") -> bytes:
    names = ["label", *(f"pixel{n}" for n in range(64))]
    lines = [names, *rows] if header else rows
    return "\n".join(delimiter.join(map(str, line)) for line in lines).encode()


def idx(array: np.ndarray) -> bytes:
    header = np.array((0x0800 + array.ndim, *array.shape), ">u4").tobytes()
    return header + array.astype(np.uint8).tobytes()


ROWS = [[c + 1, *x.ravel()] for x, c in zip(SQUARE, CLASS, strict=True)]
QUOTED = [[f'"{value}"' for value in row] for row in ROWS]
SHARES = [[c + 1, *(str(v / 255).replace(".", ",") for v in x.ravel())]
          for x, c in zip(SQUARE, CLASS, strict=True)]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        table(ROWS, header=True),
        table(ROWS),
        b"\xef\xbb\xbf" + table(QUOTED, header=True),
        table(ROWS, header=True, delimiter=";"),
        table(SHARES, header=True, delimiter=";"),
        gzip.compress(table(ROWS, delimiter="\t")),
        table(ROWS, header=True).decode().encode("utf-16"),
    ],
    ids=["names", "bare", "mark and quotes", "semicolons", "decimal commas", "tabs", "utf-16"],
)
def test_a_table_of_pixels_gives_its_pictures_and_labels(text):
    found = look(File.of("t.csv", text))
    assert (found.skipped, found.count) == ((), 12)
    assert content(prepared(found)) == expected(SQUARE[:, None], NAMES)


def test_a_table_without_labels_gives_pictures_without_any():
    found = look(File.of("t.csv", table([row[1:] for row in ROWS])))
    assert content(prepared(found)) == expected(SQUARE[:, None], [""] * 12)


def test_rows_that_are_too_short_or_no_numbers_are_told_by_their_line():
    rows = [*ROWS, ROWS[0][:-1], [*ROWS[0][:-1], "x"]]
    found = look(File.of("t.csv", table(rows, header=True)))
    assert found.count == 12
    assert {one.name for one in found.skipped} == {"t.csv, line 14", "t.csv, line 15"}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_idx_files_are_paired_and_may_count_labels_from_one(pack):
    files = {"train-images-idx3-ubyte": idx(GREY), "train-labels-idx1-ubyte": idx(CLASS + 1)}
    found = look([File.of(name, pack(one)) for name, one in files.items()])
    assert found.skipped == ()
    assert content(prepared(found)) == expected(GREY[:, None], NAMES)


def test_emnist_is_turned_upright():
    upright = RANDOM.integers(0, 256, (26, 28, 28), dtype=np.uint8)
    lying = {"images": idx(upright.transpose(0, 2, 1)), "labels": idx(np.arange(26) + 1)}
    found = look([File.of(name, one) for name, one in lying.items()])
    assert any("EMNIST" in note for note in found.notes)
    assert content(prepared(found)) == expected(
        upright[:, None], [str(letter + 1) for letter in range(26)]
    )


def parquet(columns: dict[str, list], classes: list[str] | None = None) -> bytes:
    made = pyarrow.table(columns)
    if classes:
        features = {"label": {"names": classes}}
        said = json.dumps({"info": {"features": features}})
        made = made.replace_schema_metadata({"huggingface": said})
    file = io.BytesIO()
    pyarrow.parquet.write_table(made, file)
    return file.getvalue()


def test_parquet_of_a_hub_gives_its_pictures_and_the_names_of_its_classes():
    cells = [{"bytes": png(x), "path": None} for x in COLOURS]
    found = look(File.of("t", parquet({"image": cells, "label": CLASS.tolist()}, ["a", "b", "c"])))
    assert content(prepared(found)) == expected(
        COLOURS.transpose(0, 3, 1, 2), ["abc"[c] for c in CLASS]
    )


@pytest.mark.parametrize("flat", [True, False])
def test_parquet_with_lists_of_pixels_gives_their_pictures(flat):
    cells = [x.ravel().tolist() if flat else x.tolist() for x in SQUARE]
    found = look(File.of("t", parquet({"pixels": cells, "label": NAMES})))
    assert content(prepared(found)) == expected(SQUARE[:, None], NAMES)


def test_parquet_with_a_column_for_each_pixel_gives_pictures():
    columns = {f"pixel{n}": SQUARE.reshape(12, -1)[:, n].tolist() for n in range(64)}
    found = look(File.of("t", parquet({"label": NAMES, **columns})))
    assert content(prepared(found)) == expected(SQUARE[:, None], NAMES)
