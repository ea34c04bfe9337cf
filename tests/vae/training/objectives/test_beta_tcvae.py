"""The KL taken apart: its sum, its limits, and the estimates of q(z) from a batch."""

import itertools
import math

import pytest
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from tests.vae.training.objectives.scoring import images, model_for, score, standard_error
from vae.models.posteriors.posterior import Factorised
from vae.training.objectives import BetaTcvae, Elbo
from vae.training.objectives.beta_tcvae import SAMPLINGS, parts, stratified
from vae.training.objectives.bound import Draw, draw

STANDARD = Factorised(torch.zeros(2), torch.ones(2))


def drawn(loc: torch.Tensor, scale: float, generator: torch.Generator) -> Draw:
    """One draw from each of many posteriors of equal scale."""
    qz = Factorised(loc, torch.full_like(loc, scale))
    z = loc + scale * torch.randn(loc.shape, generator=generator)
    nothing = torch.zeros(len(loc))
    return Draw(qz, STANDARD, z, nothing, nothing, None)


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_the_three_parts_add_up_to_each_draws_log_ratio(sampling, generator):
    found = drawn(torch.randn(7, 2, generator=generator), 0.4, generator)
    apart = parts(found, 1000, sampling)
    ratio = found.qz.log_prob(found.z) - STANDARD.log_prob(found.z)
    torch.testing.assert_close(sum(apart), ratio)


def test_the_parts_of_a_whole_data_set_have_the_kl_for_their_mean(generator):
    found = drawn(torch.randn(2000, 2, generator=generator), 0.4, generator)
    total = sum(parts(found, 2000, "stratified"))
    kl = torch.distributions.kl_divergence(found.qz.base_dist, STANDARD.base_dist).sum(-1)
    assert (total - kl).mean().abs() < 3 * standard_error(total - kl)


def test_a_batch_that_is_the_data_set_knows_the_density_of_all_codes(generator):
    found = drawn(torch.randn(9, 2, generator=generator), 0.4, generator)
    apart = parts(found, 9, "stratified")
    even = Categorical(torch.ones(9))
    joint = MixtureSameFamily(even, Independent(found.qz.base_dist, 1))
    own = found.qz.log_prob(found.z)
    torch.testing.assert_close(apart.mutual_information, own - joint.log_prob(found.z))
    each = MixtureSameFamily(
        Categorical(torch.ones(2, 9)), Normal(found.qz.loc.T, found.qz.scale.T)
    )
    marginals = each.log_prob(found.z).sum(-1)
    torch.testing.assert_close(apart.total_correlation, joint.log_prob(found.z) - marginals)


def test_stratified_weights_are_right_in_the_mean_over_all_batches():
    size, count = 6, 3
    mean = torch.zeros(size)
    batches = list(itertools.combinations(range(1, size), count - 1))
    for others in batches:
        mean[[0, *others]] += stratified(count, size)[0].exp() / len(batches)
    torch.testing.assert_close(mean, torch.full((size,), 1 / size))


def test_weighted_estimates_divide_by_data_set_and_batch(generator):
    found = drawn(torch.randn(5, 2, generator=generator), 0.4, generator)
    apart = parts(found, 100, "weighted")
    log_q = found.qz.log_prob(found.z[:, None])
    log_qz = torch.logsumexp(log_q, 1) - math.log(5 * 100)
    own = found.qz.log_prob(found.z)
    torch.testing.assert_close(apart.mutual_information, own - log_qz)


@pytest.mark.parametrize("correlation", [0.0, 0.8])
def test_the_total_correlation_of_a_gaussian_aggregate_is_that_of_its_formula(
    correlation, generator
):
    # posteriors of variance 1/8 around means that make the whole a normal of variance 1
    around = torch.tensor([[1.0, correlation], [correlation, 1.0]]) - torch.eye(2) / 8
    loc = torch.randn(2500, 2, generator=generator) @ torch.linalg.cholesky(around).T
    found = parts(drawn(loc, (1 / 8) ** 0.5, generator), 2500, "stratified").total_correlation
    expected = -0.5 * math.log(1 - correlation**2)
    # three standard errors, and the bias of 2,500 means, which fill the plane not quite evenly
    assert abs(found.mean() - expected) < 3 * standard_error(found) + 0.02


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_with_all_weights_at_1_it_is_the_elbo_and_so_are_its_gradients(sampling):
    batch, found = images(6), []
    for objective in (Elbo(), BetaTcvae(beta=1.0, sampling=sampling)):
        model = model_for(objective)
        loss = score(objective, batch, model).loss
        loss.backward()
        found.append([loss, *(p.grad for p in model.parameters())])
    for elbo, other in zip(*found, strict=True):
        torch.testing.assert_close(elbo, other)


def test_each_part_has_its_own_weight():
    objective = BetaTcvae(alpha=0.5, beta=6.0, gamma=2.0)
    model, batch = model_for(objective), images(6)
    found = draw(model, batch, torch.Generator().manual_seed(0))
    information, correlation, dimensions = parts(found, 6, "stratified")
    # α times the KL by its formula, in place of the sum of the three parts at this draw
    noise = 0.5 * (found.kl - information - correlation - dimensions)
    cost = 0.5 * information + 6 * correlation + 2 * dimensions + noise - found.log_px
    torch.testing.assert_close(score(objective, batch, model).loss, cost.mean())
