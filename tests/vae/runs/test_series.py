"""The members of a sweep trained in one process: in turn, and on from where they were stopped."""

import json
import shutil
from collections.abc import Callable

import pytest
import torch

from vae import checkpoint
from vae.errors import UserError
from vae.files.locks import take
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.runs import control, driver, ending, orders, series, sweep, watch
from vae.runs.series import Place
from vae.sweep import Sweep
from vae.training.config import TrainConfig

MODEL = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(16,)))
SHORT = TrainConfig(epochs=1)


def created(name: str = "mine", training: TrainConfig = SHORT, **varied: object) -> Sweep:
    return sweep.create("digits", MODEL, training, varied or {"seed": [0, 1, 2]}, name)


def states(one: Sweep) -> list[str]:
    return [seen.state for seen in sweep.look(one)]


def states_within(one: Sweep, at: int, then: Callable[[], None] = lambda: None) -> list[list[str]]:
    """Train, and look at the states whenever the member at a place tells something."""
    seen = []

    def tell(place: Place, report: object) -> None:
        if place.number == at:
            then()
            seen.append(states(one))

    series.train(one, watch=tell)
    return seen


def weights(one: Sweep, at: int) -> dict[str, torch.Tensor]:
    path = one.checkpoint_of(one.members[at])
    assert path is not None
    return checkpoint.read(path).model.state_dict()


def test_members_train_in_turn_and_those_that_wait_are_held():
    made = created()
    within = states_within(made, 2)
    assert all(found == ["finished", "running", "queued"] for found in within)
    assert states(made) == ["finished"] * 3


def test_what_has_finished_is_not_trained_again():
    made = created()
    driver.resume(made.folder_of(made.members[1]))
    file = made.folder_of(made.members[1]) / "model.safetensors"
    before, began = file.stat().st_mtime_ns, []
    series.train(made, begins=lambda place: began.append((place.number, place.after)))
    assert (began, file.stat().st_mtime_ns) == ([(1, 1), (3, 0)], before)


def test_a_sweep_that_was_stopped_goes_on_bit_for_bit(monkeypatch: pytest.MonkeyPatch):
    varied, training = {"epochs": [1, 4]}, TrainConfig(epochs=1, batch_size=128)
    whole, stopped = created("whole", training, **varied), created("parts", training, **varied)
    series.train(whole)

    def stop(place: Place, report: object) -> None:
        if place.number == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as hurried, pytest.raises(ending.Stopped):
        # a report at each step, so that it can be stopped at any
        hurried.setattr("vae.training.loop.REPORT_SECONDS", 0)
        series.train(stopped, watch=stop)
    seen = watch.view(stopped.folder_of(stopped.members[1]))
    assert 0 < seen.step < seen.steps
    series.train(stopped)
    events = [event.event for event in watch.events(seen.path)]
    assert events == ["started", "cancelled", "resumed", "finished"]
    for at in (0, 1):
        expected, found = weights(whole, at), weights(stopped, at)
        assert all(torch.equal(found[name], value) for name, value in expected.items())


def test_a_member_that_fails_is_said_and_the_next_one_trains():
    made = created(learning_rate=[1e-3, 1e-2])
    config = made.folder_of(made.members[0]) / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"dataset": "gone"}))
    said = []
    series.train(made, ended=lambda place, what: said.append((place.number, what)))
    assert states(made) == ["failed", "finished"]
    ((number, what),) = said
    assert number == 1
    assert "unknown data set 'gone'" in what
    assert sweep.look(made)[0].error == what


def test_a_member_that_is_cancelled_while_it_waits_is_left_out():
    made = created()
    cancelled = made.folder_of(made.members[2])
    within = states_within(made, 1, lambda: orders.add(cancelled, orders.CANCEL))
    # what is asked is obeyed at the next report
    assert within[-1] == ["running", "queued", "cancelled"]
    assert states(made) == ["finished", "finished", "cancelled"]


def test_what_was_asked_before_no_longer_counts():
    made = created()
    sweep.cancel(made)
    assert states(made) == ["cancelled"] * 3
    series.train(made)
    assert states(made) == ["finished"] * 3


def test_a_deleted_member_stays_deleted():
    made = created()
    shutil.rmtree(made.folder_of(made.members[0]))
    series.train(made)
    assert states(made) == ["deleted", "finished", "finished"]


def test_a_member_in_another_process_is_refused_before_any_trains():
    made = created()
    lock = take(made.folder_of(made.members[2]) / "lock")
    assert lock is not None
    with lock, pytest.raises(UserError, match="mine-3 is trained by another process"):
        series.train(made)
    assert states(made) == ["interrupted"] * 3


def test_what_was_held_can_be_resumed_by_others_afterwards():
    made = created()

    def stop(place: Place, report: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        series.train(made, watch=stop)
    assert states(made)[1:] == ["interrupted"] * 2
    control.cancel(made.members[1].run)
    assert states(made)[1] == "cancelled"


def test_the_time_left_counts_the_members_to_come():
    member = object()
    first = Place(1, 5, member, None, 4)
    assert first.left(own=10, past=20) == 10 + 4 * 30
    later = Place(4, 5, member, 12.0, 1)
    assert later.left(own=5, past=20) == 5 + 12
