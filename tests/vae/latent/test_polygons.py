"""Laws of outlines drawn on a plane."""

import numpy as np
import pytest

from vae.latent.polygons import inside_polygon


def test_a_convex_polygon_holds_what_lies_left_of_all_its_edges():
    turn = np.linspace(0, 2 * np.pi, 7, endpoint=False)
    polygon = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    xy = np.random.default_rng(0).uniform(-1.2, 1.2, (5000, 2))
    edge = np.roll(polygon, -1, axis=0) - polygon
    away = xy[:, None] - polygon
    left = (edge[:, 0] * away[..., 1] - edge[:, 1] * away[..., 0] > 0).all(axis=1)
    np.testing.assert_array_equal(inside_polygon(xy, polygon), left)
    np.testing.assert_array_equal(inside_polygon(xy, polygon[::-1]), left)


def test_a_notch_in_a_polygon_is_outside():
    arrow = [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]]
    xy = np.array([[2.0, 0.5], [2.0, 3.0], [0.3, 3.0], [5.0, 1.0]])
    assert inside_polygon(xy, arrow).tolist() == [True, False, True, False]


@pytest.mark.parametrize("corners", [0, 1, 2])
def test_a_polygon_of_less_than_three_corners_holds_nothing(corners):
    polygon = np.array([[0.0, 0.0], [1.0, 1.0]])[:corners]
    assert not inside_polygon(np.random.default_rng(0).normal(size=(9, 2)), polygon).any()


def test_polygons_that_tile_the_plane_share_no_point():
    # a grid of points exactly on the seams between two squares
    xy = np.stack(np.meshgrid(np.arange(4.0), np.arange(4.0)), axis=-1).reshape(-1, 2) / 2
    squares = [
        np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) + np.array([across, up])
        for across in (0, 1)
        for up in (0, 1)
    ]
    held = sum(inside_polygon(xy, square).astype(int) for square in squares)
    np.testing.assert_array_equal(held, 1)
