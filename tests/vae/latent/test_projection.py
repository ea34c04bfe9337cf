"""Laws of planes and projections."""

import warnings

import numpy as np
import pytest
from sklearn.decomposition import PCA as Oracle
from sklearn.manifold import trustworthiness

from vae.checkpoint import Atlas
from vae.errors import UserError
from vae.export.networks import atlas_statistics
from vae.latent import projection


@pytest.fixture
def loc() -> np.ndarray:
    """400 latents of six dimensions with three far groups."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 6)) * 6
    return (centres[np.arange(400) % 3] + rng.normal(size=(400, 6))).astype(np.float32)


def quarter_turns() -> list[np.ndarray]:
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    flip = np.diag([1.0, -1.0])
    return [np.linalg.matrix_power(turn, i) @ m for i in range(4) for m in (np.eye(2), flip)]


def test_the_principal_plane_is_scikit_learns(loc):
    plane, oracle = projection.principal_plane(loc), Oracle(2).fit(loc.astype(np.float64))
    np.testing.assert_allclose(plane.centre, oracle.mean_, atol=1e-12)
    np.testing.assert_allclose(plane.explained, oracle.explained_variance_ratio_)
    signs = np.sign((plane.axes * oracle.components_).sum(axis=1))[:, None]
    np.testing.assert_allclose(plane.axes, signs * oracle.components_, atol=1e-9)


def test_the_principal_plane_is_the_one_that_the_browser_gets(loc):
    atlas = Atlas(loc, np.ones_like(loc), np.zeros(len(loc), np.int64), np.arange(len(loc)))
    sent = atlas_statistics(atlas)["components"]
    np.testing.assert_allclose(projection.principal_plane(loc).axes, sent, atol=1e-9)


def test_the_axes_of_a_plane_are_orthonormal(loc):
    axes = projection.principal_plane(loc).axes
    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-12)


def test_a_place_of_a_plane_projects_onto_itself(loc):
    plane, xy = projection.principal_plane(loc), np.array([[0.3, -2.0], [5.0, 1.0]])
    np.testing.assert_allclose(plane.project(plane.centre + xy @ plane.axes), xy, atol=1e-12)


def test_points_in_a_plane_are_where_its_coordinates_say(loc):
    flat = loc[:, :2] @ np.random.default_rng(1).normal(size=(2, 5)) + 3
    plane = projection.principal_plane(flat)
    np.testing.assert_allclose(plane.centre + plane.project(flat) @ plane.axes, flat, atol=1e-9)
    assert plane.explained.sum() == pytest.approx(1)


@pytest.mark.parametrize("z_dim", [1, 2])
def test_a_line_and_a_plane_have_principal_planes_too(loc, z_dim):
    plane = projection.principal_plane(loc[:, :z_dim])
    xy = plane.project(loc[:, :z_dim])
    assert xy.shape == (400, 2)
    np.testing.assert_allclose(plane.centre + xy @ plane.axes, loc[:, :z_dim], atol=1e-6)


def test_points_all_alike_explain_nothing():
    plane = projection.principal_plane(np.ones((5, 3)))
    assert np.isfinite(plane.axes).all()
    np.testing.assert_array_equal(plane.explained, 0)


@pytest.mark.parametrize(("z_dim", "axes"), [(1, [[1], [0]]), (2, [[1, 0], [0, 1]])])
def test_up_to_two_dimensions_are_drawn_as_they_are(loc, z_dim, axes):
    before = np.random.default_rng(0).normal(size=(400, 2))
    np.testing.assert_array_equal(projection.aligned_plane(loc[:, :z_dim], before), axes)


def test_the_first_frame_is_drawn_in_its_principal_plane(loc):
    axes = projection.aligned_plane(loc)
    np.testing.assert_array_equal(axes, projection.principal_plane(loc).axes)


@pytest.mark.parametrize("turn", quarter_turns(), ids=range(8))
def test_a_frame_turned_or_flipped_comes_back(loc, turn):
    axes = projection.principal_plane(loc).axes
    before = loc @ (turn @ axes).T + 4
    np.testing.assert_allclose(projection.aligned(axes, loc, before), turn @ axes, atol=1e-6)


def test_a_frame_comes_back_from_any_angle_and_scale(loc):
    axes = projection.principal_plane(loc).axes
    turn = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    before = 3 * loc @ (turn @ axes).T
    found = projection.aligned_plane(loc, before)
    np.testing.assert_allclose(found, turn @ axes, atol=1e-6)
    np.testing.assert_allclose(found @ found.T, np.eye(2), atol=1e-12)


def test_a_run_whose_latent_space_slowly_turns_is_drawn_without_a_jump(loc):
    # the first two eigenvalues cross on the way, where principal axes swap
    stretch = np.linspace(0.5, 2, 21)
    white = np.random.default_rng(0).normal(size=(500, 4)) * [1, 1, 0.1, 0.1]
    frames = [white * [1, s, 1, 1] for s in stretch]
    drawn, before = [], None
    for frame in frames:
        before = frame @ projection.aligned_plane(frame, before).T
        drawn.append(before)
    moved = [np.abs(b - a).max() for a, b in zip(drawn, drawn[1:], strict=False)]
    # a frame stretches points of at most about 4 by 0.075; a swap would move them by 4
    assert max(moved) < 0.6


def test_previous_places_of_other_points_are_refused(loc):
    with pytest.raises(ValueError, match=r"shape \(400, 2\), not \(3, 2\)"):
        projection.aligned_plane(loc, np.zeros((3, 2)))


def test_previous_places_all_alike_still_give_a_plane(loc):
    axes = projection.aligned_plane(loc, np.zeros((400, 2)))
    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-12)


def test_rows_are_drawn_once_each_in_order_and_by_seed():
    options = projection.TSNE(count=50, seed=1)
    rows = options.rows(1000)
    assert (np.diff(rows) > 0).all()
    for total in (51, 1000):
        assert len(np.unique(options.rows(total))) == 50
    np.testing.assert_array_equal(rows, options.rows(1000))
    assert (rows != projection.TSNE(count=50, seed=2).rows(1000)).any()
    np.testing.assert_array_equal(options.rows(20), np.arange(20))


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_a_projection_keeps_neighbours_and_reports_its_steps(method, loc):
    options = {"pca": projection.PCA(), "tsne": projection.TSNE(iterations=500)}[method]
    heard = []
    xy = options.fit(loc, lambda done, total: heard.append((done, total)))
    assert xy.shape == (400, 2)
    assert xy.dtype == np.float32
    assert trustworthiness(loc, xy) > 0.85
    if method == "tsne":
        assert heard == [(done, 500) for done in range(0, 501, 50)]


def test_progress_may_print_while_tsnes_own_lines_are_read(loc, capsys):
    projection.TSNE(iterations=300).fit(loc[:30], lambda done, total: print(f"{done} done"))
    assert capsys.readouterr().out.splitlines()[-1] == "300 done"


def test_tsne_takes_fewer_points_than_its_perplexity_needs(loc):
    assert projection.TSNE(perplexity=100, iterations=300).fit(loc[:12]).shape == (12, 2)


def test_tsne_fills_the_plane_from_latents_of_one_dimension(loc):
    xy = projection.TSNE(iterations=500).fit(loc[:100, :1])
    assert xy.std(axis=0).min() > 0.1


def test_umap_keeps_neighbours_is_repeatable_and_reports_its_epochs(loc):
    # numba compiles for ten seconds or so: all that needs UMAP in this process is asked here
    heard, options = [], projection.UMAP()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        xy = options.fit(loc, lambda done, total: heard.append((done, total)))
    np.testing.assert_array_equal(xy, options.fit(loc))
    assert trustworthiness(loc, xy) > 0.85
    assert heard[0] == (0, 500)
    assert heard[-1] == (500, 500)
    assert heard == sorted(heard)
    # what a model of one dimension encodes
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(options.fit(loc[:60, :1])).all()


@pytest.mark.parametrize("method", ["tsne", "umap"])
def test_nearly_equal_codes_are_refused_where_their_neighbours_would_be_drawn(method):
    codes = np.random.default_rng(0).normal(scale=0.05, size=(60, 3))
    with pytest.raises(UserError, match="latent space has collapsed"):
        projection.PROJECTIONS[method]().fit(codes)


def test_the_principal_plane_of_nearly_equal_codes_is_drawn_as_it_is():
    codes = np.random.default_rng(0).normal(scale=0.05, size=(60, 3))
    assert np.abs(projection.PCA().fit(codes)).max() < 0.3


@pytest.mark.parametrize("method", projection.PROJECTIONS)
def test_numbers_that_are_not_finite_are_refused(method, loc):
    loc[3, 2] = np.nan
    with pytest.raises(UserError, match="not finite numbers"):
        projection.PROJECTIONS[method]().fit(loc)


@pytest.mark.parametrize("method", projection.PROJECTIONS)
def test_too_few_points_are_refused(method, loc):
    with pytest.raises(UserError, match="or more encoded images, not 1"):
        projection.PROJECTIONS[method]().fit(loc[:1])
