"""What simple readers find of the classes in a code."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from vae.errors import UserError
from vae.measures.probe import accuracy_of, neighbour_accuracy, probe_accuracy


def two_normals(count: int, apart: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes of two classes, normal about ±apart/2 in the first of three dimensions."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, count)
    code = rng.standard_normal((count, 3))
    code[:, 0] += apart * (label - 0.5)
    # neither the place nor the size of a dimension matters
    return code * [1, 100, 0.01] + [5, 0, -3], label


def test_a_linear_probe_reaches_the_best_that_there_is_for_two_normals():
    found = probe_accuracy(*two_normals(4000, 2.0, 0), *two_normals(4000, 2.0, 1))
    best = norm.cdf(1.0)
    assert found.stderr == pytest.approx(math.sqrt(best * (1 - best) / 4000), rel=0.1)
    assert found.value == pytest.approx(best, abs=3 * found.stderr)


def test_a_linear_probe_of_noise_is_right_by_chance():
    found = probe_accuracy(*two_normals(2000, 0.0, 0), *two_normals(2000, 0.0, 1))
    assert found.value == pytest.approx(0.5, abs=3 * found.stderr)


def test_neighbours_find_a_ring_where_a_linear_probe_finds_nothing():
    rng = np.random.default_rng(0)
    label = rng.integers(0, 2, 1000)
    angle = rng.uniform(0, 2 * np.pi, 1000)
    code = (1 + 2 * label)[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    halves = code[:500], label[:500], code[500:], label[500:]
    assert neighbour_accuracy(*halves).value == 1
    assert probe_accuracy(*halves).value < 0.65


def test_a_dimension_that_never_varies_does_no_harm():
    code, label = two_normals(500, 8.0, 0)
    code[:, 1] = 7
    assert probe_accuracy(code, label, code, label).value > 0.99


def test_the_standard_error_is_that_of_a_share():
    found = accuracy_of(np.arange(100) < 90)
    assert found == pytest.approx((0.9, 0.03))


def test_one_class_alone_is_refused():
    code, label = two_normals(20, 1.0, 0)
    with pytest.raises(UserError, match="all images are of one class"):
        probe_accuracy(code, 0 * label, code, label)
