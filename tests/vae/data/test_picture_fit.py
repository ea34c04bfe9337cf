"""Pictures are made like a data set's images: inverted, stretched, scaled, centred."""

import numpy as np
import pytest

from vae.data import DATASETS, Framing, load
from vae.data.picture_fit import (
    Treatment,
    Window,
    edge_level,
    fitted,
    is_placed,
    propose,
    resampled,
)
from vae.errors import UserError

MNIST = DATASETS["mnist"].framing
SHAPE = (1, 28, 28)


def sheet(
    ink: float, paper: float, corner: tuple[int, int] = (20, 130), size: tuple[int, int] = (80, 40)
) -> np.ndarray:
    """A picture (1, 200, 300) with a bar of ink on paper."""
    picture = np.full((1, 200, 300), paper, np.float32)
    top, left = corner
    picture[:, top : top + size[0], left : left + size[1]] = ink
    return picture


def test_averaging_keeps_the_mean_and_takes_what_is_outside():
    x = np.random.default_rng(0).random((3, 12, 18))
    whole = resampled(x, Window(0, 0, 18, 12), 5, 7, 0)
    np.testing.assert_allclose(whole.mean(axis=(1, 2)), x.mean(axis=(1, 2)))
    beyond = resampled(x, Window(-18, 0, 18, 12), 5, 7, 0.3)
    np.testing.assert_allclose(beyond, 0.3)


def test_a_centred_picture_has_its_mass_and_size_where_mnist_has_them():
    x = fitted(sheet(1, 0), SHAPE, MNIST, Treatment(centre=True))[0]
    rows, columns = np.nonzero(x > 0.5)
    assert rows.max() - rows.min() + 1 == pytest.approx(20, abs=1)
    across = np.arange(28) + 0.5
    # the ink's rim moves by a part of a pixel when it is averaged a second time
    assert x.sum(0) @ across / x.sum() == pytest.approx(14.5, abs=0.1)
    assert x.sum(1) @ across / x.sum() == pytest.approx(14.5, abs=0.1)


def test_a_centred_picture_does_not_depend_on_where_its_ink_was():
    place = Treatment(centre=True)
    first = fitted(sheet(1, 0), SHAPE, MNIST, place)
    second = fitted(sheet(1, 0, corner=(100, 9)), SHAPE, MNIST, place)
    # ink is looked for on a coarse grid, half a pixel of 128
    np.testing.assert_allclose(first, second, atol=0.25)
    assert np.abs(first - second).mean() < 0.01


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "digits"])
def test_most_images_of_a_data_set_are_placed_as_its_framing_says(name):
    try:
        images = load(name, download=False).test.images[:200]
    except UserError:
        pytest.skip(f"{name} is not on this machine")
    framing = DATASETS[name].framing
    placed = [is_placed(image / 255, image.shape, framing) for image in images]
    assert np.mean(placed) > 0.9


def test_an_image_of_the_data_set_is_proposed_as_it_is():
    image = load("digits", download=False).test.images[0] / 255
    assert propose(image, image.shape, DATASETS["digits"].framing) == Treatment()


def test_dark_ink_on_grey_paper_is_inverted_stretched_and_centred():
    grey = sheet(0.05, 110 / 255)
    assert propose(grey, SHAPE, MNIST) == Treatment(True, True, True)
    x = fitted(grey, SHAPE, MNIST, Treatment(True, True, True))
    assert edge_level(x) == pytest.approx(0, abs=1e-6)
    assert x.max() == pytest.approx(1, abs=1e-6)


def test_a_model_without_placed_images_is_handed_a_picture_as_it_is():
    assert propose(sheet(0.05, 0.4), SHAPE, None) == Treatment()
    assert propose(sheet(0.01, 0.06), SHAPE, None, wide=True) == Treatment(stretch=True)


def test_the_model_decides_where_its_likelihood_is_known():
    """A model that has seen only white grounds wants them white."""
    box = Framing(box=1.0, middle="box")

    def log_px(x: np.ndarray) -> float:
        return -float(np.abs(1 - x[:, 0]).sum())

    found = propose(sheet(0, 1), SHAPE, box, usual=(-1.0, 0.0), log_px=log_px)
    assert not found.invert
    found = propose(sheet(1, 0), SHAPE, box, usual=(-1.0, 0.0), log_px=log_px)
    assert found.invert


def test_noise_on_the_paper_does_not_move_the_ink():
    noise = np.random.default_rng(0).normal(0, 0.03, (1, 200, 300))
    clean, noisy = sheet(0.1, 0.5), (sheet(0.1, 0.5) + noise).clip(0, 1)
    whole = Treatment(True, True, True)
    first, second = fitted(clean, SHAPE, MNIST, whole), fitted(noisy, SHAPE, MNIST, whole)
    # the noise of an average over some forty pixels, and of the darkest of them
    assert np.abs(first - second).mean() < 0.03


def test_a_thin_line_keeps_its_contrast():
    """Two of three hundred pixels wide, a line would be a faint grey in 28."""
    thin = sheet(0, 1, size=(150, 2))
    x = fitted(thin, SHAPE, MNIST, Treatment(invert=True, centre=True))
    assert x.max() == pytest.approx(1)
    dim = fitted(0.4 * (1 - thin), SHAPE, MNIST, Treatment(centre=True))
    assert dim.max() == pytest.approx(0.4)
