"""The film of a run's latent map: every frame at one scale, points in the colour of their class."""

import io

import numpy as np
import pytest
from PIL import Image

from vae.colours import CLASS_COLOURS
from vae.errors import UserError
from vae.export import map_film
from vae.export.map_film import SIDE, Moment


def moments(count):
    """A cloud of two classes that grows to twice its size."""
    z = np.random.default_rng(0).normal(size=(40, 2))
    label = np.arange(40) % 2
    return [Moment(10 * i, z * (1 + i / max(1, count - 1)), label) for i in range(count)]


def test_a_film_has_a_frame_for_each_moment_and_rests_at_the_end():
    film = Image.open(io.BytesIO(map_film.map_gif(moments(3))))
    assert film.size == (SIDE, SIDE)
    assert film.n_frames == 3
    film.seek(2)
    assert film.info["duration"] == map_film.MILLISECONDS * (1 + map_film.REST)


def test_a_strip_shows_some_moments_side_by_side_the_first_and_the_last_among_them():
    many = moments(30)
    assert [one.step for one in map_film.thinned(many, 3)] == [0, 140, 290]
    strip = Image.open(io.BytesIO(map_film.map_strip(many)))
    assert strip.width > map_film.STRIP * SIDE > strip.width - SIDE


def test_a_point_lies_where_its_place_is_in_the_colour_of_its_class():
    corners = np.array([[1.0, 1.0], [-1.0, 1.0]])
    (frame,) = map_film.drawn([Moment(0, corners, np.array([3, 5]))])
    place = (1 / map_film.ROOM + 1) / 2 * (SIDE - 1)
    high, low = round(place), round(SIDE - 1 - place)
    for (row, column), label in (((low, high), 3), ((low, low), 5)):
        assert tuple(frame[row, column]) == tuple(bytes.fromhex(CLASS_COLOURS[label][1:]))


def test_the_scale_holds_the_cloud_where_it_is_largest():
    small, large = map_film.drawn(moments(2))
    coloured = [int((np.ptp(frame, axis=2) > 30).any(0).sum()) for frame in (small, large)]
    assert coloured[0] < coloured[1]


def test_a_run_without_a_snapshot_has_no_film():
    with pytest.raises(UserError, match="no snapshot of its map"):
        map_film.map_gif([])
