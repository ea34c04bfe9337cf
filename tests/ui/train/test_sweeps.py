"""Sweeps in the Train page's list of runs: one row each, its members, and the end of all."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.run_folders import write_run
from ui.train import sweeps
from vae.files.locks import take
from vae.files.writing import runs_folder
from vae.runs import orders, watch
from vae.sweep import Member, Sweep

# seconds; the first page imports torch
FIRST_RUN = 60


def swept(*states: str) -> Sweep:
    """A sweep of runs in these states; one without a state is deleted."""
    members = tuple(Member(f"mine-{k}", {"seed": k}) for k in range(len(states)))
    folder = (runs_folder() / "mine").absolute()
    folder.mkdir(parents=True)
    values = tuple(range(len(states)))
    sweep = Sweep(folder, "digits", {}, {}, {"seed": values}, members, "2026-01-01")
    sweep.write()
    for member, state in zip(members, states, strict=True):
        if state:
            path = write_run(member.run, state)
            config = json.loads((path / "config.json").read_text()) | {"sweep": "mine"}
            (path / "config.json").write_text(json.dumps(config))
    return sweep


def runs_alone(shown: str | None) -> None:
    """The list of runs without the page around it."""
    from ui.train.runs import run_list
    from vae.runs import watch

    run_list(watch.runs(), watch.view(shown) if shown else None)


def listed(shown: str | None = None) -> AppTest:
    app = AppTest.from_function(runs_alone, default_timeout=FIRST_RUN, args=(shown,)).run()
    assert not app.exception
    return app


def keys(app: AppTest) -> list[str]:
    return [button.key for button in app.button]


def test_a_sweep_is_one_row_that_counts_its_members_and_says_which_are_gone() -> None:
    swept("finished", "finished", "failed", "")
    write_run("alone", "finished")
    app = listed()
    assert [key for key in keys(app) if "mine-" in key] == []
    assert {"train.unfold.mine", "train.look.alone"} <= set(keys(app))
    captions = [caption.value for caption in app.caption]
    assert "sweep over seed · 2 finished, 1 failed, 1 deleted" in captions


def test_a_press_on_its_name_lists_its_members_in_their_order_and_another_folds_them() -> None:
    swept("finished", "failed", "finished")
    app = listed()
    app.button(key="train.unfold.mine").click().run()
    rows = [key for key in keys(app) if key.startswith("train.look.")]
    assert rows == [f"train.look.mine-{k}" for k in range(3)]
    app.button(key="train.unfold.mine").click().run()
    assert not [key for key in keys(app) if key.startswith("train.look.")]


def test_the_member_that_is_shown_counts_as_one_of_its_sweep() -> None:
    swept("finished", "finished")
    captions = [caption.value for caption in listed(shown="mine-0").caption]
    assert "sweep over seed · 2 finished" in captions


def test_a_run_that_is_shown_is_not_listed_once_more() -> None:
    write_run("alone", "finished")
    assert keys(listed(shown="alone")) == []


def test_all_that_has_not_ended_is_cancelled_by_one_press() -> None:
    sweep = swept("finished", "running", "queued")
    locks = [take(sweep.folder_of(one) / "lock") for one in sweep.members[1:]]
    try:
        listed().button(key="train.cancel.mine").click().run()
        asked = [orders.ending(orders.pending(sweep.folder_of(one))) for one in sweep.members]
        assert asked == [None, "cancelled", "cancelled"]
    finally:
        for lock in locks:
            lock.close()


def test_a_sweep_that_has_ended_is_removed_by_one_press_and_brought_back_by_another() -> None:
    swept("finished", "failed", "")
    app = listed()
    app.button(key="train.remove-sweep.mine").click().run()
    assert keys(app) == ["train.undo"]
    assert watch.runs() == []
    assert "Removed mine." in [caption.value for caption in app.caption]
    app.button(key="train.undo").click().run()
    assert "train.remove-sweep.mine" in keys(app)
    assert [run.id for run in watch.runs()] == ["mine-1", "mine-0"]


def test_while_one_of_its_runs_trains_a_sweep_can_be_ended_but_not_removed() -> None:
    sweep = swept("finished", "running")
    with take(sweep.folder_of(sweep.members[1]) / "lock"):
        assert "train.remove-sweep.mine" not in keys(listed())


@pytest.mark.parametrize("state", ["finished", "cancelled", "failed"])
def test_what_has_ended_offers_no_cancel(state: str) -> None:
    swept(state, state)
    assert "train.cancel.mine" not in keys(listed())


def test_runs_of_a_sweep_whose_record_is_gone_are_runs_of_their_own() -> None:
    sweep = swept("finished", "finished")
    (Path(sweep.path) / "sweep.json").unlink()
    rows = sweeps.grouped([run for run in watch.runs() if run.id != "mine"])
    assert sorted(run.id for run in rows) == ["mine-0", "mine-1"]
