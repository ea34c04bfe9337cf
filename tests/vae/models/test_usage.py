"""Which dimensions count as used: those whose means differ between images."""

import numpy as np

from vae.models.usage import is_collapsed, used_dimensions, variances


def test_a_dimension_is_used_where_its_means_vary_by_more_than_a_hundredth() -> None:
    means = np.random.default_rng(0).normal(size=(5000, 3)) * np.sqrt([0.009, 0.011, 4.0])
    assert used_dimensions(means + [100, 0, -3]).tolist() == [False, True, True]


def test_codes_far_from_the_prior_that_are_all_the_same_have_collapsed() -> None:
    # one code for all images: a large KL to the prior, and not a bit about any image
    assert is_collapsed(np.full((100, 2), 3.6, np.float32))
    assert not is_collapsed(np.random.default_rng(0).normal(size=(100, 2)))


def test_without_images_nothing_is_used() -> None:
    assert variances(np.zeros((0, 3))).tolist() == [0, 0, 0]
    assert is_collapsed(np.zeros((0, 3)))
