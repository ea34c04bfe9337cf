"""Bits per pixel and channel of 8-bit values: from a density by dequantization, or as they are."""

import math
from dataclasses import replace

import pytest
import torch
from torch.distributions import Normal

from tests.vae.measures.test_evaluation import CONFIG, SCALE, SHAPE, grey, inked
from vae.errors import UserError
from vae.measures.bound import dequantized
from vae.measures.evaluation import evaluate
from vae.models.likelihoods import ContinuousBernoulli, Gaussian, LogisticMixture
from vae.models.vae import VAE, build

LOGISTIC = replace(CONFIG, likelihood=LogisticMixture(components=1))


def silenced(config, raw=()) -> VAE:
    """Build a model that ignores the image: its posterior is the prior, its raw numbers fixed."""
    model = build(config).double()
    with torch.no_grad():
        for network in (model.encoder, model.decoder):
            for parameter in network.parameters():
                parameter.zero_()
        for at, value in enumerate(raw):
            model.decoder[-2].bias.view(-1, *SHAPE[1:])[at] = value
    return model


def test_a_uniform_density_costs_eight_bits():
    model = silenced(replace(CONFIG, likelihood=ContinuousBernoulli()))
    result = evaluate(model, grey(10), importance_samples=3, dequantize=True)
    # log2(256), and what the continuous Bernoulli's series leaves out near logit 0
    assert result.bits_per_dim == pytest.approx(8, abs=1e-7)
    assert result.nll == pytest.approx(64 * math.log(256), abs=1e-5)
    assert result.pixels == "8-bit values"


def test_dequantization_bounds_the_probability_that_a_density_gives_a_cell(generator):
    px, cells = Normal(0.4, 0.02), torch.arange(256, dtype=torch.float64)[:, None] / 256
    exact = (px.cdf(cells + 1 / 256) - px.cdf(cells)).log()
    x = torch.arange(256, dtype=torch.float64)[:, None] / 255
    spread = torch.stack([dequantized(x, generator)[0] for _ in range(2000)])
    assert (((spread - cells) >= 0) & ((spread - cells) < 1 / 256)).all()
    _, volume = dequantized(x, generator)
    bound = px.log_prob(spread).mean(0) + volume
    near = (cells - 0.4).abs() < 0.06
    # Jensen's gap within a cell of 1/5 σ is below 0.02 nats here; the mean of 2,000 draws of a
    # log density with a standard deviation below 0.2 has a standard error of 0.005
    assert (bound <= exact + 0.02)[near].all()
    assert (bound >= exact - 0.04)[near].all()


def test_a_narrower_density_costs_fewer_bits():
    images = replace(grey(10), images=torch.full((10, *SHAPE), 128, dtype=torch.uint8).numpy())
    models = [silenced(replace(CONFIG, likelihood=Gaussian(scale=s))) for s in (0.3, 0.05)]
    wide, narrow = (evaluate(m, images, dequantize=True).bits_per_dim for m in models)
    # −log2 of the mass of a cell in the middle of a normal of that σ
    assert wide == pytest.approx(-math.log2(1 / 256 / (0.3 * math.sqrt(2 * math.pi))), abs=0.01)
    assert narrow == pytest.approx(wide - math.log2(6), abs=0.02)


def test_a_density_without_its_noise_tells_no_bits_and_another_elbo():
    model = silenced(replace(CONFIG, likelihood=Gaussian(scale=SCALE)))
    plain, spread = (evaluate(model, grey(10), dequantize=on) for on in (False, True))
    assert plain.bits_per_dim is None and plain.pixels is None
    assert "dequantize" not in plain.to_json() and spread.to_json()["dequantize"] is True
    # the volume of the cells; the noise itself moves a pixel by less than 1/256
    assert plain.elbo - spread.elbo == pytest.approx(64 * math.log(256), abs=2)


def test_a_mixture_tells_bits_of_8_bit_values_as_it_is():
    # one component at 1/2 with a scale of e²: nearly all is in black and white, half each
    model = silenced(LOGISTIC, raw=(0.0, 0.0, 9.0))
    result = evaluate(model, inked(10))
    assert result.bits_per_dim == pytest.approx(1, abs=0.06)
    assert result.pixels == "8-bit values"
    assert result.note is None


@pytest.mark.parametrize("config", [CONFIG, LOGISTIC], ids=["bernoulli", "mixture"])
def test_a_probability_is_not_dequantized(config):
    with pytest.raises(UserError, match="leave --dequantize out"):
        evaluate(build(config), inked(4), dequantize=True)
