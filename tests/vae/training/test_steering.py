"""Changing a training on its way: what may change, and how the schedules go on from there."""

import math

import pytest
import torch

from vae.data import load
from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.training import steering
from vae.training.budget import Leg, StepBudget, TimeBudget
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import OBJECTIVES, Elbo

MODEL = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(8,)))
TRAINING = TrainConfig(objective=Elbo(warmup=0.5), epochs=2, batch_size=256, learning_rate=0.01)


@pytest.fixture(scope="module")
def digits():
    return load("digits")


def trainer_of(digits, training=TRAINING):
    return Trainer(build(MODEL, training.seed), digits, training)


def advance(trainer, step=math.inf):
    """Train to a step, or to the end."""
    trainer.pause_at = step
    for _ in trainer.run():
        pass
    trainer.pause_at = math.inf


def weights(trainer):
    return torch.cat([p.detach().flatten() for p in trainer.model.parameters()])


def rates(trainer):
    """The step size before each step that is left."""
    steps = range(trainer.step, trainer.steps)
    return [trainer._learning_rate(trainer.budget.reached(step)) for step in steps]


@pytest.mark.parametrize("steps", [1, 7, 22, 9973])
def test_without_a_change_the_share_is_the_same_to_the_last_bit(steps):
    budget, timed = StepBudget(steps), TimeBudget(steps / 3)
    assert [budget.begin(k, 0.0) for k in range(steps)] == [k / steps for k in range(steps)]
    assert budget.tick == 1 / steps
    assert [timed.begin(k, k / 9) for k in range(steps)] == [
        k / 9 / (steps / 3) for k in range(steps)
    ]


def test_another_budget_goes_on_from_the_share_reached_to_the_new_end():
    budget = StepBudget(40, Leg(step=10, share=0.5))
    shares = [budget.begin(step, 0.0) for step in range(10, 41)]
    assert shares[0] == 0.5
    assert shares[-1] == 1.0
    steps = {round(b - a, 12) for a, b in zip(shares, shares[1:], strict=False)}
    assert steps == {round(0.5 / 30, 12)}
    timed = TimeBudget(40.0, 0.5, Leg(seconds=10.0, share=0.5))
    assert timed.begin(0, 25.0) == 0.75


def test_a_changed_beta_is_what_the_next_step_is_trained_by(digits):
    plain, steered = trainer_of(digits), trainer_of(digits)
    for trainer in (plain, steered):
        advance(trainer, 6)
    assert torch.equal(weights(plain), weights(steered))
    change = steering.steer(steered, "beta", 8)
    assert (change.what, change.before, change.after, change.step) == ("beta", 1.0, 8.0, 6)
    assert steered.objective.options.beta_at(1.0) == 8.0
    assert steered.config.objective == Elbo(beta=8.0, warmup=0.5)
    for trainer in (plain, steered):
        advance(trainer, 7)
    assert not torch.equal(weights(plain), weights(steered))


def test_what_is_asked_is_heeded_once_before_the_next_step_and_counts_for_it(digits):
    trainer, heard = trainer_of(digits), []

    def heed():
        heard.append(trainer.step)
        steering.steer(trainer, "epochs", 3)

    advance(trainer, 3)
    trainer.heed, trainer.asked = heed, True
    advance(trainer)
    assert heard == [3]
    assert trainer.step == 3 * trainer.steps_per_epoch


def test_a_changed_step_size_scales_what_is_left_of_the_cosine(digits):
    trainer = trainer_of(digits)
    advance(trainer, 5)
    before = rates(trainer)
    steering.steer(trainer, "learning_rate", 0.001)
    assert rates(trainer) == pytest.approx([rate / 10 for rate in before])


def test_more_epochs_stretch_the_cosine_from_where_it_stands_and_it_still_ends_at_zero(digits):
    trainer = trainer_of(digits)
    advance(trainer, trainer.steps - 2)
    stands = rates(trainer)[0]
    steering.steer(trainer, "epochs", 4)
    assert trainer.steps == 4 * trainer.steps_per_epoch
    after = rates(trainer)
    assert after[0] == pytest.approx(stands)
    assert after == sorted(after, reverse=True)
    # the last step is made one share of a step before the end
    last = 0.01 * 0.5 * (1 + math.cos(math.pi * trainer.budget.reached(trainer.steps - 1)))
    assert after[-1] == pytest.approx(last)
    advance(trainer)
    assert trainer.step == 4 * trainer.steps_per_epoch


def test_a_state_that_was_steered_goes_on_to_the_same_weights(digits):
    whole = trainer_of(digits)
    advance(whole, 4)
    steering.steer(whole, "beta", 3)
    steering.steer(whole, "epochs", 3)
    steering.steer(whole, "learning_rate", 0.004)
    advance(whole, 8)
    tensors, values = whole.state()
    tensors = {key: value.clone() for key, value in tensors.items()}
    again = trainer_of(digits)
    again.restore(tensors, values)
    assert again.config == whole.config
    for trainer in (whole, again):
        advance(trainer)
    assert whole.step == again.step == 3 * whole.steps_per_epoch
    assert torch.equal(weights(whole), weights(again))


def test_a_finished_training_goes_on_with_a_new_cosine_and_the_end_of_the_other_schedules(digits):
    trainer = trainer_of(digits)
    advance(trainer)
    assert trainer.done
    change = steering.lengthen(trainer, "epochs", 3)
    assert (change.before, change.after, change.more) == (2, 5, 3)
    steps = rates(trainer)
    assert len(steps) == 3 * trainer.steps_per_epoch
    assert steps[0] < max(steps) > steps[-1]
    assert max(steps) > 0.9 * 0.01
    seen = list(trainer.run())
    assert {report.beta for report in seen} == {1.0}
    assert trainer.step == trainer.steps == 5 * trainer.steps_per_epoch


def test_a_training_by_time_can_go_on_for_epochs(digits):
    trainer = trainer_of(digits, TrainConfig(seconds=0.05, batch_size=256))
    advance(trainer)
    made = trainer.step
    steering.lengthen(trainer, "epochs", 1)
    advance(trainer)
    assert made + trainer.steps_per_epoch <= trainer.step < made + 2 * trainer.steps_per_epoch
    assert trainer.config.seconds is None


def test_a_training_under_way_is_not_trained_longer(digits):
    trainer = trainer_of(digits)
    advance(trainer, 1)
    with pytest.raises(UserError, match="change its epochs or seconds instead"):
        steering.lengthen(trainer, "epochs", 3)


def test_a_budget_that_is_spent_already_is_refused(digits):
    trainer = trainer_of(digits)
    advance(trainer, trainer.steps_per_epoch + 1)
    with pytest.raises(UserError, match="at epoch 1.2 already"):
        steering.steer(trainer, "epochs", 1)


@pytest.mark.parametrize(
    ("objective", "what"),
    [("elbo", ["beta", "learning_rate", "epochs"]), ("iwae", ["learning_rate", "epochs"])]
    + [("factor-vae", ["gamma", "learning_rate", "epochs"]), ("rbm", ["rate", "epochs"])]
    + [("pca", [])],
)
def test_the_options_say_which_of_them_may_change(objective, what):
    config = TrainConfig(objective=OBJECTIVES[objective](), epochs=2)
    assert list(steering.steerable(config)) == what


def test_an_objective_without_beta_says_what_it_can_change():
    config = TrainConfig(objective=OBJECTIVES["iwae"]())
    with pytest.raises(UserError, match="'beta' cannot be changed .*: learning_rate, seconds"):
        steering.changed(config, "beta", 2)


@pytest.mark.parametrize("value", [-1, "much", True, None, math.nan])
def test_a_value_out_of_range_is_refused(value):
    with pytest.raises(UserError, match="beta must be"):
        steering.changed(TRAINING, "beta", value)
