"""A standard deviation for each position of an image: what it means and where training takes it."""

import numpy as np
import pytest
import torch
from torch.distributions import Normal

from tests.exported import checkpoint_of
from vae import data
from vae.checkpoint import read, write
from vae.measures.evaluation import evaluate
from vae.models.config import VAEConfig
from vae.models.likelihoods import SMALLEST_SCALE, Gaussian, GaussianPerPixel
from vae.models.networks import MLP
from vae.models.vae import VAE, build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer

SHAPE = (1, 8, 8)
SMALL = VAEConfig(SHAPE, 2, MLP(hidden=(32,)), GaussianPerPixel())


@pytest.fixture(scope="module")
def digits() -> data.ImageDataset:
    return data.load("digits")


@pytest.fixture(scope="module")
def trained(digits) -> VAE:
    model = build(SMALL)
    list(Trainer(model, digits, TrainConfig(epochs=40, learning_rate=0.005)).run())
    return model.eval()


def settled(lik, x, steps: int):
    """Let σ settle on a decoder whose mean pixels are all 1/2."""
    raw = torch.zeros_like(x)
    for _ in range(steps):
        lik.zero_grad(set_to_none=True)
        (-lik.log_prob(raw, x).mean()).backward()
        lik.settle(x[0].numel())
    return lik.scale.detach()


def test_log_px_is_that_of_normals_with_a_scale_each(generator):
    lik = GaussianPerPixel().module((3, 5, 4)).double()
    with torch.no_grad():
        lik.log_scale.copy_(torch.randn(3, 5, 4, generator=generator) - 1)
    raw, x = torch.randn(2, 6, 3, 5, 4, dtype=torch.float64, generator=generator)
    wanted = Normal(raw.sigmoid(), lik.log_scale.exp()).log_prob(x).sum((1, 2, 3))
    torch.testing.assert_close(lik.log_prob(raw, x), wanted)
    torch.testing.assert_close(lik(raw).log_prob(x), wanted)


def test_each_sigma_settles_at_the_root_mean_square_error_of_its_position():
    errors = torch.linspace(0.02, 0.4, 64).reshape(1, 1, 8, 8)
    x = 0.5 + torch.cat([errors, -errors])
    # each step goes a twentieth of the way in σ²: 300 leave 2e-7 of the start
    found = settled(GaussianPerPixel().module(SHAPE), x, 300)
    torch.testing.assert_close(found, errors[0], rtol=1e-3, atol=0)


def test_a_rare_large_error_counts_as_much_as_it_should():
    lik = GaussianPerPixel().module(SHAPE)
    images = torch.full((100, *SHAPE), 0.5)
    images[7] = 1.0
    for _ in range(10):
        for x in images.split(20):
            settled(lik, x, 1)
    # 1 image of 100 is off by 1/2: σ² = 0.0025. One batch in five has it, the first of each round,
    # and the newest weigh most, from 0.95⁵ of the first up; the start at 0.01 weighs 0.95⁵⁰ = 0.08
    assert lik.pixel_scale() == pytest.approx(0.05, rel=0.15)


def test_what_one_sigma_would_be_is_their_root_mean_square(digits, trained):
    x = torch.from_numpy(digits.train.images).float() / 255
    with torch.no_grad():
        error = (trained.decode_mean(trained.encode(x).mean) - x).square().mean((0, 1))
    # a mean over the last batches, of draws of z where this is at its mean: a tenth
    assert trained.likelihood.pixel_scale() == pytest.approx(error.mean().sqrt().item(), rel=0.1)
    low, high = trained.likelihood.scale_range()
    assert low < 2 * SMALLEST_SCALE and high > error.max().sqrt().item() / 2


def test_it_explains_images_better_than_one_sigma_for_all(digits, trained):
    one = build(VAEConfig(SHAPE, 2, MLP(hidden=(32,)), Gaussian(learned=True)))
    list(Trainer(one, digits, TrainConfig(epochs=40, learning_rate=0.005)).run())
    alike, each = (evaluate(model.eval(), digits.test).elbo for model in (one, trained))
    # some positions are always black, where a small σ is worth nats
    assert each > alike + 10


def test_an_evaluation_tells_their_range_and_how_many_are_at_the_floor(digits, trained, tmp_path):
    found = evaluate(trained, digits.test).to_json()
    low, high = found["pixel_scale_range"]
    assert low <= found["pixel_scale"] <= high
    at = int(np.sum(trained.likelihood.scale.detach().numpy() < 1.01 * SMALLEST_SCALE))
    assert at > 0
    assert f"of {at} of 64 pixel values is at its floor of 0.01" in found["note"]


def test_all_of_them_are_in_the_file(digits, trained, tmp_path):
    write(tmp_path / "each.safetensors", checkpoint_of(trained))
    again = read(tmp_path / "each.safetensors").model.likelihood
    torch.testing.assert_close(again.scale, trained.likelihood.scale)
