"""The training loop: learns, repeats itself exactly, resumes exactly, and stops when it must."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from vae.data import ImageDataset, Split
from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.models.networks import MLP, Conv, ResNet
from vae.models.vae import build
from vae.training.budget import StepBudget
from vae.training.config import TrainConfig
from vae.training.diverged import Diverged
from vae.training.loop import Trainer, fit
from vae.training.objectives import Autoencoder, Elbo
from vae.training.stopwatch import Stopwatch

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
    trainer.budget = StepBudget(steps) if steps else trainer.budget
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
    trainer.budget = StepBudget(steps)
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


def test_the_learning_rate_rises_and_falls_along_a_cosine(dataset):
    config = TrainConfig(epochs=100, batch_size=16, rising_steps=40, learning_rate=0.01)
    trainer = Trainer(build(TINY), dataset, config)
    rates = []
    for step in range(trainer.steps):
        trainer.step = step
        rates.append(trainer._learning_rate(step / trainer.steps))
    assert rates[0] == pytest.approx(0.01 / 40)
    assert max(rates) == pytest.approx(0.01, rel=0.05)
    assert rates[200] == pytest.approx(0.005)
    assert rates[-1] < 1e-6


@pytest.mark.parametrize("epochs", [10, 100])
def test_the_rise_of_the_learning_rate_is_a_share_of_the_training(dataset, epochs):
    config = TrainConfig(epochs=epochs, batch_size=16, rise=0.25, learning_rate=0.01)
    trainer = Trainer(build(TINY), dataset, config)
    rates = [trainer._learning_rate(step / trainer.steps) for step in range(trainer.steps)]
    half, whole = trainer.steps // 8 - 1, trainer.steps // 4 - 1
    cosine = [0.5 * (1 + math.cos(math.pi * step / trainer.steps)) for step in (half, whole)]
    assert rates[half] == pytest.approx(0.01 * cosine[0] / 2, rel=1 / half)
    assert rates[whole] == pytest.approx(0.01 * cosine[1])


def test_a_config_of_an_older_version_keeps_its_rising_steps():
    old = TrainConfig(epochs=3).to_json() | {"rising_steps": 200}
    del old["rise"]
    assert TrainConfig.from_json(old).rising_steps == 200


def test_a_run_from_before_the_option_keeps_its_memory_of_squared_gradients():
    old = TrainConfig(epochs=3).to_json()
    del old["adam_beta2"]
    assert TrainConfig.from_json(old).adam_beta2 == 0.999


class Machine:
    """A clock that a step moves on, by a time that may change on the way."""

    def __init__(self, dataset, cost_at, seconds=60.0, **config):
        self.now, self.used, self.rates = 0.0, 0.0, []
        watch = Stopwatch(now=lambda: self.now, used=lambda: self.used)
        config = TrainConfig(seconds=seconds, batch_size=16, **config)
        self.trainer = Trainer(build(TINY), dataset, config, watch)
        optimizer = self.trainer.optimizer
        make = optimizer.step

        def step():
            self.rates.append(optimizer.param_groups[0]["lr"] / config.learning_rate)
            cost = cost_at(self.now)
            self.now, self.used = self.now + cost, self.used + cost
            return make()

        optimizer.step = step

    def run(self):
        return list(self.trainer.run())


SPEEDS = {
    "steady": lambda now: 0.1,
    "slow at first": lambda now: 1.0 if now < 12 else 0.1,
    "busy later": lambda now: 0.1 if now < 12 else 1.0,
    "busy at the end": lambda now: 0.1 if now < 54 else 0.8,
    "restless": lambda now: 0.3 if now % 2 < 1 else 0.1,
    "slow to compile": lambda now: 20.0 if now == 0 else 0.05,
    "hung in the middle": lambda now: 40.0 if 15 < now < 16 else 0.1,
}


@pytest.fixture(scope="module", params=SPEEDS.values(), ids=SPEEDS.keys())
def spent(request, dataset):
    """Give a machine that has trained for 60 s at one of the speeds, and its reports."""
    machine = Machine(dataset, request.param)
    return machine, machine.run()


def test_a_time_budget_is_kept_whatever_the_speed(spent):
    machine, reports = spent
    # to half a step, and the landing after a hang
    assert machine.now == pytest.approx(60.0, abs=1.3)
    assert reports[-1].last
    assert reports[-1].remaining == 0
    assert machine.trainer.budget.shortfall(machine.trainer.step, machine.now) is None


def test_a_time_budget_ends_with_a_step_size_of_zero(spent):
    machine, reports = spent
    # half a step of 0.8 s before the end of 60 s, along a cosine
    assert machine.rates[-1] < 2e-4
    # compiling may use up the first third, in which the step size would have been greatest
    assert max(machine.rates) > 0.7
    assert reports[-1].lr < 2e-4 * machine.trainer.config.learning_rate


def test_the_remaining_time_of_a_time_budget_is_what_is_left_of_it(spent):
    for report in spent[1]:
        assert report.seconds + report.remaining == pytest.approx(60.0, abs=1.3)
        assert report.share == pytest.approx(report.seconds / 60.0, abs=0.02)


def test_the_steps_of_a_time_budget_are_known_when_it_is_over(spent):
    *before, last = spent[1]
    assert {report.steps for report in before} == {None}
    assert last.steps == last.step


def test_a_hang_past_the_end_is_followed_by_a_landing(dataset):
    machine = Machine(dataset, lambda now: 50.0 if 29 < now < 30 else 0.1)
    machine.run()
    assert machine.now == pytest.approx(80.0, abs=1.3)
    assert machine.rates[-1] < 1e-3
    words = machine.trainer.budget.shortfall(machine.trainer.step, machine.now)
    assert words.startswith("trained for 80 s instead of 60 s")


def test_a_budget_too_short_for_its_steps_says_so(dataset):
    machine = Machine(dataset, lambda now: 1.2, seconds=1.0)
    machine.run()
    words = machine.trainer.budget.shortfall(machine.trainer.step, machine.now)
    assert words.startswith("only one step fitted into 1 s")


def test_time_in_which_the_process_was_suspended_does_not_count(dataset):
    machine = Machine(dataset, lambda now: 0.1)
    for report in machine.trainer.run():
        if not machine.trainer.watch.suspended and report.seconds > 20:
            machine.now += 48.0
    assert machine.now == pytest.approx(108.0, abs=0.3)
    assert report.seconds == pytest.approx(60.0, abs=0.2)
    assert machine.trainer.watch.suspended == pytest.approx(48.0, abs=0.2)
    assert machine.rates[-1] < 1e-4


def test_beta_warms_up_over_a_share_of_the_time(dataset):
    slow = lambda now: 1.0 if now < 12 else 0.1  # noqa: E731
    machine = Machine(dataset, slow, objective=Elbo(beta=2.0, warmup=0.5))
    for report in machine.run():
        # a report follows its step at once; the step before it read the share at its end
        assert report.beta == pytest.approx(2.0 * min(1.0, report.seconds / 30.0), abs=0.08)


def test_reports_take_at_most_a_quarter_of_the_time(dataset):
    machine = Machine(dataset, lambda now: 0.1)
    reports = []
    for report in machine.trainer.run():
        reports.append(report)
        if not report.last:
            machine.now, machine.used = machine.now + 4.0, machine.used + 4.0
    # how long the first one takes is not known beforehand
    assert 4.0 * (len(reports) - 2) <= 60.0 / 4
    assert machine.now == pytest.approx(60.0, abs=1.3)


def test_a_resumed_time_budget_counts_what_was_trained(dataset):
    machine = Machine(dataset, SPEEDS["restless"])
    for report in machine.trainer.run():
        machine.trainer.stopping = report.seconds > 20
    again = Machine(dataset, lambda now: 0.5)
    again.trainer.restore(*machine.trainer.state())
    # what the last step read, which had predicted another end of itself
    assert again.trainer.budget.reached(0) == machine.trainer.budget.reached(0)
    assert again.trainer.budget.reached(0) != machine.now / 60.0
    again.run()
    assert machine.now + again.now == pytest.approx(60.0, abs=0.5)
    assert again.rates[0] == pytest.approx(machine.rates[-1], abs=0.02)
    assert again.rates[-1] < 1e-3


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


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"epochs": 0}, "epochs must be from 1 to 100000, not 0"),
        ({"seconds": 0.0}, "seconds must be above 0 and at most 1e.06, not 0.0"),
        ({"seconds": math.nan}, "seconds must be .*, not nan"),
        ({"epochs": 2, "seconds": 3.0}, "in epochs or in seconds, not both"),
        ({"batch_size": 0}, "batch_size must be from 1 to 65536, not 0"),
        ({"learning_rate": -1.0}, "learning_rate must be .*, not -1.0"),
        ({"binarize": "sometimes"}, "'sometimes'; choose from none, stochastic"),
        ({"device": "abacus"}, "'abacus'; choose from cpu, cuda, mps"),
    ],
)
def test_a_config_out_of_range_is_refused(values, words):
    with pytest.raises(UserError, match=words):
        TrainConfig(**values)


def test_a_config_survives_json():
    config = TrainConfig(objective=Elbo(beta=4.0, warmup=0.1), epochs=7, batch_size=32)
    assert TrainConfig.from_json(config.to_json()) == config
