"""The spread of a number over members."""

import pytest

from vae.measures.retraining.spread import spread


def test_a_spread_has_the_moments_of_the_members_that_have_the_number():
    found = spread([1.0, None, 3.0, 5.0])
    assert found is not None
    assert (found.count, found.least, found.greatest) == (3, 1.0, 5.0)
    assert (found.mean, found.std) == pytest.approx((3.0, 2.0))
    assert found.stderr == pytest.approx(2.0 / 3**0.5)


def test_one_member_has_no_deviation():
    found = spread([7.0])
    assert found is not None
    assert (found.mean, found.std, found.stderr) == (7.0, None, None)


def test_a_number_that_no_member_has_is_none():
    assert spread([None, None]) is None
