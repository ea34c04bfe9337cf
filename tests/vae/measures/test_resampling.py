"""Errors of numbers that are no mean over images: against known ones, and how often they hold."""

import math

import numpy as np
import pytest
from scipy import stats

from tests.vae.measures.test_registry import hasty_classifier as hasty_classifier
from tests.vae.measures.test_registry import subject_of, tiny
from vae.measures.attributes import attribute_table, tables_left_out
from vae.measures.comparison import Entry, compared
from vae.measures.comparison.difference import COMBINED
from vae.measures.disentanglement import Codes, judged_by_trees
from vae.measures.frechet import frechet_distance, frechet_left_out
from vae.measures.registry import MEASURES, Estimate, Measured, Quantity
from vae.measures.registry.active_units import counted_by_halves
from vae.measures.resampling import Halved, LeftOut, groups, halves, rows_without

TRIALS, IMAGES = 400, 200
DEFINED = [name for name, cls in MEASURES.items() if not cls.is_slow or name == "frechet"]


def left_out(values: np.ndarray, statistic) -> LeftOut:
    found = [statistic(values[rows]) for rows in rows_without(groups(len(values)))]
    return LeftOut(np.array(found))


def test_the_jackknife_of_a_mean_is_the_plain_standard_error():
    values = np.random.default_rng(0).gamma(2.0, 3.0, 40)
    plain = values.std(ddof=1) / math.sqrt(40)
    assert left_out(values, np.mean).stderr == pytest.approx(plain)


def test_with_groups_it_is_the_standard_error_of_their_means():
    values = np.random.default_rng(1).gamma(2.0, 3.0, 600)
    means = [values[groups(600) == one].mean() for one in range(50)]
    assert left_out(values, np.mean).stderr == pytest.approx(stats.sem(means))


@pytest.mark.parametrize("count", [2, 49, 50, 51, 101, 10_000])
def test_groups_are_as_large_as_one_another_and_no_more_than_fifty(count):
    sizes = np.bincount(groups(count))
    assert len(sizes) <= 50 and sizes.sum() == count
    assert sizes.max() - sizes.min() <= 1


def test_an_interval_of_a_jackknife_holds_the_truth_in_nineteen_cases_of_twenty():
    rng, held = np.random.default_rng(2), 0
    reach = stats.t.ppf(0.975, 49)
    for values in rng.standard_normal((TRIALS, IMAGES)):
        again = left_out(values, lambda some: math.log(some.std()))
        held += abs(math.log(values.std())) < reach * again.stderr
    # three standard errors of a binomial share
    assert held / TRIALS == pytest.approx(0.95, abs=3 * math.sqrt(0.05 * 0.95 / TRIALS))


def test_halves_tell_the_plain_standard_error_of_a_mean():
    values = np.random.default_rng(3).gamma(2.0, 3.0, 300)
    again = Halved(np.array([values[rows].mean() for rows in halves(300)]))
    # a standard deviation of 200 values is known to 1 / √400; three times that
    assert again.stderr == pytest.approx(stats.sem(values), rel=3 / math.sqrt(400))


def test_an_interval_of_halves_holds_the_truth_of_a_median():
    rng, held = np.random.default_rng(9), 0
    rows, reach = np.stack(list(halves(IMAGES))), stats.t.ppf(0.975, 199)
    for values in rng.standard_normal((TRIALS, IMAGES)):
        again = Halved(np.median(values[rows], axis=1))
        held += abs(np.median(values)) < reach * again.stderr
    # three standard errors of a binomial share
    assert held / TRIALS == pytest.approx(0.95, abs=3 * math.sqrt(0.05 * 0.95 / TRIALS))


def test_halves_are_different_and_the_same_for_every_model():
    first, second = (np.stack(list(halves(31))) for _ in range(2))
    assert first.shape == (200, 15) and np.array_equal(first, second)
    assert all(len(set(rows)) == 15 for rows in first.tolist())
    assert len(np.unique(first, axis=0)) == 200
    assert not list(halves(3))


def test_choices_of_other_kinds_or_numbers_have_no_difference():
    assert LeftOut(np.ones(3)).minus(Halved(np.ones(3))) is None
    assert LeftOut(np.ones(3)).minus(LeftOut(np.ones(4))) is None
    assert LeftOut(np.ones(1)).stderr is None


def test_the_error_of_a_frechet_distance_is_its_spread_over_other_images():
    rng, width = np.random.default_rng(4), 4
    found, told = [], []
    for _ in range(150):
        a, b = rng.standard_normal((2, IMAGES, width))
        pair = (1.5 * a + 0.5, b)
        found.append(frechet_distance(*pair))
        told.append(frechet_left_out(*pair, groups(IMAGES)).stderr)
    # a standard deviation of 150 values is known to 1 / √300; three times that
    assert np.mean(told) == pytest.approx(np.std(found), rel=3 / math.sqrt(300))


def test_a_frechet_distance_without_a_group_is_that_of_the_other_images():
    a, b = np.random.default_rng(5).standard_normal((2, 60, 3)) + 5.0
    group = groups(60)
    expected = [frechet_distance(a[rows], b[rows]) for rows in rows_without(group)]
    assert frechet_left_out(a, b, group).values == pytest.approx(expected)


def test_what_is_told_without_a_group_is_what_the_other_images_tell():
    rng = np.random.default_rng(6)
    # few values, so that no group holds an outermost one alone and the bins stay where they are
    loc = rng.integers(0, 4, (120, 3)).astype(float)
    factors, scale, group = rng.integers(0, 3, (120, 2)), np.full((120, 3), 0.1), groups(120)
    found = tables_left_out(loc, scale, factors, ("a", "b"), group)
    for rows, table in zip(rows_without(group), found, strict=True):
        expected = attribute_table(loc[rows], scale[rows], factors[rows], ("a", "b"))
        assert table.plain_share == pytest.approx(expected.plain_share)
        assert table.entropy == pytest.approx(expected.entropy)


def test_trees_without_a_group_neither_judge_it_nor_deal_its_values():
    rng = np.random.default_rng(7)
    factors = rng.integers(0, 4, (200, 2)).astype(float)
    codes = Codes(factors + 0.3 * rng.standard_normal((200, 2)), factors)
    group = groups(200)
    told = judged_by_trees(codes, codes, group)
    # every image is judged three times in each dimension, by a value of some image
    assert (told.deals.sum((-1, -2)) == 3 * 200).all()
    assert told.dealt.sum((-1, -2)) / 3 == pytest.approx(told.grown.sum(-1))
    found = told.left_out()
    expected = 1 - told.error[:, group != 0].mean(1) / told.truth[:, group != 0].var(1)
    assert found[0].informativeness == pytest.approx(expected.mean())
    numbers = np.array([one.importance for one in found])
    # the mean of what is left is the whole, but for what groups deal themselves
    assert numbers.mean(0) == pytest.approx(told.score().importance, rel=0.02)


def test_a_unit_at_the_threshold_is_uncertain_and_others_are_not():
    noise = np.random.default_rng(8).standard_normal((400, 3))
    loc = (noise - noise.mean(0)) / noise.std(0)
    assert counted_by_halves(loc * [1.0, 0.5, 0.001]).stderr == 0
    # in half of the halves it is on, and √(1/2 · 1/2) changes little nearby
    assert counted_by_halves(loc * [1.0, 0.1, 0.001]).stderr == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("name", DEFINED)
def test_every_number_has_an_error_and_a_model_does_not_differ_from_itself(name):
    measure = MEASURES[name]()
    found = measure(subject_of(tiny()))
    for quantity in measure.quantities:
        estimate = found.estimates[quantity.name]
        if estimate.value is None:
            continue
        assert estimate.stderr is not None
        row = compared(quantity, [Entry("a", found), Entry("b", found)])
        value, error, p, test = row.pairs[0].difference
        assert (value, p) == (0.0, 1.0)
        assert test == COMBINED or error == 0


def test_what_images_have_in_common_does_not_hide_a_difference():
    rng, quantity = np.random.default_rng(10), Quantity("q", "Spread", "units")
    hard = rng.gamma(2.0, 3.0, 600)

    def entry(name: str, values: np.ndarray) -> Entry:
        again = left_out(values, np.std)
        measured = Measured(
            {"q": Estimate(float(values.std()), again.stderr)}, 600, resampled={"q": again}
        )
        return Entry(name, measured)

    one, other = entry("a", hard), entry("b", 1.02 * hard + 0.1 * rng.standard_normal(600))
    row = compared(quantity, [one, other])
    assert row.pairs[0].significant and row.test == LeftOut.test
    apart = row.pairs[0].difference
    assert apart.stderr < 0.2 * one.measured.estimates["q"].stderr
    assert apart.value == pytest.approx(
        one.measured.estimates["q"].value - other.measured.estimates["q"].value
    )
