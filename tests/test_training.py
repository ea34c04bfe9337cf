"""The training loop: learns, repeats itself exactly, resumes exactly, and stops when it must."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from vae.data import ImageDataset, Split
from vae.errors import UserError
from vae.model import VAEConfig, build
from vae.networks import MLP, Conv, ResNet
from vae.objectives import Autoencoder, Elbo
from vae.training import Diverged, TrainConfig, Trainer, batch_of, fit

TINY = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(32,)))


def make_dataset(count: int = 64) -> ImageDataset:
    """Vertical and horizontal bars, so that there is something to learn."""
    images = np.zeros((count, 1, 8, 8), np.uint8)
    for row in range(count):
        images[row, 0, row % 8, :] = 255 if row % 2 else 0
        images[row, 0, :, row % 8] = 0 if row % 2 else 255
    labels = np.arange(count) % 2
    split = Split(images, labels)
    return ImageDataset(
        name="bars", title="Bars", train=split, validation=split, test=split, class_names=("0", "1")
    )


@pytest.fixture(scope="module")
def dataset():
    return make_dataset()


def train(dataset, config, steps=None):
    trainer = Trainer(build(TINY, config.seed), dataset, config)
    trainer.steps = steps or trainer.steps
    return trainer, list(trainer.run())


def test_a_tiny_model_overfits_sixteen_images():
    config = TrainConfig(epochs=400, binarize="none", learning_rate=0.02, precision="float32")
    small = make_dataset(16)
    model = build(dataclasses.replace(TINY, z_dim=4))
    *_, last = fit(model, small, config)
    first = Trainer(build(dataclasses.replace(TINY, z_dim=4)), small, config)
    before = next(iter(_stopped_at(first, 1)))
    # 16 equally likely images need log 16 = 2.8 nats of rate and next to no distortion
    assert last.train.elbo > -12
    assert before.train.elbo < -35


def _stopped_at(trainer, steps):
    trainer.steps = steps
    yield from trainer.run()


def test_the_same_seed_gives_the_same_weights_bit_for_bit(dataset):
    config = TrainConfig(epochs=5, batch_size=16, seed=3)
    (one, _), (two, _), (other, _) = (
        train(dataset, c) for c in (config, config, dataclasses.replace(config, seed=4))
    )
    for a, b in zip(one.model.parameters(), two.model.parameters(), strict=True):
        assert torch.equal(a, b)
    assert not torch.equal(one.model.encoder[1].weight, other.model.encoder[1].weight)


@pytest.mark.parametrize("architecture", [MLP(hidden=(32,)), Conv((8, 4)), ResNet((8, 4))])
def test_resuming_equals_never_having_stopped(dataset, architecture):
    config = TrainConfig(epochs=6, batch_size=16, objective=Elbo(beta=2.0, warmup=0.5))
    model = dataclasses.replace(TINY, architecture=architecture)
    whole = Trainer(build(model, config.seed), dataset, config)
    list(whole.run())
    half = Trainer(build(model, config.seed), dataset, config)
    for _ in range(10):
        half._advance()
    tensors, values = half.state()
    tensors = {key: value.clone() for key, value in tensors.items()}
    rest = Trainer(build(model, 99), dataset, config)
    rest.restore(tensors, values)
    list(rest.run())
    for a, b in zip(whole.model.parameters(), rest.model.parameters(), strict=True):
        assert torch.equal(a, b)


def test_every_image_is_seen_once_an_epoch(dataset):
    trainer = Trainer(build(TINY), dataset, TrainConfig(epochs=1, batch_size=16))
    rows = []
    for step in range(trainer.steps_per_epoch):
        trainer.step = step
        rows.append(trainer._rows())
    assert sorted(torch.cat(rows).tolist()) == list(range(64))


def test_the_learning_rate_rises_and_falls_along_a_cosine(dataset):
    config = TrainConfig(epochs=100, batch_size=16, rising_steps=40, learning_rate=0.01)
    trainer = Trainer(build(TINY), dataset, config)
    rates = []
    for step in range(trainer.steps):
        trainer.step = step
        rates.append(trainer._learning_rate())
    assert rates[0] == pytest.approx(0.01 / 40)
    assert max(rates) == pytest.approx(0.01, rel=0.05)
    assert rates[200] == pytest.approx(0.005)
    assert rates[-1] < 1e-6


def test_a_time_budget_turns_into_steps_and_is_kept(dataset):
    _, reports = train(dataset, TrainConfig(seconds=1.0, batch_size=16))
    last = reports[-1]
    assert last.step == last.steps
    assert last.remaining == 0


class Machine:
    """A clock that a step moves on, by a time that may change on the way."""

    def __init__(self, monkeypatch, cost_at):
        self.now = 0.0
        advance = Trainer._advance

        def step(trainer):
            self.now += cost_at(self.now)
            return advance(trainer)

        monkeypatch.setattr(Trainer, "_advance", step)
        monkeypatch.setattr("vae.training.time.perf_counter", lambda: self.now)


@pytest.mark.parametrize(
    "cost_at",
    [
        lambda now: 0.1,
        lambda now: 1.0 if now < 12 else 0.1,
        lambda now: 0.1 if now < 12 else 1.0,
        lambda now: 0.3 if now % 2 < 1 else 0.1,
    ],
    ids=["steady", "busy at first", "busy later", "restless"],
)
def test_a_time_budget_holds_on_a_machine_whose_speed_changes(dataset, monkeypatch, cost_at):
    machine = Machine(monkeypatch, cost_at)
    _, reports = train(dataset, TrainConfig(seconds=60.0, batch_size=16))
    assert machine.now == pytest.approx(60.0, rel=0.25)
    assert reports[-1].step == reports[-1].steps


def test_the_remaining_time_follows_the_speed_of_late(dataset, monkeypatch):
    Machine(monkeypatch, lambda now: 1.0 if now < 12 else 0.1)
    _, reports = train(dataset, TrainConfig(seconds=60.0, batch_size=16))
    for report in reports[len(reports) // 2 :]:
        assert report.seconds + report.remaining == pytest.approx(reports[-1].seconds, rel=0.05)


def test_a_planned_number_of_steps_is_part_of_the_state(dataset, monkeypatch):
    Machine(monkeypatch, lambda now: 0.1)
    trainer, _ = train(dataset, TrainConfig(seconds=60.0, batch_size=16))
    again = Trainer(build(TINY), dataset, TrainConfig(seconds=60.0, batch_size=16))
    again.restore(*trainer.state())
    assert (again.step, again.steps) == (trainer.step, trainer.steps)


def test_reports_are_true_to_the_terms(dataset):
    _, reports = train(dataset, TrainConfig(epochs=2, batch_size=16))
    score = reports[-1].validation
    assert score.elbo == pytest.approx(score.reconstruction - score.kl)
    assert sum(reports[-1].kl_per_dim) == pytest.approx(score.kl, rel=1e-5)
    assert reports[-1].epoch == 2


def test_an_autoencoders_report_has_no_kl(dataset):
    model = build(dataclasses.replace(TINY, posterior="point"))
    *_, last = fit(model, dataset, TrainConfig(epochs=1, objective=Autoencoder()))
    assert last.validation.kl is None
    assert last.validation.elbo is None
    assert last.kl_per_dim is None
    assert math.isfinite(last.validation.reconstruction)


def test_divergence_stops_with_the_step_and_a_remedy(dataset):
    trainer = Trainer(build(TINY), dataset, TrainConfig(epochs=50))
    with torch.no_grad():
        trainer.model.decoder[1].weight.fill_(math.nan)
    with pytest.raises(Diverged, match="diverged at step 0 .*try a learning rate below 0.003"):
        list(trainer.run())


def test_a_score_that_is_not_finite_is_divergence_too(dataset):
    trainer = Trainer(build(TINY), dataset, TrainConfig(epochs=1, batch_size=64))
    step = trainer.optimizer.step

    def explode():
        step()
        trainer.model.decoder[1].weight.data.fill_(math.inf)

    trainer.optimizer.step = explode
    with pytest.raises(Diverged, match="diverged at step 1 .the score is"):
        list(trainer.run())


def test_stopping_ends_between_two_steps_with_a_report(dataset):
    trainer = Trainer(build(TINY), dataset, TrainConfig(epochs=50, batch_size=16))
    advance = trainer._advance

    def stop_in_the_middle():
        trainer.stopping = trainer.step == 6
        return advance()

    trainer._advance = stop_in_the_middle
    (last,) = trainer.run()
    assert last.step == trainer.step == 7
    assert last.steps == 200


def test_stochastic_binarization_draws_ink_with_the_greys_probability():
    grey = torch.full((4000, 1, 8, 8), 51, dtype=torch.uint8)
    x = batch_of(grey, slice(None))
    torch.testing.assert_close(x[0, 0, 0, 0], torch.tensor(0.2))
    drawn = torch.bernoulli(x, generator=torch.Generator().manual_seed(0))
    # five standard errors of a share of 256,000 draws
    assert drawn.mean().item() == pytest.approx(0.2, abs=5 * (0.16 / 256_000) ** 0.5)


@pytest.mark.parametrize(
    "values",
    [
        {"epochs": 0},
        {"seconds": 0.0},
        {"seconds": math.nan},
        {"epochs": 2, "seconds": 3.0},
        {"batch_size": 0},
        {"learning_rate": -1.0},
        {"binarize": "sometimes"},
        {"device": "abacus"},
    ],
)
def test_a_config_out_of_range_is_refused(values):
    with pytest.raises(UserError):
        TrainConfig(**values)


def test_a_config_survives_json():
    config = TrainConfig(objective=Elbo(beta=4.0, warmup=0.1), epochs=7, batch_size=32)
    assert TrainConfig.from_json(config.to_json()) == config
