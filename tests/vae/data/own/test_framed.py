"""How own images are placed is measured as the built-in data sets say it of theirs."""

import numpy as np

from vae.data import DATASETS, framing_of, load
from vae.data.own import bring, framed
from vae.data.picture_fit import Treatment, fitted

RANDOM = np.random.default_rng(3)


def spot(at: tuple[int, int], size: int = 6) -> np.ndarray:
    image = np.zeros((1, 20, 20), np.uint8)
    image[:, at[0] : at[0] + size, at[1] : at[1] + size] = 200
    return image


def test_the_framing_of_the_digits_is_found_again():
    found, said = framed.framing_of(load("digits").train.images), DATASETS["digits"].framing
    assert found is not None
    # whole pixels of eight: the measured box may be a pixel smaller
    assert abs(found.box - said.box) <= 1 / 8
    assert abs(found.centre - said.centre) <= 1 / 16


def test_images_that_lie_anywhere_have_no_framing():
    images = np.stack([spot(tuple(RANDOM.integers(0, 14, 2))) for _ in range(60)])
    assert framed.framing_of(images) is None


def test_images_on_a_light_ground_have_no_framing():
    assert framed.framing_of(255 - np.stack([spot((7, 7))] * 20)) is None


def test_a_drawn_picture_is_placed_as_own_images_are(tmp_path, monkeypatch):
    monkeypatch.setenv("VAE_RUNS", str(tmp_path))
    np.save(tmp_path / "spots.npy", np.stack([spot((7, 7))] * 20)[:, 0])
    framing = framing_of(bring(tmp_path / "spots.npy").name)
    drawn = spot((0, 11), size=9) / 255
    placed = fitted(drawn, (1, 20, 20), framing, Treatment(centre=True))
    np.testing.assert_allclose(placed, spot((7, 7)) / 255, atol=1e-6)  # float32 shares of pixels
