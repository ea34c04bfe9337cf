"""A threshold lets through what it says: its rate, its interval, and what cannot be told."""

import numpy as np
import pytest
from scipy.stats import norm

from vae.errors import UserError
from vae.measures.anomaly import found_at, share_of, threshold


def rates(count: int, rate: float, times: int) -> tuple[np.ndarray, np.ndarray]:
    """True rates of false alarms of many thresholds, and whether each lies in its interval."""
    rng, true, covered = np.random.default_rng(0), [], []
    for _ in range(times):
        found = threshold(rng.standard_normal(count), rate)
        true.append(norm.sf(found.value))
        covered.append(found.low <= true[-1] <= found.high)
    return np.array(true), np.array(covered)


def test_new_normal_images_are_called_strange_as_often_as_asked_for_in_the_mean() -> None:
    true, _ = rates(199, 0.05, 2000)
    # (n + 1 − k) / (n + 1) = 10 / 200, and the error of a mean of 2000 with σ = 0.0154
    assert true.mean() == pytest.approx(0.05, abs=4 * 0.0154 / np.sqrt(2000))


def test_the_interval_holds_the_true_rate_in_95_of_100_thresholds() -> None:
    _, covered = rates(300, 0.1, 2000)
    assert covered.mean() == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 2000))


def test_the_rate_of_the_images_it_was_set_by_is_at_most_the_one_asked_for() -> None:
    scores = np.random.default_rng(1).permutation(1000).astype(float)
    found = threshold(scores, 0.01)
    assert found.value == 990.0  # the 991st smallest of 1000: ten of 1001 places lie above
    assert found_at(found, scores).value <= 0.01
    assert found.low < 0.01 < found.high


def test_too_few_images_for_a_rate_are_refused_with_how_many_it_takes() -> None:
    with pytest.raises(UserError, match=r"98 normal images are too few .* take 99 or more"):
        threshold(np.arange(98.0), 0.01)
    assert threshold(np.arange(99.0), 0.01).value == 98.0
    with pytest.raises(UserError, match="take 99 or more"):
        threshold(np.zeros(1), 0.01)


@pytest.mark.parametrize("rate", [0, 1, -0.1, np.nan])
def test_a_rate_that_is_no_share_is_refused(rate: float) -> None:
    with pytest.raises(UserError, match="between 0 and 1"):
        threshold(np.arange(100.0), rate)


def test_scores_that_are_no_numbers_and_no_images_are_refused() -> None:
    with pytest.raises(UserError, match="no finite numbers"):
        threshold(np.array([1.0, np.nan] * 100), 0.1)
    with pytest.raises(UserError, match="at least one"):
        threshold(np.zeros(0), 0.1)


def test_images_that_all_score_alike_are_never_above_their_own_threshold() -> None:
    assert found_at(threshold(np.ones(100), 0.05), np.ones(7)).value == 0


def test_the_exact_interval_of_a_share_is_that_of_the_tables() -> None:
    # Clopper and Pearson for 3 of 10, as binom.test of R tells it
    found = share_of(np.arange(10) < 3)
    assert (found.low, found.high) == pytest.approx((0.06673951, 0.65245285), abs=1e-7)
    assert share_of(np.zeros(20, bool)).low == 0 and share_of(np.ones(20, bool)).high == 1


def test_the_interval_of_a_share_covers_at_least_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    for true in (0.01, 0.3):
        found = [share_of(rng.random(60) < true) for _ in range(1000)]
        assert np.mean([one.low <= true <= one.high for one in found]) >= 0.95 - 0.01
