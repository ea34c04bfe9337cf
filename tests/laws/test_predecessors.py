"""PCA against scikit-learn, and Boltzmann machines against the sum over all their states."""

import itertools

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA as SklearnPCA

from vae.data import ImageDataset, Split
from vae.errors import UserError
from vae.models.boltzmann import Machine, machines
from vae.models.config import VAEConfig
from vae.models.networks import MLP, BeliefNet
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import DBN, PCA, RBM, check_fit, first_of
from vae.training.objectives.boltzmann import as_sklearn
from vae.training.validation import validate

SHAPE, PIXELS = (1, 8, 8), 64


def dataset(count: int = 200) -> ImageDataset:
    """Images that vary along a few directions more than along others."""
    rng = np.random.default_rng(0)
    mixed = rng.normal(size=(count, PIXELS)) * np.geomspace(2, 0.1, PIXELS)
    mixed = mixed @ np.linalg.qr(rng.normal(size=(PIXELS, PIXELS)))[0]
    return of_pixels((128 + 40 * mixed).clip(0, 255).astype(np.uint8).reshape(count, *SHAPE))


def of_pixels(pixels: np.ndarray) -> ImageDataset:
    """The same images as every split."""
    split = Split(pixels, np.zeros(len(pixels), np.int64))
    return ImageDataset("noise", "Noise", split, split, split, ("noise",))


def trainer(objective, z_dim: int = 3, **changes) -> Trainer:
    """A trainer of a model as the objective would have it."""
    kinds = ("architecture", "likelihood", "prior", "posterior")
    parts = {kind: first_of(type(objective), kind, None) for kind in kinds}
    config = VAEConfig(SHAPE, z_dim, **parts | changes)
    training = TrainConfig(objective, batch_size=50, epochs=None if objective.at_once else 6)
    return Trainer(build(config), dataset(), training)


def deep(**changes) -> Trainer:
    """A trainer of a deep belief network 64-12-6-3."""
    return trainer(DBN(**changes), architecture=BeliefNet((12, 6)))


def pixels_of(made: Trainer) -> torch.Tensor:
    """All training images, (N, C, H, W)."""
    return made.images.take(torch.arange(len(made.images.images))).x


# ---- principal components ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def components() -> Trainer:
    made = trainer(PCA())
    list(made.run())
    return made


@torch.no_grad()
def test_pca_encodes_and_decodes_as_scikit_learn_does(components):
    x = pixels_of(components)
    wanted = SklearnPCA(3, svd_solver="full").fit(x.flatten(1).double().numpy())
    z = components.model.encode(x).mean
    # float32 against float64, with codes up to 5 that are sums of 64 products
    np.testing.assert_allclose(z, wanted.transform(x.flatten(1).double().numpy()), atol=2e-5)
    back = wanted.inverse_transform(z.double().numpy()).reshape(x.shape)
    np.testing.assert_allclose(components.model.decode_mean(z), back, atol=1e-5)


@torch.no_grad()
def test_the_error_of_pca_is_the_sum_of_the_eigenvalues_that_are_left_out(components):
    x = pixels_of(components)
    back = components.model.decode_mean(components.model.encode(x).mean)
    error = (x - back).double().square().flatten(1).sum(1).mean().item()
    tail = np.linalg.eigvalsh(np.cov(x.flatten(1).double().numpy().T, bias=True))[:-3].sum()
    # no linear autoencoder of three dimensions has a smaller one (Eckart and Young 1936)
    assert error == pytest.approx(tail, rel=1e-5)
    # and the likelihood's standard deviation is the best one for it
    scale = components.model.likelihood.pixel_scale()
    assert scale**2 * PIXELS == pytest.approx(tail, rel=1e-5)


def test_pca_is_one_step_whatever_the_budget_and_twice_the_same(components):
    again = trainer(PCA())
    (report,) = again.run()
    assert (report.step, report.steps, report.share) == (1, 1, 1.0)
    found, wanted = again.model.state_dict(), components.model.state_dict()
    assert all(torch.equal(found[key], wanted[key]) for key in wanted)


def test_more_components_than_there_are_numbers_are_refused():
    with pytest.raises(UserError, match="no more than 64 principal components, and z has 65"):
        trainer(PCA(), z_dim=65)


# ---- Boltzmann machines ------------------------------------------------------------------------


def tiny_machine() -> Machine:
    """Four visible and three hidden units, far from independent."""
    generator = torch.Generator().manual_seed(3)
    machine = Machine(torch.nn.Linear(4, 3), torch.nn.Linear(3, 4))
    machine.set(
        1.5 * torch.randn(3, 4, generator=generator),
        0.5 * torch.randn(3, generator=generator),
        0.5 * torch.randn(4, generator=generator),
    )
    return machine


def states(count: int) -> torch.Tensor:
    """All states of so many units."""
    return torch.tensor(list(itertools.product((0.0, 1.0), repeat=count)))


def exact(machine: Machine) -> torch.Tensor:
    """p(v) of all states of the visible units, by the sum over all of both sides."""
    v, h = states(4), states(3)
    joint = (v @ machine.down.bias)[:, None] + h @ machine.up.bias + v @ machine.up.weight.T @ h.T
    return torch.softmax(joint.flatten(), 0).reshape(joint.shape).sum(1)


@torch.no_grad()
def test_gibbs_sampling_comes_to_the_exact_distribution():
    machine, count = tiny_machine(), 40_000
    generator = torch.Generator().manual_seed(0)
    v = machine.gibbs(machine.start(count, generator), 60, generator)
    seen = torch.bincount((v @ torch.tensor([8.0, 4.0, 2.0, 1.0])).long(), minlength=16) / count
    p = exact(machine)
    distance = 0.5 * (seen - p).abs().sum()
    # the mean distance of that many independent draws is at most ½ Σ √(p(1 − p)/n), and each
    # draw moves it by 1/n at most, so that it exceeds the mean by 4/√(2n) once in e³² times
    bound = 0.5 * (p * (1 - p) / count).sqrt().sum() + 4 / (2 * count) ** 0.5
    assert distance < bound
    # the start, from which the chains came, is farther away
    start = machine.down.bias.sigmoid()
    first = torch.where(states(4) == 1, start, 1 - start).prod(1)
    assert 0.5 * (first - p).abs().sum() > 5 * bound


@torch.no_grad()
def test_the_free_energy_is_the_logarithm_of_the_exact_probabilities():
    machine = tiny_machine()
    log_p = torch.log_softmax(-machine.free_energy(states(4)), 0)
    torch.testing.assert_close(log_p, exact(machine).log())


@torch.no_grad()
def test_the_way_up_a_trained_stack_is_scikit_learns_transform():
    made = deep()
    list(made.run())
    stack = machines(made.model.encoder, made.model.decoder)
    assert [tuple(machine.up.weight.shape) for machine in stack] == [(12, 64), (6, 12), (3, 6)]
    x = pixels_of(made)
    found = made.model.encode(x).mean.sigmoid()
    wanted = x.flatten(1).double().numpy()
    for machine in stack:
        wanted = as_sklearn(machine).transform(wanted)
    # three layers of float32 against float64
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_each_machine_learns_in_its_own_share_of_the_budget_and_both_ways_stay_tied():
    made = deep(rate=0.5)
    stack = machines(made.model.encoder, made.model.decoder)
    learnt = []
    while not made.done:
        before = [machine.up.weight.clone() for machine in stack]
        made._advance()
        pairs = zip(before, stack, strict=True)
        moved = [not torch.equal(weight, machine.up.weight) for weight, machine in pairs]
        learnt.append(moved.index(True))
        assert sum(moved) == 1
    assert learnt == [0] * 8 + [1] * 8 + [2] * 8
    assert all(torch.equal(machine.up.weight, machine.down.weight.T) for machine in stack)


def test_a_stack_that_stops_and_goes_on_ends_where_a_whole_one_does():
    whole, half, resumed = deep(), deep(), deep()
    list(whole.run())
    for _ in range(11):
        half._advance()
    resumed.restore(*half.state())
    list(resumed.run())
    expected, found = whole.state()[0], resumed.state()[0]
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[key], found[key]) for key in expected)


def test_a_machine_learns_the_images():
    made = trainer(RBM(rate=0.5), z_dim=16)
    upper = np.zeros((50, *SHAPE), np.uint8)
    upper[:, :, :4] = 255
    made = Trainer(
        made.model,
        of_pixels(np.concatenate([upper, 255 - upper])),
        TrainConfig(RBM(rate=0.5), batch_size=20, epochs=40),
    )
    # one half white, one half black: at first every pixel is as likely either way
    assert validate(made.step_module, made.held_out, "cpu")[0].reconstruction == pytest.approx(
        -PIXELS * np.log(2), rel=0.01
    )
    list(made.run())
    assert validate(made.step_module, made.held_out, "cpu")[0].reconstruction > -10


def test_draws_follow_the_generator_and_the_longer_chain_goes_on_from_the_shorter():
    prior = deep().model.prior
    first, second = (prior.sample(5, torch.Generator().manual_seed(1)) for _ in range(2))
    assert torch.equal(first, second)
    moments = (0, 10, prior.gibbs_steps)
    chain = prior.chain(5, moments, torch.Generator().manual_seed(1))
    assert chain.shape == (3, 5, 3)
    assert torch.equal(chain[-1], first)


@pytest.mark.parametrize(
    ("objective", "changes", "words"),
    [
        (PCA(), {"architecture": MLP()}, "pca comes with its own architecture, Linear"),
        (DBN(), {"prior": "standard-normal"}, "dbn comes with its own prior, Boltzmann machine"),
    ],
)
def test_an_objective_that_fits_a_model_of_its_own_takes_no_other(objective, changes, words):
    with pytest.raises(UserError, match=words):
        trainer(objective, **changes)


def test_nothing_is_held_to_a_prior_without_a_density():
    from vae.training.objectives import Elbo

    with pytest.raises(UserError, match="elbo does not take the prior boltzmann"):
        check_fit(Elbo(), VAEConfig(prior="boltzmann", architecture="belief-net"))
