"""Laws of paths, grids and traversals in the latent space."""

import numpy as np
import pytest
import torch

from vae.checkpoint import Atlas
from vae.errors import UserError
from vae.latent import paths as latent

T = np.linspace(0, 1, 11)
# as far beyond both ends as a path may go
BEYOND = np.linspace(-0.5, 1.5, 21)


@pytest.fixture
def ends() -> tuple[np.ndarray, np.ndarray]:
    a, b = np.random.default_rng(0).normal(size=(2, 5))
    return a, 3 * b


@pytest.mark.parametrize("method", latent.PATHS)
def test_every_path_starts_at_a_and_ends_at_b(method, ends):
    a, b = ends
    path = latent.path(a, b, 7, method)
    assert path.shape == (7, 5)
    assert np.array_equal(path[0], a)
    assert np.array_equal(path[-1], b)


@pytest.mark.parametrize("method", latent.PATHS)
def test_every_path_is_the_same_walked_back(method, ends):
    a, b = ends
    walk = latent.PATHS[method]
    np.testing.assert_allclose(walk(a, b, BEYOND), walk(b, a, 1 - BEYOND), atol=1e-12)


@pytest.mark.parametrize("method", latent.PATHS)
def test_a_path_between_equal_points_stands_still(method, ends):
    np.testing.assert_allclose(latent.PATHS[method](ends[0], ends[0], T), [ends[0]] * len(T))


def test_lerp_is_straight_at_constant_speed(ends):
    steps = np.diff(latent.lerp(*ends, T), axis=0)
    np.testing.assert_allclose(steps, [steps[0]] * len(steps), atol=1e-12)


def test_slerp_moves_the_norm_linearly(ends):
    norms = np.linalg.norm(latent.slerp(*ends, T), axis=1)
    a, b = map(np.linalg.norm, ends)
    np.testing.assert_allclose(norms, (1 - T) * a + T * b)


def test_slerp_turns_at_constant_speed_within_the_plane_of_its_ends(ends):
    path = latent.slerp(*ends, T)
    unit = path / np.linalg.norm(path, axis=1, keepdims=True)
    angles = np.arccos((unit[1:] * unit[:-1]).sum(1))
    np.testing.assert_allclose(angles, angles[0], atol=1e-7)
    assert np.linalg.matrix_rank(path, tol=1e-9) == 2


def test_slerp_of_a_right_angle_passes_its_bisector():
    half = latent.slerp(np.array([2.0, 0.0]), np.array([0.0, 2.0]), 0.5)
    np.testing.assert_allclose(half, [np.sqrt(2), np.sqrt(2)])


@pytest.mark.parametrize("z_dim", [2, 3, 20])
def test_slerp_between_opposite_points_keeps_the_norm(z_dim):
    a = np.random.default_rng(1).normal(size=z_dim)
    path = latent.slerp(a, -a, T)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), np.linalg.norm(a))
    assert np.array_equal(path[0], a)
    assert np.array_equal(path[-1], -a)


def test_slerp_from_or_to_the_origin_is_the_straight_line(ends):
    zero = np.zeros(5)
    np.testing.assert_array_equal(latent.slerp(zero, ends[0], T), latent.lerp(zero, ends[0], T))
    np.testing.assert_array_equal(latent.slerp(ends[0], zero, T), latent.lerp(ends[0], zero, T))


def test_slerp_in_one_dimension_is_the_straight_line():
    for a, b in (([1.0], [-3.0]), ([1.0], [4.0]), ([0.0], [2.0])):
        line = latent.lerp(np.array(a), np.array(b), BEYOND)
        np.testing.assert_array_equal(latent.slerp(np.array(a), np.array(b), BEYOND), line)


@pytest.mark.parametrize("angle", [1e-9, 1e-7, 1e-5, np.pi - 1e-5, np.pi - 1e-7, np.pi - 1e-9])
def test_slerp_stays_finite_and_at_its_radius_near_0_and_180_degrees(angle):
    a, b = np.array([1.0, 0.0]), np.array([np.cos(angle), np.sin(angle)])
    norms = np.linalg.norm(latent.slerp(a, b, T), axis=1)
    # just above the switch, sin(angle) keeps ten digits
    np.testing.assert_allclose(norms, 1, atol=1e-6)


@pytest.mark.parametrize("method", latent.PATHS)
def test_overshoot_ends_as_far_beyond_both_ends(method, ends):
    path = latent.path(*ends, 9, method, overshoot=0.25)
    assert path.shape == (9, 5)
    walk = latent.PATHS[method]
    np.testing.assert_array_equal(path[[0, -1]], walk(*ends, np.array([-0.25, 1.25])))
    # 0.25 is a whole number of the steps of 1.5 / 6
    there = latent.path(*ends, 7, method, overshoot=0.25)
    np.testing.assert_allclose(there[[1, 5]], ends)


def test_lerp_goes_straight_on_beyond_its_ends(ends):
    a, b = ends
    np.testing.assert_allclose(latent.lerp(a, b, 1.5), b + (b - a) / 2)
    np.testing.assert_allclose(latent.lerp(a, b, -0.5), a - (b - a) / 2)


@pytest.mark.parametrize("z_dim", [2, 5, 20])
def test_slerp_goes_on_beyond_its_ends_at_the_same_speeds(z_dim):
    # norms 2 and 3: the linear norm stays above 0 over the whole path
    a, b = np.random.default_rng(z_dim).normal(size=(2, z_dim))
    a, b = 2 * a / np.linalg.norm(a), 3 * b / np.linalg.norm(b)
    path = latent.slerp(a, b, BEYOND)
    norms = np.linalg.norm(path, axis=1)
    np.testing.assert_allclose(norms, 2 + BEYOND)
    unit = path / norms[:, None]
    angles = np.arccos((unit[1:] * unit[:-1]).sum(1))
    np.testing.assert_allclose(angles, angles[0], atol=1e-7)
    total = np.arccos(a @ b / 6)
    np.testing.assert_allclose(angles.sum(), 2 * total, atol=1e-6)


def test_slerp_beyond_opposite_ends_keeps_turning():
    a = np.array([2.0, 0.0])
    there = latent.slerp(a, -a, np.array([-0.5, 0.5, 1.5]))
    np.testing.assert_allclose(there, [[0, -2], [0, 2], [0, -2]], atol=1e-12)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1.0, 0.0], [0.0, 4.0]),
        ([1.0, 0.0], [4.0, 0.0]),
        ([1.0, 0.0], [-4.0, 0.0]),
        ([0.0, 0.0], [4.0, 0.0]),
    ],
)
def test_slerp_waits_at_the_origin_where_its_norm_would_be_negative(a, b):
    path = latent.slerp(np.array(a), np.array(b), BEYOND)
    linear = (1 - BEYOND) * np.linalg.norm(a) + BEYOND * np.linalg.norm(b)
    assert linear[0] < 0
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), np.maximum(linear, 0), atol=1e-12)


@pytest.mark.parametrize("overshoot", [-0.1, 0.51, float("nan"), float("inf")])
def test_an_overshoot_outside_its_range_is_refused(overshoot, ends):
    with pytest.raises(UserError, match="from 0 to 0.5, not"):
        latent.path(*ends, 5, overshoot=overshoot)


def test_a_path_of_one_step_is_refused(ends):
    with pytest.raises(UserError, match="2 steps or more, not 1"):
        latent.path(*ends, 1)


def test_an_arc_between_points_of_one_norm_keeps_their_prior_density_and_a_line_does_not():
    a, b = np.array([2.0, 0.0]), np.array([0.0, 2.0])
    prior = torch.distributions.Normal(0.0, 1.0)
    arc, line = (
        prior.log_prob(torch.from_numpy(latent.path(a, b, 9, method))).sum(-1).numpy()
        for method in ("slerp", "lerp")
    )
    np.testing.assert_allclose(arc, arc[0])
    # the line passes nearer the origin: |z|² falls from 4 to 2
    np.testing.assert_allclose(line[4] - line[0], 1)


def test_an_unknown_path_is_refused_with_the_choices(ends):
    with pytest.raises(UserError, match="'helix'; choose from lerp, slerp"):
        latent.path(*ends, 3, "helix")


def test_the_prior_grid_holds_equal_shares_of_the_prior():
    grid = latent.prior_grid(5, edge=0.1)
    assert grid.shape == (5, 5, 2)
    sample = np.random.default_rng(0).normal(size=200_000)
    shares = [(sample < edge).mean() for edge in grid[0, :, 0]]
    # five standard errors of a share: 5 * sqrt(0.25 / 200,000)
    np.testing.assert_allclose(shares, [0.1, 0.3, 0.5, 0.7, 0.9], atol=0.006)


def test_the_prior_grid_grows_to_the_right_and_upwards():
    grid = latent.prior_grid(3)
    assert (np.diff(grid[..., 0], axis=1) > 0).all()
    assert (np.diff(grid[..., 1], axis=0) < 0).all()
    np.testing.assert_allclose(grid[1, 1], 0, atol=1e-12)


def test_a_traversal_changes_one_dimension_only(ends):
    line = latent.traversal(ends[0], 2, 9)
    others = [0, 1, 3, 4]
    np.testing.assert_array_equal(line[:, others], [ends[0][others]] * 9)
    assert (np.diff(line[:, 2]) > 0).all()
    np.testing.assert_allclose(line[:, 2], -line[::-1, 2], atol=1e-12)


def test_a_traversal_of_a_missing_dimension_is_refused(ends):
    with pytest.raises(UserError, match="from 0 to 4, not 5"):
        latent.traversal(ends[0], 5, 3)


def atlas(loc: list[list[float]], label: list[int]) -> Atlas:
    points = np.array(loc, dtype=np.float32)
    return Atlas(points, np.ones_like(points), np.array(label), np.arange(len(points)))


def test_the_class_representative_is_nearest_the_mean_of_its_class():
    encoded = atlas([[9, 9], [0, 0], [1, 0], [5, 0], [2, 0]], [1, 0, 0, 0, 1])
    # the mean of class 0 is (2, 0), where the nearest point belongs to class 1
    assert latent.class_representative(encoded, 0) == 2


@pytest.mark.parametrize("label", [7, -1])
def test_a_class_without_images_is_refused(label):
    with pytest.raises(UserError, match=f"label {label}; choose from 0, 1"):
        latent.class_representative(atlas([[0, 0], [1, 1], [2, 2]], [0, 1, -1]), label)
