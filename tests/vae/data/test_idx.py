"""IDX files: what is written is read, and nothing bad is taken for good."""

import gzip
import tracemalloc

import numpy as np
import pytest

from vae.data import idx
from vae.errors import UserError

IMAGES = np.random.default_rng(0).integers(0, 256, (20, 5, 4), dtype=np.uint8)
LABELS = np.arange(20, dtype=np.uint8) % 3
SHAPE = (1, 5, 4)


@pytest.fixture
def images(tmp_path):
    idx.write(tmp_path / "images", IMAGES)
    return tmp_path / "images"


@pytest.fixture
def labels(tmp_path):
    idx.write(tmp_path / "labels", LABELS)
    return tmp_path / "labels"


def claim(*shape: int) -> bytes:
    """Header of a file of images."""
    return np.array([0x0803, *shape], ">u4").tobytes()


def refuse(path, *words: str) -> None:
    """Expect one sentence that names the file, the words and a remedy."""
    with pytest.raises(UserError) as error:
        idx.read_images(path)
    sentence = str(error.value)
    assert "\n" not in sentence
    assert all(word in sentence for word in (str(path), "put the original file there", *words))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_what_is_written_is_read(images, labels, pack):
    for path in (images, labels):
        path.write_bytes(pack(path.read_bytes()))
    split = idx.read_split(images, labels, SHAPE, 3)
    assert np.array_equal(split.images, IMAGES[:, None])
    assert np.array_equal(split.labels, LABELS)


def test_two_gzip_members_read_as_one_file(images):
    content = images.read_bytes()
    images.write_bytes(gzip.compress(content[:100]) + gzip.compress(content[100:]))
    assert np.array_equal(idx.read_images(images), IMAGES[:, None])


def test_the_header_is_big_endian_as_in_the_published_format(labels):
    assert labels.read_bytes()[:8] == bytes([0, 0, 8, 1, 0, 0, 0, 20])


def test_another_kind_of_file_is_refused(images):
    images.write_bytes(b"<html>not found</html>")
    refuse(images, "is not an IDX file of images", "0x3c68746d")


def test_an_empty_file_is_refused(images):
    images.write_bytes(b"")
    refuse(images, "is not an IDX file of images")


def test_images_and_labels_swapped_are_told_as_such(images, labels):
    refuse(labels, "holds labels where images belong", "swapped")
    with pytest.raises(UserError, match="holds images where labels belong"):
        idx.read_labels(images)


def test_a_file_that_ends_early_is_refused(images):
    images.write_bytes(images.read_bytes()[:-1])
    refuse(images, "should hold 400 bytes by its header but holds only 399")


def test_a_file_that_ends_within_its_header_is_refused(images):
    images.write_bytes(images.read_bytes()[:10])
    refuse(images, "ends within its header")


def test_a_file_that_goes_on_is_refused(images):
    images.write_bytes(images.read_bytes() + b"\0")
    refuse(images, "should hold 400 bytes by its header but holds more")


@pytest.mark.parametrize("keep", [2, 12, -20, -1])
def test_a_truncated_gzip_file_is_refused(images, keep):
    images.write_bytes(gzip.compress(images.read_bytes())[:keep])
    refuse(images, "is truncated or damaged")


def test_a_damaged_gzip_file_is_refused(images):
    packed = bytearray(gzip.compress(images.read_bytes()))
    packed[len(packed) // 2] ^= 0xFF
    images.write_bytes(packed)
    refuse(images, "is truncated or damaged")


@pytest.mark.parametrize("shape", [(0, 5, 4), (3, 0, 4), (2**32 - 1,) * 3, (2**31, 2**16, 2**16)])
def test_an_impossible_size_is_refused(images, shape):
    images.write_bytes(claim(*shape))
    refuse(images, "claims the size")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(claim(2**20, 32, 32) + b"tiny", id="claims a gibibyte, holds little"),
        pytest.param(
            gzip.compress(claim(1, 5, 4) + bytes(2**27)), id="claims little, unpacks a lot"
        ),
    ],
)
def test_memory_follows_neither_the_claim_nor_the_bomb(images, content):
    images.write_bytes(content)
    tracemalloc.start()
    refuse(images, "by its header")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # One chunk of a mebibyte and the buffers around it; the claims are over a hundred times that.
    assert peak < 4 * 2**20


def test_images_of_another_size_are_refused(images, labels):
    with pytest.raises(UserError, match="holds images of 5x4 pixels, not 28x28"):
        idx.read_split(images, labels, (1, 28, 28), 3)


def test_images_and_labels_that_differ_in_number_are_refused(images, labels):
    idx.write(labels, LABELS[:7])
    with pytest.raises(UserError, match="images holds 20 images but .*labels holds 7 labels"):
        idx.read_split(images, labels, SHAPE, 3)


def test_a_label_without_a_class_is_refused(images, labels):
    with pytest.raises(UserError, match="holds the label 2, but labels run from 0 to 1"):
        idx.read_split(images, labels, SHAPE, 2)


def test_a_folder_in_the_files_place_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        idx.read_images(tmp_path)
