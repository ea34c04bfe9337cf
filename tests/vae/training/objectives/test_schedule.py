"""The weight of the KL over a training: along a line, in cycles, counted in steps."""

import dataclasses

import pytest

from tests.vae.training.objectives.scoring import TINY
from tests.vae.training.test_step import trainer
from vae.errors import UserError
from vae.options import from_json, to_json
from vae.training.objectives import OBJECTIVES, Elbo, check_fit
from vae.training.objectives import planned as planned_options


def test_beta_rises_over_the_first_part_of_each_cycle_and_ends_at_its_value():
    objective = Elbo(beta=4.0, warmup=0.5, cycles=4)
    shares = (0, 1 / 16, 1 / 8, 3 / 16, 1 / 4, 5 / 16, 7 / 8, 31 / 32, 1)
    assert [objective.beta_at(share) for share in shares] == [0, 2, 4, 4, 0, 2, 4, 4, 4]


def test_a_last_cycle_that_rises_to_its_end_ends_at_beta():
    assert Elbo(beta=3.0, warmup=1.0, cycles=2).beta_at(1.0) == 3.0


def test_a_warm_up_in_steps_is_that_share_of_the_steps():
    objective = Elbo(beta=2.0, warmup_steps=30)
    assert [objective.over(120).beta_at(step / 120) for step in (0, 15, 30, 99)] == [0, 1, 2, 2]
    cyclical = dataclasses.replace(objective, cycles=2).over(120)
    assert [cyclical.beta_at(step / 120) for step in (0, 15, 30, 60, 75)] == [0, 1, 2, 0, 1]


def test_a_trainer_counts_the_steps_of_the_warm_up_it_is_asked_for():
    made = trainer(Elbo(beta=2.0, warmup_steps=1))
    assert made.objective.options.warmup == 1.0
    assert made.config.objective.warmup_steps == 1


def test_a_config_of_before_opens_as_it_was():
    old = {"name": "elbo", "beta": 4.0, "warmup": 0.25, "free_bits": 0.5}
    opened = from_json(OBJECTIVES, old, "objective")
    assert opened == Elbo(beta=4.0, warmup=0.25, free_bits=0.5)
    assert opened.beta_at(0.125) == 2.0
    assert old.items() <= to_json(opened).items()


@pytest.mark.parametrize(
    ("objective", "words"),
    [
        (Elbo(warmup=0.5, warmup_steps=9), "two lengths of one KL warm-up; set warmup to 0"),
        (Elbo(cycles=3), "3 cycles of a KL warm-up need one; set warmup"),
    ],
)
def test_schedules_that_contradict_themselves_are_refused(objective, words):
    with pytest.raises(UserError, match=words):
        check_fit(objective, TINY)


def test_a_warm_up_in_steps_is_refused_where_a_time_decides():
    with pytest.raises(UserError, match="needs a training in epochs.*set warmup, a share"):
        planned_options(Elbo(warmup_steps=10), 16, None)


def test_a_warm_up_longer_than_its_cycle_is_refused():
    with pytest.raises(UserError, match="51 steps is longer than the cycle, of 50 steps"):
        planned_options(Elbo(warmup_steps=51, cycles=2), 16, 100)
