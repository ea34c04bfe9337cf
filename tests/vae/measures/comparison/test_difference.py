"""Tests of differences: against known values, and how often they are wrong and right."""

import math

import numpy as np
import pytest
from scipy import stats

from vae.measures.comparison.difference import COMBINED, NO_TEST, PAIRED, combined, holm, paired

TRIALS, IMAGES = 2_000, 200


def skewed(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Differences of nats per image are skewed: some images are much harder than others."""
    return rng.gamma(1.5, 20.0, shape) - 30.0


def share_significant(shift: float) -> float:
    """Test models whose values share what is hard about an image and differ by noise."""
    rng = np.random.default_rng(0)
    hard = 100 * rng.standard_normal((TRIALS, IMAGES))
    noise = skewed(rng, 2, TRIALS, IMAGES)
    a, b = hard + noise[0] + shift, hard + noise[1]
    return float(np.mean([paired(*values).p < 0.05 for values in zip(a, b, strict=True)]))


def test_the_paired_test_is_students():
    rng = np.random.default_rng(0)
    a, b = rng.normal(1.0, 2.0, 30), rng.normal(0.0, 1.0, 30)
    found, known = paired(a, b), stats.ttest_rel(a, b)
    assert found.p == pytest.approx(known.pvalue)
    assert found.value / found.stderr == pytest.approx(known.statistic)
    assert found.test == PAIRED


def test_equal_models_are_found_to_differ_in_one_case_of_twenty():
    # a binomial share of 2,000 trials has a standard error of 0.005; three of them
    assert share_significant(0.0) == pytest.approx(0.05, abs=3 * math.sqrt(0.05 * 0.95 / TRIALS))


def test_a_shift_of_three_standard_errors_is_found_as_often_as_theory_says():
    # sd of a gamma(1.5, 20) is 24.5, of the difference of two √2 times that
    error = math.sqrt(2 * 1.5) * 20 / math.sqrt(IMAGES)
    power = 1 - stats.norm.cdf(1.96 - 3)
    # t against normal, and skewness: a hundredth; three binomial errors are 0.024
    assert share_significant(3 * error) == pytest.approx(power, abs=0.034)


def test_a_model_does_not_differ_from_itself():
    values = np.random.default_rng(0).standard_normal(50)
    assert paired(values, values)[:3] == (0.0, 0.0, 1.0)


def test_a_copy_that_is_shifted_by_a_constant_differs_with_the_sign_of_the_shift():
    values = np.arange(50.0)
    assert paired(values - 0.5, values)[:3] == (-0.5, 0.0, 0.0)
    assert paired(values + 0.5, values)[:3] == (0.5, 0.0, 0.0)


def test_one_image_is_not_tested():
    assert paired(np.ones(1), np.zeros(1)) == (1.0, None, None, NO_TEST)


def test_errors_combine_as_the_root_of_squares():
    found = combined(10.0, 4.0, 3.0, 4.0)
    assert found[:2] == (6.0, 5.0) and found.test == COMBINED
    assert found.p == pytest.approx(2 * stats.norm.sf(1.2))


def test_without_a_standard_error_there_is_no_test():
    assert combined(2.0, 1.0, None, 0.1) == (1.0, None, None, NO_TEST)


def test_holm_multiplies_the_smallest_p_by_the_number_of_comparisons():
    # by hand: 0.01·3, then 0.02·2 = 0.04, then 0.03·1 raised to 0.04
    assert holm([0.03, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.6, 0.9]) == [1.0, 1.0] and holm([]) == []


def test_with_holm_any_of_several_true_nulls_is_rejected_in_one_case_of_twenty_at_most():
    p = np.random.default_rng(0).random((TRIALS, 6))
    wrong = np.mean([min(holm(row.tolist())) < 0.05 for row in p])
    # as above
    assert wrong < 0.05 + 3 * math.sqrt(0.05 * 0.95 / TRIALS)
