"""Laws of the learned priors: densities, draws, and what each one is particular for."""

import copy
import math

import numpy as np
import pytest
import torch
from torch.distributions import (
    Categorical,
    Independent,
    MixtureSameFamily,
    Normal,
)

from tests.learned_priors import LEARNED, labels_for, moved, told_with
from vae.checkpoint import Atlas
from vae.latent import aggregate
from vae.latent.shown_prior import shown_prior
from vae.models.config import VAEConfig
from vae.models.divergence import divergence, is_exact
from vae.models.networks import MLP
from vae.models.posteriors import POSTERIORS
from vae.models.priors import PRIORS, Flow, Mixture, Vamp, has_density
from vae.models.vae import build, noise_like

FLOWS = [name for name in LEARNED if "flow" in name]
SMALL = MLP(hidden=(16,))


@pytest.fixture
def images(generator):
    """Thirty grey images."""
    return torch.randint(256, (30, 1, 8, 8), generator=generator, dtype=torch.uint8)


def grid(low, high, count, z_dim):
    side = torch.linspace(low, high, count)
    places = torch.stack(torch.meshgrid(*[side] * z_dim, indexing="ij"), -1).reshape(-1, z_dim)
    return places, float(side[1] - side[0]) ** z_dim


@pytest.mark.parametrize("z_dim", [1, 2])
@pytest.mark.parametrize("name", LEARNED)
def test_a_learned_density_integrates_to_one(name, z_dim):
    model = moved(LEARNED[name], z_dim)
    places, cell = grid(-14, 14, 4001 if z_dim == 1 else 561, z_dim)
    mass = model.pz().log_prob(places).double().exp().sum().item() * cell
    # the midpoint rule at steps of 0.05 across kinks and normals no narrower than 0.2
    assert mass == pytest.approx(1, abs=3e-3)


@pytest.mark.parametrize("z_dim", [1, 2, 5])
@pytest.mark.parametrize("name", LEARNED)
def test_draws_follow_the_density_and_the_generator_alone(name, z_dim):
    model = moved(LEARNED[name], z_dim)
    first, second = (model.prior.sample(4000, torch.Generator().manual_seed(2)) for _ in range(2))
    assert torch.equal(first, second)
    # the mean of r(z) / p(z) over draws of p is 1 for any density r
    other = Independent(Normal(first.mean(0), 0.7 * first.std(0)), 1)
    ratio = (other.log_prob(first) - model.pz().log_prob(first)).double().exp()
    # four standard errors
    assert ratio.mean().item() == pytest.approx(1, abs=4 * ratio.std().item() / len(ratio) ** 0.5)


@pytest.mark.parametrize("z_dim", [1, 2, 5])
@pytest.mark.parametrize("name", FLOWS)
def test_a_flows_log_determinant_is_that_of_its_jacobian_and_its_inverse_undoes_it(name, z_dim):
    prior = moved(LEARNED[name], z_dim).prior
    z = 1.5 * torch.randn(20, z_dim, generator=torch.Generator().manual_seed(4))
    noise, change = prior.to_noise(z)
    # float32 through three steps
    torch.testing.assert_close(prior.from_noise(noise), z, atol=2e-4, rtol=1e-4)
    for row in range(len(z)):
        jacobian = torch.autograd.functional.jacobian(lambda at: prior.to_noise(at)[0], z[row])
        expected = torch.linalg.slogdet(jacobian.double()).logabsdet.item()
        assert change[row].item() == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("z_dim", [1, 2, 20])
def test_a_flow_begins_as_the_standard_normal(z_dim):
    for kind in ("spline", "affine"):
        model = build(VAEConfig((1, 8, 8), z_dim, SMALL, prior=Flow(steps=2, hidden=4, kind=kind)))
        z = 3 * torch.randn(50, z_dim, generator=torch.Generator().manual_seed(0))
        normal = Independent(Normal(torch.zeros(z_dim), torch.ones(z_dim)), 1)
        torch.testing.assert_close(model.pz().log_prob(z), normal.log_prob(z))


@pytest.mark.parametrize("name", LEARNED)
def test_in_bfloat16_a_prior_still_scores_in_float32(name):
    model = moved(LEARNED[name], 3)
    z = torch.randn(50, 3, generator=torch.Generator().manual_seed(0))
    with torch.autocast("cpu", torch.bfloat16):
        found = model.pz().log_prob(z)
    assert found.dtype == torch.float32
    if name != "vamp":
        # its own arithmetic is float32; the encoder behind a VampPrior runs in bfloat16
        torch.testing.assert_close(found, model.pz().log_prob(z))


@pytest.mark.parametrize("name", LEARNED)
def test_gradients_reach_all_that_a_prior_learns(name, generator):
    model = moved(LEARNED[name], 2).requires_grad_(True)
    x, y = torch.rand(16, 1, 8, 8, generator=generator), labels_for(model, 16)
    qz = model.encode(x, y)
    z = model.posterior.draw(qz, noise_like(qz, generator))
    divergence(qz, model.pz(y), z).kl.mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.prior.parameters())


# ---- the mixture -------------------------------------------------------------------------------


def test_a_mixtures_components_are_its_distribution():
    model = moved(Mixture(components=5), 3)
    parts = model.prior.components()
    assert parts.weight.sum() == pytest.approx(1)
    loc, scale = torch.from_numpy(parts.loc), torch.from_numpy(parts.scale)
    shares = Categorical(torch.from_numpy(parts.weight))
    expected = MixtureSameFamily(shares, Independent(Normal(loc, scale), 1))
    z = torch.randn(40, 3, generator=torch.Generator().manual_seed(0))
    # the model's own arithmetic is float32
    found = model.pz().log_prob(z).double()
    torch.testing.assert_close(found, expected.log_prob(z.double()), atol=1e-5, rtol=1e-5)


def test_a_mixture_begins_with_the_spread_of_a_standard_normal():
    draws = build(VAEConfig((1, 8, 8), 2, SMALL, prior=Mixture(components=500))).prior.sample(
        20_000, torch.Generator().manual_seed(0)
    )
    # 500 means drawn at random: their own variance is right to four times sqrt(2 / 500)
    torch.testing.assert_close(draws.var(0), torch.ones(2), atol=0.25, rtol=0)


# ---- the VampPrior -----------------------------------------------------------------------------


def test_a_vamp_prior_of_the_training_images_is_the_aggregate_posterior(images):
    model = moved(Vamp(pseudo_inputs=len(images)), 2)
    model.prior.begin(images, torch.Generator().manual_seed(0))
    qz = model.encode(images.float() / 255)
    z = torch.randn(100, 2, generator=torch.Generator().manual_seed(1))
    every = torch.stack(
        [Independent(Normal(*pair), 1).log_prob(z) for pair in zip(qz.loc, qz.scale, strict=True)]
    )
    expected = every.logsumexp(0) - math.log(len(images))
    torch.testing.assert_close(model.pz().log_prob(z), expected, atol=1e-4, rtol=1e-5)
    # and where it is held against them there is no hole at all
    atlas = Atlas(
        qz.loc.numpy(), qz.scale.numpy(), np.zeros(30, np.int64), np.arange(30, dtype=np.int64)
    )
    shown = shown_prior(model.prior)
    density = aggregate.plane_density(atlas, cells=60, prior=shown)
    np.testing.assert_allclose(density.p, density.q, rtol=1e-3, atol=1e-9)
    assert aggregate.holes(density).prior_in_holes == 0
    assert aggregate.marginal(atlas, 1, prior=shown).kl == pytest.approx(0, abs=1e-6)


def test_pseudo_inputs_start_as_different_training_images_or_as_noise(images):
    for count in (12, 70):
        model = build(VAEConfig((1, 8, 8), 2, SMALL, prior=Vamp(pseudo_inputs=count)))
        model.prior.begin(images, torch.Generator().manual_seed(0))
        held = {tuple(row) for row in (images / 255).flatten(1).tolist()}
        found = [tuple(row) for row in model.prior.pseudo_inputs().flatten(1).tolist()]
        assert set(found) <= held and len(set(found)) == min(count, len(images))
    model = build(VAEConfig((1, 8, 8), 2, SMALL, prior=Vamp(pseudo_inputs=9, start="noise")))
    before = model.prior.pixels.clone()
    model.prior.begin(images, torch.Generator().manual_seed(0))
    assert torch.equal(model.prior.pixels, before)


def test_pseudo_inputs_stay_images_however_far_learning_moves_them():
    model = moved(Vamp(pseudo_inputs=9), 2, by=30.0)
    shown = model.prior.pseudo_inputs()
    assert model.prior.pixels.min() < 0 and model.prior.pixels.max() > 1
    assert shown.min() == 0 and shown.max() == 1


def test_a_vamp_prior_follows_the_encoder_at_once():
    model = moved(Vamp(pseudo_inputs=9), 2)
    z = torch.zeros(1, 2)
    before = model.pz().log_prob(z)
    with torch.no_grad():
        model.encoder[-1].bias += 0.5
    assert not torch.allclose(model.pz().log_prob(z), before)
    assert not any("encod" in name for name in model.prior.state_dict())


@pytest.mark.parametrize("posterior", [cls for cls in POSTERIORS.values() if cls.has_density])
def test_a_vamp_prior_is_made_of_whatever_posterior_the_model_has(posterior):
    config = VAEConfig((1, 8, 8), 2, SMALL, prior=Vamp(pseudo_inputs=5), posterior=posterior())
    model = build(config, seed=1).requires_grad_(False)
    z = model.prior.sample(4000, torch.Generator().manual_seed(2))
    other = Independent(Normal(z.mean(0), 0.7 * z.std(0)), 1)
    ratio = (other.log_prob(z) - model.pz().log_prob(z)).double().exp()
    # the mean of r(z) / p(z) over draws of p is 1 for any density r; four standard errors
    assert ratio.mean().item() == pytest.approx(1, abs=4 * ratio.std().item() / len(z) ** 0.5)
    # with covariances it is no mixture that the browser knows, and over all of z its density is
    assert (model.prior.components() is None) == (not posterior.factorises)
    assert shown_prior(model.prior).is_exact(2)


def test_a_copy_of_a_vamp_model_has_an_encoder_of_its_own():
    model = moved(Vamp(pseudo_inputs=9), 2)
    other = copy.deepcopy(model)
    z = torch.zeros(1, 2)
    before = model.pz().log_prob(z)
    with torch.no_grad():
        other.encoder[-1].bias += 0.5
    assert torch.equal(model.pz().log_prob(z), before)
    assert not torch.equal(other.pz().log_prob(z), before)


# ---- the KL ------------------------------------------------------------------------------------


def test_where_there_is_a_formula_for_the_kl_it_is_the_mean_over_draws(generator):
    pairs = 0
    for posterior in POSTERIORS.values():
        if not posterior.has_density:
            continue
        for prior in filter(has_density, PRIORS.values()):
            config = VAEConfig(
                (1, 8, 8),
                3,
                SMALL,
                posterior=posterior(),
                prior=prior(),
                conditioning=told_with(prior()),
            )
            model = build(config, seed=2).requires_grad_(False)
            x, y = torch.rand(4, 1, 8, 8, generator=generator), labels_for(model, 4)
            qz, pz = model.encode(x, y), model.pz(y)
            if not is_exact(qz, pz):
                continue
            noise = torch.randn(20_000, 4, 3, generator=generator)
            z = model.posterior.draw(qz, noise)
            terms = model.posterior.log_prob(qz, noise) - pz.log_prob(z)
            # three standard errors of the mean over 20,000 draws
            error = 3 * terms.std(0) / len(terms) ** 0.5
            gap = (divergence(qz, pz, z[0]).kl - terms.mean(0)).abs()
            assert bool((gap < error + 1e-5).all()), (posterior.name, prior.name)
            pairs += 1
    assert pairs >= 1


@pytest.mark.parametrize("name", LEARNED)
def test_the_kl_to_a_learned_prior_is_right_in_the_mean(name, generator):
    # a grid knows it: ∫ q (log q − log p)
    model = moved(LEARNED[name], 1)
    x = torch.rand(1, 1, 8, 8, generator=generator)
    # where there is one for each class, to the mixture of them all
    qz = model.encode(x, labels_for(model, 1))
    assert not is_exact(qz, model.pz())
    places = (qz.loc + qz.scale * torch.linspace(-8, 8, 8001)[:, None]).reshape(-1, 1)
    log_q = qz.log_prob(places).double()
    terms = log_q.exp() * (log_q - model.pz().log_prob(places).double())
    expected = terms.sum().item() * (places[1] - places[0]).item()
    noise = torch.randn(20_000, 1, 1, generator=generator)
    found = divergence(qz, model.pz(), model.posterior.draw(qz, noise)).kl
    # three standard errors
    limit = 3 * found.std().item() / len(found) ** 0.5
    assert found.mean().item() == pytest.approx(expected, abs=limit)
