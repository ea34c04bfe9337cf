"""What a trained model's map keeps of the images it encodes."""

import numpy as np
import pytest

from vae.runs.packaging import MOST_EXACT, rounded_means


def means(z_dim: int, largest: float = 3.0) -> np.ndarray:
    values = np.random.default_rng(0).uniform(-largest, largest, (50, z_dim))
    return values.astype(np.float32)


def test_means_of_many_dimensions_are_half_precision_within_its_rounding():
    exact = means(MOST_EXACT + 1)
    rounded = rounded_means(exact)
    np.testing.assert_array_equal(rounded, rounded.astype(np.float16))
    # 11 significant bits, rounded to the nearest
    np.testing.assert_allclose(rounded, exact, rtol=2**-11, atol=2**-25)
    assert rounded.dtype == np.float32


@pytest.mark.parametrize(
    "exact",
    [means(MOST_EXACT), means(20, largest=1e5), np.zeros((0, 20), np.float32)],
    ids=["few dimensions", "out of range", "no images"],
)
def test_other_means_stay_as_they_are(exact):
    np.testing.assert_array_equal(rounded_means(exact), exact)
