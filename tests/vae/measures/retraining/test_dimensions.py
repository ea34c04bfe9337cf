"""Advice on the number of dimensions, on curves that were made up."""

import numpy as np
import pytest

from vae.measures.retraining.dimensions import Tried, advise, gap, grown_at

IMAGES = 400
ABOVE = np.random.default_rng(9).normal(100, 20, IMAGES)
"""How hard each image is, the same for every model: pairing takes it out."""


def tried(z_dim: int, above: float, active: float | None = None, members: int = 1, apart=0.0):
    """Models whose NLL lies ``above`` 100 nats, paired noise of 2 nats an image aside."""
    rng = np.random.default_rng(z_dim)
    noise = rng.normal(0, 2, (members, IMAGES))
    noise -= noise.mean(axis=1, keepdims=True)
    seeds = apart * np.linspace(-1, 1, members)[:, None] if members > 1 else 0.0
    return Tried(z_dim, ABOVE + above + noise + seeds, active)


def test_the_smallest_number_within_two_errors_of_the_best_is_advised():
    found = advise([tried(2, 30), tried(8, 0.1), tried(16, 0), tried(32, 0.4)])
    assert found.z_dim == 8
    assert not found.goes_on
    assert found.sentence.startswith("Take 8 dimensions: 16 is better by 0.1 ± 0.1 nats per image")


def test_the_order_in_which_they_were_tried_does_not_matter():
    found = advise([tried(32, 0.4), tried(8, 0.1), tried(2, 30), tried(16, 0)])
    assert found.z_dim == 8


def test_the_error_is_paired_over_images():
    worse, best = tried(2, 1.0), tried(4, 0)
    found = gap(worse, best)
    # images differ by 20 nats: unpaired the error would be √2 · 20 / √400 = 1.4
    assert found.stderr == pytest.approx(2 * np.sqrt(2 / IMAGES), rel=0.1)
    assert found.value == pytest.approx(1.0)
    assert found.is_clear
    assert advise([worse, best]).z_dim == 4


def test_seeds_that_differ_more_than_the_numbers_do_make_them_alike():
    apart = advise([tried(2, 1.0, members=3, apart=0.05), tried(4, 0, members=3, apart=0.05)])
    alike = advise([tried(2, 1.0, members=3, apart=3), tried(4, 0, members=3, apart=3)])
    assert (apart.z_dim, alike.z_dim) == (4, 2)


def test_the_error_over_seeds_is_added_to_that_over_images():
    one, other = tried(2, 0, members=3, apart=3), tried(4, 0, members=3, apart=3)
    # means of −3, 0, 3: a standard deviation of 3
    seeds = 2 * 3.0**2 / 3
    images = np.square(2) * 2 / 3 / IMAGES
    assert gap(one, other).stderr == pytest.approx(np.sqrt(seeds + images), rel=0.01)


def test_a_largest_number_that_is_clearly_better_says_go_on():
    found = advise([tried(2, 30), tried(4, 10), tried(8, 0)])
    assert found.goes_on
    assert found.z_dim == 8
    assert found.sentence.startswith(
        "Go on with more than 8 dimensions: 8 is still better than 4 by 10.0 ± 0.1 nats per image"
    )


def test_numbers_that_are_all_alike_say_take_the_fewest():
    found = advise([tried(4, 0.05), tried(8, 0), tried(16, 0.05)])
    assert found.z_dim == 4
    assert "the fewest tried" in found.sentence
    assert "fewer may do too" in found.sentence


def test_a_single_dimension_cannot_be_undercut():
    assert "fewer" not in advise([tried(1, 0), tried(2, 1)]).sentence.replace("fewest", "")


def test_one_number_alone_is_not_enough_evidence():
    found = advise([tried(2, 0), Tried(4, np.zeros((0, 0)))])
    assert found.z_dim is None
    assert found.sentence.startswith("There is not enough evidence")


def test_a_few_images_are_not_enough_evidence():
    few = [Tried(one.z_dim, one.nll[:, :20]) for one in (tried(2, 1), tried(4, 0))]
    found = advise(few)
    assert found.z_dim is None
    assert "20 images" in found.sentence


def test_more_dimensions_that_do_worse_are_said_to_need_longer_training():
    worse = advise([tried(2, 5), tried(4, 0), tried(8, 3)])
    assert "8 is worse than 4 by 3.0 ± 0.1 nats per image, which longer training" in worse.sentence
    assert "longer training" not in advise([tried(2, 5), tried(4, 0), tried(8, 0)]).sentence


def test_one_seed_each_is_said():
    assert "with one seed each" in advise([tried(2, 9), tried(4, 0)]).sentence
    several = advise([tried(2, 9, members=2), tried(4, 0, members=2)])
    assert "seed" not in several.sentence


def test_fewer_dimensions_that_were_not_tried_are_told():
    found = advise([tried(2, 9), tried(8, 0), tried(9, 1)])
    assert "nothing between 2 and 8 was tried" in found.sentence
    assert "nothing between" not in advise([tried(7, 9), tried(8, 0), tried(9, 1)]).sentence
    # where the largest is the best, the next ones to try are above it
    assert "nothing between" not in advise([tried(2, 9), tried(8, 0)]).sentence


def test_active_units_that_stop_growing_are_told():
    curve = [tried(2, 30, 2), tried(8, 3, 8), tried(16, 0, 11), tried(32, 0.5, 11.3)]
    assert grown_at(curve) == 16
    assert "stop growing at 16 dimensions, of which 11 are active" in advise(curve).sentence


def test_active_units_that_still_grow_are_not_told():
    assert grown_at([tried(2, 3, 2), tried(4, 0, 4)]) is None
    assert "active units" not in advise([tried(2, 3, 2), tried(4, 0, 4)]).sentence
