"""The share of a budget: exact for steps, read from the clock for seconds."""

import pytest

from vae.training.budget import LANDING, StepBudget, TimeBudget


def running(seconds: float, step: float, until: float) -> TimeBudget:
    """A budget of seconds under way, whose steps all take as long, up to a time."""
    budget, now = TimeBudget(seconds), 0.0
    # the first step of a process is told apart: it warms up
    budget.took(step)
    for number in range(round(until / step)):
        budget.begin(number, now)
        budget.took(step)
        now += step
    return budget


def test_a_number_of_steps_is_spent_with_its_last_one():
    budget = StepBudget(8)
    assert [budget.is_spent(step, 0.0) for step in (0, 7, 8, 9)] == [False, False, True, True]
    assert [budget.begin(step, 0.0) for step in (0, 2, 7)] == [0, 0.25, 0.875]
    assert budget.tick == 1 / 8


def test_a_time_is_over_where_another_step_would_end_farther_from_it():
    # steps of 0.16 s, short enough for a landing, which this run does not need
    budget = running(10.0, 0.16, until=9.92)
    assert not budget.is_spent(62, 9.91)
    assert budget.is_spent(62, 9.93)


def test_the_first_step_of_a_process_does_not_tell_how_long_the_others_take():
    budget = TimeBudget(60.0)
    budget.took(20.0)
    assert budget.step_seconds == 0
    for duration in (0.1, 0.3, 0.2):
        budget.took(duration)
    assert budget.step_seconds == 0.2


def test_a_step_reads_the_share_at_which_it_will_end():
    budget = running(10.0, 0.5, until=4.0)
    assert budget.begin(8, 4.0) == pytest.approx(0.45)
    assert budget.reached(9) == budget.share


def test_a_pause_has_room_while_it_leaves_time_for_a_landing():
    budget = TimeBudget(50.0)
    last = (1 - LANDING) * 50.0
    assert budget.has_room(40.0, last - 40.0)
    assert not budget.has_room(40.0, last - 40.0 + 0.01)
