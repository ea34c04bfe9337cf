"""The mutual information gap on codes whose gap is known."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from vae.errors import UserError
from vae.measures.disentanglement import entropy, information, mutual_information_gap

NAMES = ("shape", "size")


@pytest.fixture
def factors() -> np.ndarray:
    """All combinations of 3 and 8 levels, 100 times each."""
    grid = np.stack(np.meshgrid(np.arange(3.0), np.arange(8.0)), -1).reshape(-1, 2)
    return np.tile(grid, (100, 1))


def narrow(loc: np.ndarray) -> np.ndarray:
    return np.full_like(loc, 1e-3)


def test_a_code_that_is_the_factors_has_a_gap_of_1(factors):
    found = mutual_information_gap(factors, narrow(factors), factors, NAMES)
    assert found.mig == pytest.approx(1, abs=1e-9)
    assert found.information == pytest.approx(np.eye(2), abs=1e-9)


def test_points_are_codes_too_and_their_order_and_scale_do_not_matter(factors):
    loc = np.stack([-7 * factors[:, 1], 0.1 * factors[:, 0]], 1)
    found = mutual_information_gap(loc, np.zeros_like(loc), factors, NAMES)
    assert found.mig == pytest.approx(1, abs=1e-9)


def test_noise_has_no_gap(factors):
    rng = np.random.default_rng(0)
    loc = rng.standard_normal((len(factors), 4))
    found = mutual_information_gap(loc, np.full_like(loc, 0.3), factors, NAMES)
    assert 0 <= found.mig < 0.01
    assert found.information.max() < 0.05


def test_two_dimensions_that_tell_the_same_leave_no_gap(factors):
    loc = np.concatenate([factors, factors], 1)
    found = mutual_information_gap(loc, narrow(loc), factors, NAMES)
    assert found.mig == pytest.approx(0, abs=1e-9)


def test_a_code_that_tells_one_of_two_factors_has_half_the_gap(factors):
    unused = np.zeros(len(factors))
    loc = np.stack([factors[:, 1], unused], 1)
    found = mutual_information_gap(loc, np.stack([unused + 1e-3, unused + 1], 1), factors, NAMES)
    assert found.gaps == pytest.approx({"shape": 0, "size": 1}, abs=1e-9)
    assert found.mig == pytest.approx(0.5)


def test_the_information_of_overlapping_posteriors_is_that_of_the_integral():
    level = np.arange(1000) % 2
    loc, width = np.where(level, 1.0, -1.0)[:, None], 0.8
    found = information(loc, np.full_like(loc, width), level, bins=400)

    def log_ratio(z: float) -> float:
        ends = norm.pdf(z, 1, width), norm.pdf(z, -1, width)
        return ends[0] * math.log(2 * ends[0] / (ends[0] + ends[1]))

    expected = quad(log_ratio, -6, 8)[0]
    # bins of a hundredth of the range, beyond three σ nothing is told apart
    assert found[0] == pytest.approx(expected, abs=2e-4)


def test_the_entropy_of_equal_weights_is_the_log_of_their_number():
    assert entropy(np.full(7, 3.0)) == pytest.approx(math.log(7))


def test_a_factor_that_does_not_vary_is_left_out(factors):
    held = factors * [1, 0]
    found = mutual_information_gap(factors, narrow(factors), held, NAMES)
    assert list(found.gaps) == ["shape"]
    with pytest.raises(UserError, match="none of the factors varies"):
        mutual_information_gap(factors, narrow(factors), factors * 0, NAMES)


def test_a_code_of_one_dimension_has_no_gap(factors):
    with pytest.raises(UserError, match="needs two of them"):
        mutual_information_gap(factors[:, :1], factors[:, :1], factors, NAMES)
