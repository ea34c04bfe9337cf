"""The critic: whom it moves, what it learns to tell, and what it is shown."""

import math

import torch

from tests.vae.training.objectives.scoring import images, model_for, module_of, score
from vae.training.objectives import Elbo, FactorVae
from vae.training.objectives.factor_vae import CriticBound, permuted


def test_the_models_loss_moves_no_critic_and_the_critics_loss_moves_no_model(generator):
    objective, batch = FactorVae(critic_width=8), images(8)
    model = model_for(objective)
    module = module_of(objective, model)
    terms = module.terms(model, batch, 0.0, 8, generator)
    terms.loss.backward(retain_graph=True)
    assert all(p.grad is None for p in module.parameters())
    assert all(p.grad is not None for p in model.parameters())
    model.zero_grad()
    terms.own.backward()
    assert all(p.grad is not None for p in module.parameters())
    assert all(p.grad is None for p in model.parameters())


def test_the_critics_number_is_weighted_by_gamma_and_moves_the_encoder():
    batch, gradients, losses = images(8), [], []
    for objective in (Elbo(), FactorVae(gamma=0.0), FactorVae(gamma=5.0)):
        model = model_for(objective)
        terms = score(objective, batch, model)
        terms.loss.backward()
        losses.append(terms.loss.detach())
        gradients.append([p.grad for p in model.encoder.parameters()])
    torch.testing.assert_close(losses[0], losses[1])
    assert (losses[2] - losses[1]).abs() > 1e-3
    for elbo, without, weighted in zip(*gradients, strict=True):
        torch.testing.assert_close(elbo, without)
        assert not torch.equal(without, weighted)


def test_permuted_codes_keep_each_dimensions_values_and_lose_their_rows(generator):
    codes = torch.arange(200.0)[:, None].expand(-1, 3)
    mixed = permuted(codes, generator)
    assert torch.equal(mixed.sort(0).values, codes)
    # of 200 rows one in the mean keeps its partner
    assert (mixed[:, 0] == mixed[:, 1]).sum() < 8


def test_the_critic_learns_the_total_correlation_of_a_correlated_gaussian(generator):
    correlation = 0.8
    options = FactorVae(critic_width=32, critic_layers=2, critic_learning_rate=3e-3)
    critic: CriticBound = module_of(options, model_for(options))
    (optimizer,) = critic.optimizers(learning_rate=1.0)
    root = torch.linalg.cholesky(torch.tensor([[1.0, correlation], [correlation, 1.0]]))

    def codes(count: int) -> torch.Tensor:
        return torch.randn(count, 2, generator=generator) @ root.T

    for _ in range(400):
        optimizer.zero_grad()
        critic.told_apart(codes(1000), generator).backward()
        optimizer.step()
    with torch.inference_mode():
        found = critic.critic(codes(20_000)).mean().item()
    # a critic trained for a second tells it to about a tenth
    assert abs(found - -0.5 * math.log(1 - correlation**2)) < 0.06


def test_the_critic_keeps_its_own_step_size():
    options = FactorVae(critic_learning_rate=0.02)
    (optimizer,) = module_of(options, model_for(options)).optimizers(learning_rate=0.5)
    assert optimizer.param_groups[0]["lr"] == 0.02
