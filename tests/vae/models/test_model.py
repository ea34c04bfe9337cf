"""Networks, priors, likelihoods and the model they make."""

import itertools
import math

import pytest
import torch
from torch import nn
from torch.distributions import Independent, constraints

from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.models.likelihoods import LIKELIHOODS, Gaussian
from vae.models.likelihoods.continuous_bernoulli import continuous_bernoulli_mean
from vae.models.networks import ARCHITECTURES, MLP, Crop, Fourier, Residual
from vae.models.vae import VAE, build

SHAPES = [(1, 8, 8), (1, 28, 28), (3, 64, 64), (3, 17, 23), (1, 9, 64)]
BROWSER_LAYERS = (
    *(nn.Flatten, nn.Linear, nn.LayerNorm, nn.ReLU, nn.SiLU, nn.Tanh, nn.Sigmoid, nn.Unflatten),
    *(nn.Conv2d, nn.ConvTranspose2d, Fourier, Residual, Crop),
)


@pytest.mark.parametrize(
    ("architecture", "shape"), list(itertools.product(ARCHITECTURES.values(), SHAPES))
)
def test_every_architecture_fits_every_image_shape(architecture, shape, generator):
    model = build(VAEConfig(image_shape=shape, z_dim=3, architecture=architecture()))
    x = torch.rand(2, *shape, generator=generator)
    qz = model.encode(x)
    assert qz.loc.shape == qz.scale.shape == (2, 3)
    assert bool((qz.scale > 0).all())
    assert model.decode_mean(qz.loc).shape == x.shape
    assert model.decode(qz.loc).log_prob(x).shape == (2,)


@pytest.mark.parametrize("architecture", ARCHITECTURES.values())
@pytest.mark.parametrize("z_dim", [1, 128])
def test_every_architecture_takes_the_smallest_and_the_largest_z(architecture, z_dim):
    model = build(VAEConfig(image_shape=(1, 8, 8), z_dim=z_dim, architecture=architecture()))
    assert model.decode_mean(torch.zeros(1, z_dim)).shape == (1, 1, 8, 8)


@pytest.mark.parametrize("architecture", ARCHITECTURES.values())
def test_networks_keep_to_the_layers_the_browser_knows(architecture):
    model = build(VAEConfig(architecture=architecture()))
    stacks = [model.encoder, model.decoder]
    while stacks:
        for layer in stacks.pop():
            assert isinstance(layer, BROWSER_LAYERS)
            stacks += [layer] if isinstance(layer, Residual) else []


def test_fourier_features_stand_in_the_documented_order():
    z = torch.tensor([[1.0, 2.0]], dtype=torch.float64)
    wanted = [1, 2, math.sin(0.5), math.sin(1), math.cos(0.5), math.cos(1)]
    wanted += [math.sin(1), math.sin(2), math.cos(1), math.cos(2)]
    assert Fourier(2)(z)[0].tolist() == pytest.approx(wanted, abs=1e-15)


def test_weights_follow_from_the_seed_and_leave_the_global_generator_alone():
    before = torch.get_rng_state()
    first, second, other = (build(VAEConfig(), seed) for seed in (4, 4, 5))
    assert torch.equal(torch.get_rng_state(), before)
    same = [torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters(), strict=True)]
    assert all(same)
    assert not torch.equal(first.encoder[1].weight, other.encoder[1].weight)


def test_an_autoencoder_gives_a_point():
    model = build(VAEConfig(posterior="point", image_shape=(1, 8, 8)))
    qz = model.encode(torch.rand(4, 1, 8, 8))
    assert torch.equal(qz.scale, torch.zeros(4, 2))
    assert torch.equal(qz.rsample(), qz.loc)


@pytest.mark.parametrize(
    ("log_scale", "kept"), [(-50.0, -7.0), (50.0, 7.0), (-6.0, -6.0), (6.0, 6.0)]
)
def test_a_posterior_is_neither_narrower_nor_wider_than_seven_powers_of_e(log_scale, kept):
    model = build(VAEConfig(image_shape=(1, 8, 8)))
    with torch.no_grad():
        model.encoder[-1].weight.zero_()
        model.encoder[-1].bias.copy_(torch.tensor([1.0, 2.0, log_scale, log_scale]))
    qz = model.encode(torch.zeros(1, 1, 8, 8))
    torch.testing.assert_close(qz.loc, torch.tensor([[1.0, 2.0]]))
    torch.testing.assert_close(qz.scale, torch.full((1, 2), math.exp(kept)))


@pytest.mark.parametrize("likelihood", LIKELIHOODS.values())
def test_what_a_network_in_bfloat16_gives_is_read_in_float32(likelihood, generator):
    model = build(VAEConfig(image_shape=(1, 8, 8), likelihood=likelihood()))
    x = torch.rand(4, 1, 8, 8, generator=generator)
    with torch.autocast("cpu", torch.bfloat16):
        assert model.encoder(x).dtype == torch.bfloat16
        qz = model.encode(x)
        given = (qz.loc, qz.scale, model.log_px(x, qz.loc), model.decode_mean(qz.loc))
    assert {values.dtype for values in given} == {torch.float32}


def test_images_of_another_shape_are_refused_in_one_sentence():
    with pytest.raises(UserError, match=r"takes images of \(1, 28, 28\).*not \(3, 28, 28\)"):
        build(VAEConfig()).encode(torch.rand(1, 3, 28, 28))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"z_dim": 0}, "z_dim must be from 1 to 128, not 0"),
        ({"z_dim": 129}, "z_dim must be from 1 to 128, not 129"),
        ({"z_dim": 2.5}, "z_dim must be a whole number, not 2.5"),
        ({"image_shape": (1, 28)}, r"\(1 or 3, height, width\), not \(1, 28\)"),
        ({"image_shape": (2, 28, 28)}, r"\(1 or 3, height, width\), not \(2, 28, 28\)"),
        ({"image_shape": (1, 7, 28)}, "7×28 pixels .* both sides must be from 8 to 64"),
        ({"image_shape": (1, 28, 65)}, "28×65 pixels .* both sides must be from 8 to 64"),
        ({"posterior": "fuzzy"}, "'fuzzy'; choose from gaussian, full, flow, point"),
    ],
)
def test_a_config_out_of_range_is_refused(changes, words):
    with pytest.raises(UserError, match=words):
        VAEConfig(**changes)


@pytest.mark.parametrize(
    ("architecture", "likelihood"), list(itertools.product(ARCHITECTURES, LIKELIHOODS))
)
def test_a_config_survives_json(architecture, likelihood):
    config = VAEConfig(
        image_shape=(3, 9, 10),
        z_dim=7,
        architecture=ARCHITECTURES[architecture](),
        likelihood=LIKELIHOODS[likelihood](),
        posterior="point",
    )
    assert VAEConfig.from_json(config.to_json()) == config


def test_an_unknown_key_in_a_config_is_an_error():
    with pytest.raises(UserError, match="unknown option 'colour' of model"):
        VAEConfig.from_json({"colour": "red"})
    with pytest.raises(UserError, match="unknown architecture 'mpl'; choose from mlp"):
        VAEConfig.from_json({"architecture": {"name": "mpl"}})


def log_bernoulli(x, raw):
    # grey pixels count as probabilities of white
    return x * raw.sigmoid().log() + (1 - x) * (-raw).sigmoid().log()


def log_gaussian(x, raw):
    return -((x - raw.sigmoid()) ** 2) / (2 * 0.1**2) - math.log(0.1 * math.sqrt(2 * math.pi))


def log_continuous_bernoulli(x, raw):
    # exp(raw·x), divided by its integral from 0 to 1
    return raw * x - (torch.expm1(raw) / raw).log()


def log_logistic_mixture(x, raw):
    # differences of the distribution function at the middle of two steps, added up as they are
    value, total = (255 * x).round(), 0.0
    for k in range(5):
        weight = raw[:, :5].softmax(1)[:, k : k + 1]
        loc = raw[:, 5 + k : 6 + k] + (k + 0.5) / 5
        scale = torch.exp(torch.log1p(torch.exp(raw[:, 10 + k : 11 + k] + 6)) - 8)
        above = torch.where(value == 255, 1.0, torch.sigmoid(((value + 0.5) / 255 - loc) / scale))
        below = torch.where(value == 0, 0.0, torch.sigmoid(((value - 0.5) / 255 - loc) / scale))
        total = total + weight * (above - below)
    return total.log()


FORMULAS = {
    "bernoulli": log_bernoulli,
    "gaussian": log_gaussian,
    "gaussian-per-pixel": log_gaussian,
    "continuous-bernoulli": log_continuous_bernoulli,
    "logistic-mixture": log_logistic_mixture,
}


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_log_px_is_the_textbooks_formula_summed_over_an_image(name, generator):
    model = VAE(VAEConfig(image_shape=(1, 8, 8), likelihood=LIKELIHOODS[name]())).double()
    z = torch.randn(5, 2, dtype=torch.float64, generator=generator)
    x = torch.rand(5, 1, 8, 8, dtype=torch.float64, generator=generator)
    wanted = FORMULAS[name](x, model.decoder(z)).sum((1, 2, 3))
    # σ is kept in float32; the series of the continuous Bernoulli is good to 1e-7 a pixel
    torch.testing.assert_close(model.log_px(x, z), wanted, atol=1e-5, rtol=1e-6)
    torch.testing.assert_close(model.decode(z).log_prob(x), wanted, atol=1e-5, rtol=1e-6)


def pixel_values(lik, raw) -> tuple[torch.Tensor, float]:
    """Values that a pixel may take, and how far they lie apart; 1 for discrete ones."""
    if not lik.is_density:
        levels = 2 if lik.is_binary else 256
        return torch.linspace(0, 1, levels, dtype=torch.float64), 1.0
    support = lik(raw).base_dist.support
    low, high = {constraints.unit_interval: (0, 1), constraints.real: (-10, 10)}[support]
    step = (high - low) / 40_000
    return low + step * (torch.arange(40_000, dtype=torch.float64) + 0.5), step


@pytest.mark.parametrize("raw", [-4.0, -0.3, 0.0, 1.0, 6.0])
@pytest.mark.parametrize("likelihood", LIKELIHOODS.values())
def test_a_likelihood_adds_up_to_one_and_its_mean_is_that_of_its_density(likelihood, raw):
    lik = likelihood().module((1, 1, 1)).double()
    raw = torch.full((1, lik.raw_channels(1), 1, 1), raw, dtype=torch.float64)
    values, step = pixel_values(lik, raw)
    images = values[:, None, None, None]
    mass = step * lik.log_prob(raw.expand(len(images), -1, 1, 1), images).exp()
    # the midpoint rule over cells of 1/40,000, and of 1/200 σ where a pixel is unbounded
    assert mass.sum().item() == pytest.approx(1, abs=1e-7)
    # the mixture gives its mean before it is cut into 256 values: see test_logistic_mixture.py
    most = 0.5 / 255 if lik.link == "logistic-mixture" else 1e-7
    assert (mass * values).sum().item() == pytest.approx(lik.mean(raw).item(), abs=most)


def test_the_continuous_bernoulli_mean_is_right_where_its_terms_cancel():
    logits = torch.tensor([0.0, 1e-8, 1e-4, 0.0199, 0.0201, 1.0, 40.0, -1.0], dtype=torch.float64)
    # quadrature of x·p(x) over [0, 1], p(x) proportional to exp(t·x)
    x = (torch.arange(200_000, dtype=torch.float64) + 0.5) / 200_000
    weight = torch.exp(logits[:, None] * (x - 1))
    oracle = (weight * x).sum(1) / weight.sum(1)
    # the midpoint rule over 200,000 cells is exact to about (t/N)², under 1e-7 at t = 40
    torch.testing.assert_close(continuous_bernoulli_mean(logits), oracle, atol=1e-7, rtol=0)
    single = continuous_bernoulli_mean(logits.float())
    torch.testing.assert_close(single.double(), oracle, atol=1e-6, rtol=0)


@pytest.mark.parametrize("logit", [0.0, 1e-6, 0.19, 0.21, -2.0, 30.0, -50.0])
def test_the_continuous_bernoulli_density_is_normalised(logit):
    t = torch.full((1, 1, 8, 8), logit, dtype=torch.float64)
    x = torch.linspace(0, 1, 64, dtype=torch.float64).reshape(1, 1, 8, 8)
    log_px = LIKELIHOODS["continuous-bernoulli"]().module((1, 1, 1))(t).base_dist.log_prob(x)
    # ∫ exp(t·x) over [0, 1] is (exp(t) − 1)/t, here scaled so that neither end overflows
    norm = 0.0 if logit == 0 else max(logit, 0) + math.log(-math.expm1(-abs(logit)) / abs(logit))
    # the series near 0 leaves out 31·t⁶/90,720, under 1e-7 at 0.2
    torch.testing.assert_close(log_px, logit * x - norm, atol=1e-7, rtol=1e-12)


def test_the_continuous_bernoulli_draws_have_its_mean():
    lik = LIKELIHOODS["continuous-bernoulli"]().module((1, 1, 1))
    px = lik(torch.full((1, 1, 8, 8), 1.5)).expand((4000,))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        draws = px.sample()
    # five standard errors of 256,000 draws with a variance below 1/12
    assert draws.mean().item() == pytest.approx(
        lik.mean(torch.tensor([1.5])).item(), abs=5 * (1 / 12 / 256_000) ** 0.5
    )


def test_a_learned_scale_is_a_parameter_and_a_fixed_one_is_not():
    fixed = VAE(VAEConfig(likelihood=Gaussian(scale=0.2)))
    learned = VAE(VAEConfig(likelihood=Gaussian(scale=0.2, learned=True)))
    assert not any("scale" in name for name in fixed.state_dict())
    assert learned.likelihood.log_scale.requires_grad
    assert learned.likelihood.scale.item() == pytest.approx(0.2)


def test_the_prior_is_a_standard_normal_of_the_models_width():
    prior = VAE(VAEConfig(z_dim=5)).prior()
    assert isinstance(prior, Independent) and prior.event_shape == (5,)
    assert torch.equal(prior.loc, torch.zeros(5))
    assert torch.equal(prior.scale, torch.ones(5))


def test_a_mirrored_mlp_has_the_textbooks_number_of_weights():
    model = VAE(VAEConfig(z_dim=32, architecture=MLP(hidden=(400,), norm="none", fourier=0)))
    encoder = 784 * 400 + 400 + 400 * 64 + 64
    decoder = 32 * 400 + 400 + 400 * 784 + 784
    assert sum(p.numel() for p in model.parameters()) == encoder + decoder
