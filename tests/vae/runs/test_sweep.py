"""Sweeps as runs: what is made, what is refused, and what becomes of each member."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vae.errors import UserError
from vae.files.locks import take
from vae.files.writing import runs_folder
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.runs import control, driver, members, sweep, trash, watch
from vae.sweep import MOST_MEMBERS, Sweep
from vae.training.config import TrainConfig

MODEL = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(16,)))
SHORT = TrainConfig(epochs=1)


def created(name: str | None = "mine", **varied: object) -> Sweep:
    return sweep.create("digits", MODEL, SHORT, varied or {"seed": [0, 1, 2]}, name)


def states(one: Sweep) -> list[str]:
    return [seen.state for seen in sweep.look(one)]


def left() -> list[str]:
    """What stands in the folder of all runs, hidden things too."""
    return sorted(path.name for path in runs_folder().glob("*")) if runs_folder().exists() else []


def test_each_member_is_an_ordinary_run_that_has_its_own_value():
    made = created()
    assert [one.run for one in made.members] == ["mine-1", "mine-2", "mine-3"]
    configs = [watch.view(one.run).config for one in made.members]
    assert [config["training"]["seed"] for config in configs] == [0, 1, 2]
    assert len({str(config["model"]) for config in configs}) == 1
    assert Sweep.open("mine") == made


def test_dimensions_are_varied_and_all_else_is_shared():
    made = created(z_dim=[2, 5, 10])
    found = [watch.view(one.run).config for one in made.members]
    assert [config["model"]["z_dim"] for config in found] == [2, 5, 10]
    assert len({str(config["training"]) for config in found}) == 1


@pytest.mark.parametrize(
    "option, values, read",
    [
        ("beta", ["1", "4"], lambda model, training: training.objective.beta),
        ("objective.beta", [1, 4], lambda model, training: training.objective.beta),
        ("learning-rate", ["0.001", "0.01"], lambda model, training: training.learning_rate),
        ("architecture", ["mlp", "conv"], lambda model, training: model.architecture.name),
        ("architecture.hidden", ["16,8", "32"], lambda model, training: model.architecture.hidden),
    ],
)
def test_any_option_of_the_train_command_can_be_varied(option, values, read):
    made = sweep.create("digits", MODEL, SHORT, {option: values})
    found = [read(*members.configs(made, one)) for one in made.members]
    expected = {"0.001": 0.001, "0.01": 0.01, "16,8": (16, 8), "32": (32,), "1": 1, "4": 4}
    assert found == [expected.get(value, value) for value in values]


@pytest.mark.parametrize(
    "varied, words",
    [
        ({"seed": [0]}, "needs two members"),
        ({}, "needs two members"),
        ({"seed": []}, "needs two members"),
        ({"seed": [0, 0]}, "the value 0 twice"),
        ({"seed": [0, "x"]}, "seed must be a whole number"),
        ({"seed": [0, -1]}, "seed must be"),
        ({"z_dim": [2, 1000]}, "z_dim must be"),
        ({"depth": [1, 2]}, "there is no option 'depth' to vary"),
        ({"image_shape": [1, 2]}, "there is no option"),
        ({"objective.depth": [1, 2]}, "unknown option 'depth'"),
        ({"beta": [1, 2], "objective.beta": [3, 4]}, "varied twice"),
        ({"seconds": [1, 2]}, "epochs or in seconds, not both"),
        ({"seed": range(MOST_MEMBERS + 1)}, "at most"),
        ({"objective": ["elbo", "autoencoder"]}, "posterior"),
    ],
)
def test_what_makes_no_sweep_is_refused_and_leaves_nothing(varied, words):
    with pytest.raises(UserError, match=words):
        sweep.create("digits", MODEL, SHORT, varied, "mine")
    assert left() == []


@pytest.mark.parametrize("taken", ["mine", "mine-2"])
def test_a_name_that_is_taken_is_refused_and_leaves_all_as_it_was(taken: str):
    (runs_folder() / taken).mkdir(parents=True)
    with pytest.raises(UserError, match="the name mine is taken"):
        created()
    assert left() == [taken]


@pytest.mark.parametrize("name", ["../mine", "a/b", "", ".hidden", "x" * 100, "mnist-2d"])
def test_a_name_that_cannot_be_or_is_a_models_is_refused(name: str):
    with pytest.raises(UserError, match=r"cannot be the name|is taken"):
        created(name)
    assert left() == []


def test_of_two_that_launch_at_once_under_one_name_one_has_it_and_the_other_leaves_nothing():
    def attempt(_: int) -> Sweep | None:
        try:
            return created()
        except UserError:
            return None

    with ThreadPoolExecutor(4) as pool:
        made = [found for found in pool.map(attempt, range(4)) if found]
    assert len(made) == 1
    assert left() == ["mine", "mine-1", "mine-2", "mine-3"]


def test_without_a_name_two_at_once_get_one_each():
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: created(None), range(2)))
    assert len({one.name for one in made}) == 2
    assert {len(one.members) for one in made} == {3}


def test_the_folder_of_a_sweep_is_no_run():
    created()
    assert sorted(run.id for run in watch.runs()) == ["mine-1", "mine-2", "mine-3"]


def test_a_deleted_member_is_said_and_the_others_count():
    made = created()
    driver.resume(made.folder_of(made.members[0]))
    shutil.rmtree(made.folder_of(made.members[1]))
    assert states(made) == ["finished", "deleted", "interrupted"]
    seen = sweep.look(made)[0]
    assert seen.checkpoint == made.folder_of(seen.member) / "model.safetensors"
    assert list(made.finished()) == [made.members[0]]


def test_another_run_of_a_deleted_members_name_is_no_member():
    made, other = created(), created("other")
    shutil.rmtree(made.folder_of(made.members[1]))
    other.folder_of(other.members[0]).rename(made.folder_of(made.members[1]))
    assert states(made)[1] == "deleted"


def test_a_removed_member_can_be_brought_back():
    made = created()
    trashed = control.remove("mine-2")
    assert states(made)[1] == "deleted"
    control.restore(trashed)
    assert states(made)[1] == "interrupted"


def files() -> dict[str, bytes]:
    """All files of all runs that are not in the trash; locks are empty and come by themselves."""
    root = runs_folder()
    found = (path for path in root.rglob("*") if path.is_file() and path.name != "lock")
    inside = ((path.relative_to(root), path) for path in found)
    return {str(name): path.read_bytes() for name, path in inside if name.parts[0] != ".trash"}


def test_a_removed_sweep_takes_its_runs_along_and_comes_back_as_it_was():
    made = created()
    control.rename("mine-2", "runs")  # a name that means something in the trash is one like others
    sweep.extend(made, "seed", [7])
    before = files()
    trashed = sweep.remove(made)
    assert (files(), sweep.sweeps(), watch.runs()) == ({}, [], [])
    assert control.restore(trashed) == made.path
    assert files() == before
    assert len(states(Sweep.open("mine"))) == 4


def test_a_sweep_of_which_one_run_trains_is_not_removed_and_stays_whole():
    made = created()
    before = files()
    with take(made.folder_of(made.members[2]) / "lock"):
        with pytest.raises(UserError, match="mine-3 is queued; stop the sweep before"):
            sweep.remove(made)
    assert files() == before


def test_a_run_that_took_a_deleted_members_name_is_not_removed_with_the_sweep():
    made = created()
    shutil.rmtree(made.folder_of(made.members[0]))
    sweep.create("digits", MODEL, SHORT, {"seed": [5, 6]}, "other")
    (runs_folder() / "other-1").rename(runs_folder() / "mine-1")
    sweep.remove(made)
    assert [name for name in left() if not name.startswith(".")] == ["mine-1", "other", "other-2"]


@pytest.mark.parametrize("taken", ["mine", "mine-2"])
def test_a_removed_sweep_whose_name_was_given_away_waits_whole_in_the_trash(taken: str):
    trashed = sweep.remove(created())
    kept = sorted(trashed.rglob("*"))
    (runs_folder() / taken).mkdir()
    with pytest.raises(UserError, match=f"another run {taken} now; remove that one first"):
        control.restore(trashed)
    assert sorted(trashed.rglob("*")) == kept
    (runs_folder() / taken).rmdir()
    assert states(Sweep.open(control.restore(trashed))) == ["interrupted"] * 3


def test_a_sweep_and_a_run_count_alike_among_the_last_removed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trash, "KEPT", 1)
    first = sweep.remove(created())
    second = sweep.remove(created("other"))
    assert (first.exists(), second.exists()) == (False, True)


def test_a_deleted_member_is_made_anew_with_the_same_settings():
    made = created()
    before = watch.view("mine-2").config
    shutil.rmtree(made.folder_of(made.members[1]))
    sweep.renew(made, made.members[1])
    after = watch.view("mine-2").config
    assert {**after, "created": ""} == {**before, "created": ""}


def test_cancel_ends_what_has_not_ended_and_leaves_what_has():
    made = created()
    driver.resume(made.folder_of(made.members[0]))
    sweep.cancel(made)
    assert states(made) == ["finished", "cancelled", "cancelled"]


def test_further_values_join_a_sweep_and_its_members_stay_as_they_are():
    made = created(seed=[0, 1], z_dim=[2, 3])
    wider = sweep.extend(made, "seed", [7])
    assert wider.varied == {"seed": (0, 1, 7), "z_dim": (2, 3)}
    assert wider.members[:4] == made.members
    assert [one.run for one in wider.members[4:]] == ["mine-5", "mine-6"]
    assert Sweep.open("mine") == wider


def test_values_of_an_option_within_keep_the_order_of_the_values():
    wider = sweep.extend(created(seed=[0, 1], z_dim=[2, 3]), "z_dim", [4])
    assert [one.values["z_dim"] for one in wider.members] == [2, 3, 4, 2, 3, 4]
    assert [one.run[-1] for one in wider.members] == ["1", "2", "5", "3", "4", "6"]


@pytest.mark.parametrize(
    "option, values, words",
    [("z_dim", [3], "does not vary z_dim"), ("seed", [1], "twice"), ("seed", ["x"], "whole")],
)
def test_values_that_cannot_join_leave_the_sweep_as_it_was(option, values, words):
    made, before = created(), left()
    with pytest.raises(UserError, match=words):
        sweep.extend(made, option, values)
    assert (left(), Sweep.open("mine")) == (sorted([*before]), made)


def test_two_that_add_at_once_both_add():
    made = created()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda value: sweep.extend(made, "seed", [value]), (8, 9)))
    assert sorted(Sweep.open("mine").varied["seed"]) == [0, 1, 2, 8, 9]


def test_a_sweep_that_cannot_be_written_leaves_nothing(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="is no folder"):
        sweep.create("digits", MODEL, SHORT, {"seed": [0, 1]}, "mine", tmp_path / "file")


def test_images_of_another_shape_are_refused():
    with pytest.raises(UserError, match="digits has images of"):
        sweep.create("digits", VAEConfig(), SHORT, {"seed": [0, 1]}, "mine")
    assert left() == []


def test_a_member_that_is_renamed_stays_in_its_sweep():
    made = created()
    driver.resume(made.folder_of(made.members[1]))
    control.rename("mine-2", "my-best")
    after = Sweep.open("mine")
    assert [one.run for one in after.members] == ["mine-1", "my-best", "mine-3"]
    assert states(after) == ["interrupted", "finished", "interrupted"]
