"""Each format comes back as the pixels and labels that were put into it."""

import io
import zipfile
from pathlib import Path

import numpy as np
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
