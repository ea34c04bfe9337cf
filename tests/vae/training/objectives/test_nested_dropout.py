"""Nested dropout: which numbers of a code an image is decoded from, and what that makes of them."""

import numpy as np
import pytest
import torch

from tests.vae.training.objectives.scoring import (
    copies,
    head_gradient,
    images,
    model_for,
    module_of,
    score,
)
from vae.data import ImageDataset, Split
from vae.measures.widths import measure, squared_errors, widths_of
from vae.models.likelihoods import Gaussian
from vae.models.networks import MLP, Linear
from vae.runs.packaging import package
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import OBJECTIVES, PCA, Autoencoder, NestedDropout
from vae.training.objectives.nested_dropout import WIDTHS, first_of_code

Z = 6
KINDS = list(WIDTHS)


def drawn(kind: str, count: int, keep: float = 0.8) -> torch.Tensor:
    objective = NestedDropout(widths=kind, keep=keep)
    module = module_of(objective, model_for(objective))
    return module.widths(count, Z, torch.Generator().manual_seed(0))


def chances(kind: str, keep: float = 0.8) -> torch.Tensor:
    """The distribution that the option's help promises."""
    k = torch.arange(1, Z + 1).double()
    weight = {"log-uniform": ((k + 1) / k).log(), "uniform": k**0, "geometric": keep**k}[kind]
    return weight / weight.sum()


@pytest.mark.parametrize("kind", KINDS)
def test_widths_are_drawn_as_often_as_they_should_be(kind):
    many = 60_000
    found = torch.bincount(drawn(kind, many), minlength=Z + 1).double() / many
    assert found[0] == 0
    expected = chances(kind)
    # five standard errors of a share
    assert ((found[1:] - expected).abs() < 5 * (expected * (1 - expected) / many).sqrt()).all()


def test_what_comes_after_a_width_is_zero_and_what_comes_before_stays():
    code = torch.arange(1.0, 13).reshape(2, 6)
    found = first_of_code(code, torch.tensor([1, 4]))
    assert found.tolist() == [[1, 0, 0, 0, 0, 0], [7, 8, 9, 10, 0, 0]]
    assert torch.equal(first_of_code(code, 6), code)


def test_an_image_is_scored_by_its_first_numbers_alone():
    objective, batch = NestedDropout(), images(8)
    model = model_for(objective, z_dim=Z)
    widths = module_of(objective, model).widths(8, Z, torch.Generator().manual_seed(0))
    code = model.encode(batch.x).mean
    expected = model.log_px(batch.x, first_of_code(code, widths))
    terms = score(objective, batch, model)
    torch.testing.assert_close(terms.log_px, expected)
    torch.testing.assert_close(terms.loss, -expected.mean())
    assert terms.kl is None


def test_no_gradient_reaches_the_numbers_after_an_images_width():
    objective = NestedDropout(widths="uniform")
    model = model_for(objective, z_dim=Z)
    widths = module_of(objective, model).widths(40, Z, torch.Generator().manual_seed(0))
    gradient = head_gradient(objective, copies(40), model)
    after = torch.arange(Z) >= widths[:, None]
    assert (gradient[after] == 0).all()
    assert (gradient[~after] != 0).all()


def test_of_one_number_it_is_the_autoencoder():
    batch = images(6)
    narrow = [model_for(one, z_dim=1) for one in (NestedDropout(), Autoencoder())]
    losses = [
        score(one, batch, model).loss
        for one, model in zip((NestedDropout(), Autoencoder()), narrow, strict=True)
    ]
    assert losses[0] == losses[1]


def falling(count: int = 200) -> ImageDataset:
    """Images that vary along three directions, each less than the one before, as every split."""
    rng = np.random.default_rng(0)
    mixed = rng.normal(size=(count, 64)) * np.array([8.0, 5.0, 3.0] + 61 * [0.1])
    mixed = mixed @ np.linalg.qr(rng.normal(size=(64, 64)))[0]
    pixels = (128 + 10 * mixed).clip(0, 255).astype(np.uint8).reshape(count, 1, 8, 8)
    split = Split(pixels, np.zeros(count, np.int64))
    return ImageDataset("noise", "Noise", split, split, split, ("noise",))


DATA = falling()


def trained(objective, z_dim: int, epochs: int, architecture, link: str = "sigmoid") -> Trainer:
    """A trainer that has run."""
    likelihood = Gaussian(learned=True, link=link)
    model = model_for(objective, z_dim=z_dim, architecture=architecture, likelihood=likelihood)
    config = TrainConfig(
        objective,
        epochs=None if objective.at_once else epochs,
        batch_size=50,
        learning_rate=1e-2,
        precision="float32",
        mean_start=True,
    )
    made = Trainer(model, DATA, config)
    list(made.run())
    return made


def components() -> Trainer:
    return trained(PCA(), 3, 1, Linear(), "identity")


@pytest.fixture(scope="module")
def linear() -> Trainer:
    return trained(NestedDropout(widths="uniform"), 3, 150, Linear(), "identity")


def test_a_linear_one_reaches_the_error_of_pca_at_every_width(linear):
    least, found = (
        squared_errors(made.model, DATA.test, [1, 2, 3]).mean(1) for made in (components(), linear)
    )
    # no linear code of a width has a smaller one
    assert (found > least * (1 - 1e-5)).all()
    # gradient descent comes near: within a hundredth of what there is to explain
    variance = (DATA.test.images / 255).var(0).sum()
    assert (found - least < 0.01 * variance).all()


def test_a_linear_one_draws_along_the_principal_directions_in_their_order(linear):
    x = DATA.test.images.reshape(200, 64) / 255
    _, _, rows = np.linalg.svd(x - x.mean(0), full_matrices=False)
    columns = linear.model.decoder[0].weight.detach().double().numpy()
    columns /= np.linalg.norm(columns, axis=0)
    for k in range(3):
        assert abs(rows[k] @ columns[:, k]) > 0.98, k


def test_a_wider_code_of_a_trained_one_is_never_worse():
    made = trained(NestedDropout(), 4, 60, MLP(hidden=(32,)))
    errors = squared_errors(made.model, DATA.test, [1, 2, 3, 4])
    better = errors[:-1] - errors[1:]
    noise = better.std(1) / len(errors[0]) ** 0.5
    assert (better.mean(1) > -2 * noise).all()
    assert errors[3].mean() < 0.8 * errors[0].mean()


@pytest.mark.parametrize("name", [name for name, cls in OBJECTIVES.items() if cls.is_ordered])
def test_a_model_of_ordered_codes_keeps_the_error_of_each_width(name):
    objective = OBJECTIVES[name]()
    made = trained(objective, 3, 1, Linear(), "identity")
    shares: list[float] = []
    found = package("ordered", made.model, DATA, made.config, progress=shares.append)
    curve = found.metrics["widths"]
    assert curve == measure(found.model, DATA.test)
    assert [one["width"] for one in curve] == [1, 2, 3]
    x = torch.from_numpy(DATA.test.images).float() / 255
    code = found.model.encode(x).mean.clone()
    code[:, 2:] = 0
    errors = (found.model.decode_mean(code) - x).square().sum((1, 2, 3))
    assert curve[1]["error"] == pytest.approx(errors.mean().item(), rel=1e-5)
    assert curve[1]["error_stderr"] == pytest.approx(errors.std().item() / 200**0.5, rel=1e-4)
    # all that was counted beforehand was done
    assert shares[-1] == 1
    assert shares == sorted(shares)


def test_other_models_keep_no_errors_of_widths():
    made = trained(Autoencoder(), 3, 1, MLP(hidden=(8,)))
    assert "widths" not in package("plain", made.model, DATA, made.config).metrics


def test_a_long_code_is_measured_at_few_widths():
    found = widths_of(512)
    assert found[0] == 1 and found[-1] == 512 and len(found) <= 64
    assert found == sorted(set(found))
