"""A data set with classes left out keeps the cuts of the whole, and is named after the labels."""

import numpy as np
import pytest

from vae import data
from vae.data.without import only, without
from vae.errors import UserError


def test_it_opens_by_its_name_with_the_splits_of_the_whole_set() -> None:
    whole, part = data.load("digits"), data.load("digits-without-3-7")
    for name in data.SPLITS:
        kept = np.isin(whole.split(name).labels, (3, 7), invert=True)
        np.testing.assert_array_equal(part.split(name).images, whole.split(name).images[kept])
        np.testing.assert_array_equal(part.split(name).labels, whole.split(name).labels[kept])
    source = data.find("digits-without-3-7")
    assert source.counts == {name: len(part.split(name)) for name in data.SPLITS}
    assert part.class_names == whole.class_names and source.title == "Digits 8x8 without 3, 7"


def test_only_and_without_part_a_set() -> None:
    whole = data.load("digits")
    parts = [cut(whole, (3,)).test for cut in (only, without)]
    assert set(parts[0].labels) == {3} and 3 not in parts[1].labels
    assert sum(map(len, parts)) == len(whole.test)


def test_it_is_known_by_its_name_like_any_other() -> None:
    assert data.is_known("mnist-without-3")
    assert data.name_of({"name": "mnist-without-3"}) == "mnist-without-3"
    assert not data.is_known("nothing-without-3") and not data.is_known("mnist-without-")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("digits-without-12", "labels from 0 to 9, so that 12 cannot be left out"),
        ("digits-without-0-1-2-3-4-5-6-7-8-9", "without all of its classes"),
        ("unheard-without-3", "unknown data set 'unheard-without-3'"),
    ],
)
def test_what_cannot_be_left_out_is_refused(name: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        data.find(name)
