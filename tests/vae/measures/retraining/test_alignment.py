"""Maps laid over one another."""

from itertools import combinations

import numpy as np
import pytest
from scipy.spatial import procrustes
from scipy.stats import ortho_group

from vae.measures.retraining.alignment import align, align_all, plane_of, shuffled


def noise(seed: int, count: int = 300, z_dim: int = 3) -> np.ndarray:
    """A map of images without any order."""
    return np.random.default_rng(seed).standard_normal((count, z_dim)) * [1, 2, 3][:z_dim]


def moved(codes: np.ndarray, seed: int) -> np.ndarray:
    """The same map rotated, perhaps reflected, scaled and shifted."""
    rng = np.random.default_rng(seed)
    turn = ortho_group.rvs(codes.shape[1], random_state=seed)
    return rng.uniform(0.1, 10) * codes @ turn + rng.normal(size=codes.shape[1])


@pytest.mark.parametrize("seed", range(4))
def test_a_rotated_reflected_scaled_and_shifted_map_lies_exactly_over_its_own(seed):
    codes = noise(0)
    found = align(moved(codes, seed), codes)
    # rounding of float64 sums over 300 images
    assert found.residual == pytest.approx(0, abs=1e-12)
    assert found.codes == pytest.approx(codes, abs=1e-9)


def test_the_residual_is_that_of_scipy_and_of_the_aligned_codes():
    one, other = noise(0), noise(0) + 0.7 * noise(1)
    found = align(other, one)
    assert found.residual == pytest.approx(procrustes(one, other)[2], rel=1e-9)
    left = np.square(found.codes - one).sum() / np.square(one - one.mean(0)).sum()
    assert found.residual == pytest.approx(left, rel=1e-9)


def test_the_residual_is_the_same_whichever_map_is_laid_over_the_other():
    one, other = noise(0), noise(0) + noise(1)
    assert align(one, other).residual == pytest.approx(align(other, one).residual, rel=1e-9)


def test_independent_maps_leave_what_shuffled_images_leave():
    one, other = noise(0), noise(1)
    chance = shuffled(other, one)
    assert abs(align(other, one).residual - chance.mean) < 4 * chance.std


def test_maps_with_something_in_common_leave_less_than_any_shuffle():
    one, other = noise(0), noise(0) + noise(1)
    assert align(other, one).residual < shuffled(other, one).least


def test_a_map_of_fewer_dimensions_lies_in_the_space_of_the_larger_one():
    codes = noise(0)
    flat = codes[:, 1:]
    found = align(flat, codes)
    # what is lost is the variance of the dimension that is not there
    lost = codes.var(axis=0)[0] / codes.var(axis=0).sum()
    # a correlation between the dimensions of 300 draws tells some of it
    assert found.residual == pytest.approx(lost, abs=0.02)
    assert found.codes.shape == codes.shape


def test_a_collapsed_map_lies_over_nothing():
    found = align(np.zeros((300, 3)), noise(0))
    assert found.residual == 1
    assert found.codes == pytest.approx(np.broadcast_to(noise(0).mean(0), (300, 3)))


def test_several_moved_copies_fall_on_the_first_one():
    codes = noise(0)
    found = align_all([codes, *(moved(codes, seed) for seed in range(3))])
    for one in found:
        assert one.residual == pytest.approx(0, abs=1e-12)
        assert one.codes == pytest.approx(codes, abs=1e-6)


def test_several_maps_are_nearer_to_their_mean_than_to_one_another():
    maps = [moved(noise(0) + noise(seed), seed) for seed in range(1, 5)]
    apart = np.mean([align(a, b).residual for a, b in combinations(maps, 2)])
    assert np.mean([one.residual for one in align_all(maps)]) < apart


def test_the_map_that_is_unlike_the_others_is_the_farthest_from_their_mean():
    maps = [moved(noise(0), 1), moved(noise(5), 2), moved(noise(0), 3), moved(noise(0), 4)]
    assert np.argmax([one.residual for one in align_all(maps)]) == 1


def test_the_plane_of_maps_shows_where_they_spread_most():
    codes = noise(0)
    flat = plane_of(align_all([codes, moved(codes, 1)]))
    spread = np.linalg.svd(codes - codes.mean(0), compute_uv=False)
    assert np.linalg.norm(flat[0], axis=0) == pytest.approx(spread[:2], rel=1e-9)
    assert flat[1] == pytest.approx(flat[0], abs=1e-6)


def test_a_map_that_has_little_in_common_is_drawn_as_large_as_the_others():
    aligned = align_all([noise(0), moved(noise(0), 1), moved(noise(5), 2)])
    assert (
        np.linalg.norm(aligned[2].codes - aligned[2].codes.mean(0)) < np.linalg.norm(noise(0)) / 2
    )
    whole = [np.square(one - one.mean(0)).sum() for one in plane_of(list(aligned))]
    assert min(whole) > max(whole) / 2


def test_maps_of_one_dimension_are_drawn_on_a_line():
    flat = plane_of(align_all([noise(0, z_dim=1), -noise(0, z_dim=1)]))
    assert flat[1] == pytest.approx(flat[0])
    assert not flat[0][:, 1].any()
