"""Compression: what the lesson says of errors, against scikit-learn's PCA and plain laws."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from tests.vae.learn.opened import facts_of, model, told_of
from vae.data import load
from vae.learn.compression import WIDTHS, digits, pca_errors, squared_errors, width_of
from vae.learn.specimens import specimens
from vae.training.objectives.components import principal

FACTS = facts_of("compression")


@pytest.mark.parametrize("width", [1, 7, WIDTHS])
def test_the_error_at_a_width_is_that_of_scikit_learn(width: int) -> None:
    found = load("digits")
    train, test = (part.images.reshape(len(part), -1) / 255 for part in (found.train, found.test))
    fitted = PCA(width, svd_solver="full").fit(train)
    again = fitted.inverse_transform(fitted.transform(test))
    expected = np.square(again - test).sum(1).mean()
    assert digits().errors[width] == pytest.approx(expected, rel=1e-9)


def test_another_component_never_makes_it_worse_and_all_of_them_lose_nothing() -> None:
    assert (np.diff(digits().errors) <= 0).all()
    found = load("digits")
    everything = principal(torch.from_numpy(found.train.images), 64)
    assert pca_errors(everything, found.test.images, 64).max() < 1e-12


def test_the_width_that_matches_the_network_is_the_least_that_does() -> None:
    errors, match = digits().errors, FACTS["match"]
    assert errors[match] <= FACTS["small_error"] < errors[match - 1]
    assert 3 < match < 64
    assert width_of(np.array([3.0, 2.0, 1.0]), 1.5) == 2


def test_a_network_loses_less_than_principal_components_through_two_numbers() -> None:
    assert FACTS["ae_error"] < FACTS["pca_error"]
    assert FACTS["small_error"] < FACTS["small_pca_error"]


def test_a_squared_error_is_the_sum_over_all_pixels() -> None:
    vae = model("mnist-ae-2d").model
    images = specimens().images[:3]
    x = torch.from_numpy(images).double() / 255
    with torch.inference_mode():
        again = vae.decode_mean(vae.encode(x.float()).mean).double()
    expected = ((again - x) ** 2).sum((1, 2, 3))
    assert squared_errors(vae, images) == pytest.approx(expected.numpy(), rel=1e-5)


def test_the_right_choice_is_the_width_that_matches() -> None:
    question = told_of("compression")["question"]
    assert question["choices"][question["right"]] == str(FACTS["match"])
    assert len(set(question["choices"])) == len(question["choices"])


def test_the_browser_gets_directions_of_length_one_at_right_angles() -> None:
    directions = np.array(told_of("compression")["data"]["directions"])
    # told with five digits
    assert directions @ directions.T == pytest.approx(np.eye(WIDTHS), abs=1e-4)
