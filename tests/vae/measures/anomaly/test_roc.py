"""The area under a curve is Mann and Whitney's statistic, and its interval covers."""

import numpy as np
import pytest
from scipy.stats import mannwhitneyu, norm
from sklearn.metrics import roc_auc_score, roc_curve

from vae.errors import UserError
from vae.measures.anomaly import roc

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("digits", [9, 0])
def test_the_area_is_mann_and_whitneys_share_of_pairs_with_ties_too(digits: int) -> None:
    normal = RNG.normal(size=60).round(digits)
    foreign = RNG.normal(1, 1, 40).round(digits)
    statistic = mannwhitneyu(foreign, normal).statistic
    assert roc(normal, foreign).auc == pytest.approx(statistic / (60 * 40))


@pytest.mark.parametrize("digits", [9, 0])
def test_the_curve_is_scikit_learns_and_the_area_lies_under_it(digits: int) -> None:
    normal, foreign = RNG.normal(size=60).round(digits), RNG.normal(1, 1, 40).round(digits)
    found = roc(normal, foreign)
    truth, scores = np.repeat([0, 1], [60, 40]), np.concatenate([normal, foreign])
    false_alarms, hits, _ = roc_curve(truth, scores, drop_intermediate=False)
    corners = zip(found.false_alarms.round(9), found.found.round(9), strict=True)
    assert set(corners) <= set(zip(false_alarms.round(9), hits.round(9), strict=True))
    assert found.auc == pytest.approx(roc_auc_score(truth, scores))
    assert np.trapezoid(found.found, found.false_alarms) == pytest.approx(found.auc)
    ends = (found.false_alarms[0], found.found[0], found.false_alarms[-1], found.found[-1])
    assert ends == (0, 0, 1, 1)


def test_a_long_curve_is_thinned_without_moving() -> None:
    normal, foreign = RNG.normal(size=3000), RNG.normal(1, 1, 3000)
    found = roc(normal, foreign, resamples=10)
    assert len(found.found) <= 512
    assert np.trapezoid(found.found, found.false_alarms) == pytest.approx(found.auc, abs=1e-3)


def test_the_interval_holds_the_true_area_in_about_95_of_100_samples() -> None:
    rng, true = np.random.default_rng(3), norm.cdf(1 / np.sqrt(2))
    found = [roc(rng.normal(size=80), rng.normal(1, 1, 80), n, 300) for n in range(400)]
    covered = np.mean([one.low <= true <= one.high for one in found])
    # percentiles of a bootstrap fall a little short at this size
    assert 0.91 <= covered <= 0.98


def test_a_perfect_score_is_not_certain_to_be_perfect() -> None:
    found = roc(np.arange(50.0), 100 + np.arange(20.0))
    # none of 20 on the wrong side: Clopper and Pearson's upper end
    assert (found.auc, found.high) == (1, 1)
    assert found.low == pytest.approx(1 - (1 - 0.025 ** (1 / 20)))
    assert roc(100 + np.arange(20.0), np.arange(50.0)).high > 0


def test_scores_that_are_all_alike_tell_nothing() -> None:
    found = roc(np.ones(30), np.ones(20))
    assert (found.auc, found.low, found.high) == (0.5, 0.5, 0.5)


def test_images_of_one_kind_alone_are_refused() -> None:
    with pytest.raises(UserError, match="no foreign images"):
        roc(np.ones(3), np.zeros(0))
    with pytest.raises(UserError, match="no normal images"):
        roc(np.zeros(0), np.ones(3))
    with pytest.raises(UserError, match="no finite numbers"):
        roc(np.array([np.inf]), np.ones(3))
