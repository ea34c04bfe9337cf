"""Compression: what the lesson says of errors, held to laws and to sums of its own."""

import numpy as np
import pytest
import torch

from tests.vae.learn.opened import facts_of, model, told_of
from vae.checkpoint import Checkpoint
from vae.data import Split
from vae.errors import UserError
from vae.learn.compression import FEW, curve_of, squared_errors, width_of
from vae.learn.specimens import specimens
from vae.measures import widths

FACTS = facts_of("compression")
NESTED, COMPONENTS = "mnist-nested-32d", "mnist-pca-32d"


def error_of(made: Checkpoint, width: int) -> float:
    """Mean squared error of the lesson's images at a width, on its own."""
    x = torch.from_numpy(specimens().images).float() / 255
    with torch.inference_mode():
        code = made.model.encode(x).mean.clone()
        code[:, width:] = 0
        return float((made.model.decode_mean(code) - x).square().sum((1, 2, 3)).mean())


def test_the_network_loses_less_than_principal_components_at_every_width() -> None:
    network, pca = (curve_of(model(name)) for name in (NESTED, COMPONENTS))
    # by more than the errors of both means could explain
    assert (pca.errors - network.errors > 5 * (pca.off + network.off)).all()
    assert FACTS["ahead"] == FACTS["widths"] == 32
    # and so it does on images that neither learnt from, which come with the lesson
    for width in (1, 2, 4, 8, 16, 32):
        assert error_of(model(NESTED), width) < error_of(model(COMPONENTS), width)


@pytest.mark.parametrize("name", [NESTED, COMPONENTS])
def test_another_number_never_makes_it_worse(name: str) -> None:
    curve = curve_of(model(name))
    assert (np.diff(curve.errors) <= curve.off[1:]).all()
    assert curve.errors[-1] < 0.3 * curve.errors[0]


@pytest.mark.parametrize("name", [NESTED, COMPONENTS])
def test_the_first_numbers_are_decoded_with_zeros_after_them(name: str) -> None:
    made, images = model(name), specimens().images
    found = widths.squared_errors(made.model, Split(images, None), [3]).mean()
    assert found == pytest.approx(error_of(made, 3), rel=1e-5)


def test_the_width_that_matches_the_network_is_the_least_that_does() -> None:
    errors, match = curve_of(model(COMPONENTS)).errors, FACTS["match"]
    assert errors[match - 1] <= FACTS["few_error"] < errors[match - 2]
    assert 8 < match <= 32
    assert width_of(np.array([3.0, 2.0, 1.0]), 1.5) == 3
    assert width_of(np.array([3.0, 2.0, 1.0]), 0.5) == 4


def test_a_network_loses_less_than_principal_components_through_two_numbers() -> None:
    assert FACTS["ae_error"] < FACTS["pca_error"]


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


def test_the_browser_is_told_the_curves_and_which_widths_match() -> None:
    told = told_of("compression")["data"]
    assert told["network"]["errors"][FEW - 1] == pytest.approx(FACTS["few_error"], abs=1e-4)
    assert told["pca"]["off"][FEW - 1] == pytest.approx(FACTS["few_pca_error_off"], abs=1e-4)
    assert told["matches"][FEW - 1] == FACTS["match"]
    assert told["matches"] == sorted(told["matches"])


def test_a_model_without_a_curve_is_refused() -> None:
    with pytest.raises(UserError, match="mnist-ae-2d does not tell its error at every width"):
        curve_of(model("mnist-ae-2d"))
