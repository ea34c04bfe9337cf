"""Sheets, strips and films show the decoded images as they are."""

import io

import numpy as np
import pytest
import torch
from PIL import Image, ImageSequence

from tests.tiny_models import tiny_checkpoint
from vae.errors import UserError
from vae.export import film, pictures
from vae.latent import paths as latent
from vae.models.config import VAEConfig
from vae.models.likelihoods import Gaussian
from vae.models.networks import MLP

A, B = np.array([1.5, 1.0]), np.array([-1.5, 0.5])
SMALL = MLP(hidden=(32, 16))


@pytest.fixture(scope="module")
def grey():
    return tiny_checkpoint("grey", VAEConfig((1, 12, 10), 2, SMALL))


@pytest.fixture(scope="module")
def colour():
    return tiny_checkpoint("colour", VAEConfig((3, 9, 8), 2, SMALL, Gaussian()))


def frames(content: bytes) -> tuple[np.ndarray, list[int]]:
    """Read an animation: RGB frames (N, H, W, 3) and the time of each in milliseconds."""
    with Image.open(io.BytesIO(content)) as picture:
        times = [frame.info["duration"] for frame in ImageSequence.Iterator(picture)]
        shown = [np.asarray(f.convert("RGB")) for f in ImageSequence.Iterator(picture)]
    return np.stack(shown), times


def enlarged(images: np.ndarray, zoom: int) -> np.ndarray:
    return images.repeat(zoom, axis=1).repeat(zoom, axis=2)


@pytest.mark.parametrize("zoom", [1, 3])
@pytest.mark.parametrize("name", ["grey", "colour"])
def test_a_strip_shows_every_pixel_of_the_path_as_a_square(name, zoom, request):
    checkpoint = request.getfixturevalue(name)
    content = film.strip_png(film.Way(checkpoint, A, B, "lerp", 0.2), steps=5, zoom=zoom)
    pixels = np.asarray(Image.open(io.BytesIO(content)))
    images = pictures.decode(checkpoint.model, latent.path(A, B, 5, "lerp", 0.2))
    if images.shape[-1] == 1:
        pixels = pixels[..., None]
    height, width = images.shape[1] * zoom, images.shape[2] * zoom
    for i, image in enumerate(enlarged(images, zoom)):
        left = zoom * (film.GAP + i * (images.shape[2] + film.GAP))
        top = zoom * film.GAP
        np.testing.assert_array_equal(pixels[top : top + height, left : left + width], image)


def test_both_methods_share_one_strip_a_row_each(grey):
    one, two, both = (
        np.asarray(
            Image.open(io.BytesIO(film.strip_png(film.Way(grey, A, B, method), steps=4, zoom=2)))
        )
        for method in ("lerp", "slerp", "both")
    )
    gap = 2 * film.GAP
    np.testing.assert_array_equal(both, np.concatenate([one, two[gap:]]))


def test_decoded_images_are_the_mean_pixels_rounded_to_bytes(grey):
    z = latent.path(A, B, 300)
    with torch.inference_mode():
        mean = grey.model.decode_mean(torch.from_numpy(z).float())
    images = pictures.decode(grey.model, z)
    assert images.dtype == np.uint8
    # half a level by rounding, and float32's last digits where a value lies between two levels
    np.testing.assert_allclose(images[..., 0] / 255, mean[:, 0].numpy(), atol=0.5 / 255 + 1e-6)


def test_a_film_goes_there_and_back_without_end(grey):
    content = film.film_gif(film.Way(grey, A, B), steps=5, zoom=2, milliseconds=80)
    shown, times = frames(content)
    images = pictures.decode(grey.model, latent.path(A, B, 5))[..., [0, 0, 0]]
    np.testing.assert_array_equal(shown, enlarged(images[[0, 1, 2, 3, 4, 3, 2, 1]], 2))
    assert times == [80] * 8
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.info["loop"] == 0


def test_a_film_of_both_methods_shows_them_side_by_side(grey):
    shown, _ = frames(film.film_gif(film.Way(grey, A, B, "both"), steps=3, zoom=1))
    left = pictures.decode(grey.model, latent.path(A, B, 3, "lerp"))
    right = pictures.decode(grey.model, latent.path(A, B, 3, "slerp"))
    expected = pictures.sheet(np.stack([left[1], right[1]]), 2)
    np.testing.assert_array_equal(shown[1][..., :1], expected)


def test_all_256_grey_levels_stay_exact_in_a_film():
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    made = np.concatenate([levels, levels[:, ::-1], 255 - levels])
    shown, _ = frames(film.gif(made, zoom=2, milliseconds=50))
    np.testing.assert_array_equal(shown, enlarged(made, 2)[..., [0, 0, 0]])


def test_colours_of_a_film_are_exact_where_256_suffice():
    generator = np.random.default_rng(0)
    palette = generator.integers(0, 256, (200, 3), dtype=np.uint8)
    made = palette[generator.integers(0, 200, (4, 12, 12))]
    shown, _ = frames(film.gif(made, zoom=1, milliseconds=50))
    np.testing.assert_array_equal(shown, made)


def test_many_colours_of_a_film_are_near_and_do_not_flicker():
    side = np.linspace(0, 255, 32).astype(np.uint8)
    red, green = np.meshgrid(side, side)
    still = np.stack([red, green, red // 2 + green // 2], axis=-1)
    made = np.stack([still, still, still])
    made[1, :4, :4] = 255  # what moves must not change the colours of what stands
    shown, _ = frames(film.gif(made, zoom=1, milliseconds=50))
    np.testing.assert_array_equal(shown[0][5:], shown[1][5:])
    # 256 colours for 1,024: a box of 4 of 32 levels a side at most
    assert np.abs(shown[0].astype(int) - still).mean() < 10


def test_a_path_that_stands_still_is_one_picture(grey):
    with Image.open(io.BytesIO(film.film_gif(film.Way(grey, A, A), steps=4, zoom=1))) as picture:
        assert picture.n_frames == 1


def test_equal_neighbours_become_one_frame_that_is_shown_longer():
    made = np.zeros((5, 8, 8, 1), np.uint8)
    made[3:] = 200
    shown, times = frames(film.gif(made, zoom=1, milliseconds=50))
    assert (len(shown), times) == (2, [150, 100])


@pytest.mark.parametrize("milliseconds", [0, 10, 25, 1010, -60])
def test_a_time_that_a_gif_cannot_keep_is_refused(milliseconds, grey):
    with pytest.raises(UserError, match="milliseconds in steps of 10"):
        film.film_gif(film.Way(grey, A, B), milliseconds=milliseconds)


def test_a_film_too_long_for_the_format_is_refused(grey):
    with pytest.raises(UserError, match="more than 10 minutes"):
        film.film_gif(film.Way(grey, A, B), steps=1000, milliseconds=1000)


def test_an_unknown_method_is_refused_with_the_choices(grey):
    with pytest.raises(UserError, match="'__class__'; choose from lerp, slerp"):
        film.strip_png(film.Way(grey, A, B, "__class__"))


@pytest.mark.parametrize("method", film.methods())
def test_the_pixels_of_a_picture_are_never_more_than_counted(method, grey):
    strip = Image.open(io.BytesIO(film.strip_png(film.Way(grey, A, B, method), steps=4, zoom=3)))
    shape = grey.model.config.image_shape
    assert strip.width * strip.height <= film.pixel_count(shape, "png", method, 4, 3)
    shown, _ = frames(film.film_gif(film.Way(grey, A, B, method), steps=4, zoom=3))
    assert shown[..., 0].size <= film.pixel_count(shape, "gif", method, 4, 3)
