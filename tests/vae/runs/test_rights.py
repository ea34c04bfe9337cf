"""Three visitors who know the names of one another's runs: what acting on them does."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.run_folders import write_run
from tests.sweep_folders import write_sweep
from tests.tiny_models import tiny_checkpoint
from vae import library
from vae.data.own import prepared
from vae.errors import UserError
from vae.files import owner, quota
from vae.files.locks import take
from vae.files.owner import AT_THE_MACHINE, Asker
from vae.files.writing import TRASH, runs_folder
from vae.jobs import projections
from vae.jobs.job import Job
from vae.latent.projection import PROJECTIONS
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.runs import control, steering, trash, watch
from vae.runs import quota as run_quota
from vae.runs import sweep as sweeps
from vae.sweep import Sweep
from vae.training.config import TrainConfig

ANNA, BEN, CEM = (Asker(owner.hashed(name)) for name in ("anna", "ben", "cem"))
NOBODY = Asker()
STRANGERS = (BEN, CEM, NOBODY)
MODEL, SHORT = VAEConfig((1, 8, 8), 2, MLP(hidden=(4,))), TrainConfig(epochs=1)


def of_anna(name: str, state: str = "paused") -> Path:
    """Write a run of Anna's."""
    path = write_run(name, state)
    with owner.acting_as(ANNA):
        owner.claim(path)
    return path


def sweep_of_anna() -> Sweep:
    """Write a sweep of Anna's with two members."""
    found = write_sweep({"seed": (0, 1)}, {0: tiny_checkpoint("one", MODEL)}, {1: "paused"})
    with owner.acting_as(ANNA):
        for folder in (found.path, *map(found.folder_of, found.members)):
            owner.claim(folder)
    return found


def all_files() -> dict[str, bytes]:
    """Read all that lies below ``VAE_RUNS``."""
    home = runs_folder()
    files = (path for path in sorted(home.rglob("*")) if path.is_file())
    return {str(path.relative_to(home)): path.read_bytes() for path in files}


# What a page may do with a run, a sweep or what was removed, by the names of their parameters.
ARGUMENTS: dict[str, Callable[[], Any]] = {
    "run": lambda: "anna",
    "path": lambda: runs_folder() / "anna",
    "trashed": lambda: runs_folder() / TRASH / "old",
    "sweep": lambda: Sweep.open("mine"),
    "member": lambda: Sweep.open("mine").members[1],
    "name": lambda: "theirs",
    "what": lambda: "learning_rate",
    "value": lambda: 1e-4,
    "unit": lambda: "epochs",
    "more": lambda: 1,
    "option": lambda: "seed",
    "values": lambda: [2],
    "epochs": lambda: 1,
    "remedy": lambda: "wait",
}
READING = {"standing", "check_longer", "look", "view", "environment", "make_folder", "read_values"}
"""Those that only read, or that make something new."""
MAKING = {"launch", "create"}


def actions() -> list[Callable[..., Any]]:
    """List the public functions that act on what is there already."""
    found = []
    for module in (control, steering, sweeps):
        for name, function in vars(module).items():
            own = inspect.isfunction(function) and function.__module__ == module.__name__
            if own and not name.startswith("_") and name not in READING | MAKING:
                found.append(function)
    return found


def test_no_action_of_a_stranger_changes_a_run_or_sweep_by_its_name_or_its_folder() -> None:
    of_anna("anna")
    sweep_of_anna()
    trash.put(of_anna("old"))
    before, tried = all_files(), 0
    for action in actions():
        parameters = [p for p in inspect.signature(action).parameters if p != "first"]
        arguments = [ARGUMENTS[name]() for name in parameters]
        by_path = [runs_folder() / "anna" if one == "anna" else one for one in arguments]
        for stranger in STRANGERS:
            for given in (arguments, by_path):
                with owner.acting_as(stranger):
                    try:
                        with_context = action(*given)
                        if hasattr(with_context, "__enter__"):
                            with_context.__enter__()
                            pytest.fail(f"{action.__qualname__} let a stranger in")
                    except UserError:
                        pass
                assert all_files() == before, action.__qualname__
                tried += 1
    assert tried == 6 * len(actions()) and len(actions()) >= 14


def test_a_visitor_finds_and_lists_only_their_own_and_the_machine_all() -> None:
    of_anna("anna")
    sweep_of_anna()
    write_run("machine", "paused")
    for stranger in STRANGERS:
        with owner.acting_as(stranger):
            assert watch.runs() == [] and sweeps.sweeps() == []
            with pytest.raises(UserError, match="no run 'anna' any more, or it is another"):
                watch.view("anna")
    with owner.acting_as(ANNA):
        assert {run.id for run in watch.runs()} == {"anna", "mine-1", "mine-2"}
        assert [one.name for one in sweeps.sweeps()] == ["mine"]
    assert {run.id for run in watch.runs()} == {"anna", "mine-1", "mine-2", "machine"}


def test_a_model_of_a_run_is_in_its_owners_library_alone_and_shipped_ones_in_everybodys() -> None:
    sweep_of_anna()
    shipped = {
        name for name, path in library.library().items() if runs_folder() not in path.parents
    }
    for stranger in STRANGERS:
        with owner.acting_as(stranger):
            assert library.library().keys() == shipped
            assert library.locate("mine-1") is None and library.locate("mine") is None
            for known in (
                "mine-1",
                runs_folder() / "mine-1",
                runs_folder() / "mine-1/model.safetensors",
            ):
                with pytest.raises(UserError, match="there is no model"):
                    library.find(known)
    with owner.acting_as(ANNA):
        assert library.library().keys() == shipped | {"mine-1"} and library.locate("mine")


def test_a_run_for_everybody_is_seen_and_not_changed() -> None:
    path = write_run("demo", "paused")
    (path / owner.OWNER).write_text(owner.EVERYBODY)
    before = all_files()
    with owner.acting_as(BEN):
        assert [run.id for run in watch.runs()] == ["demo"]
        for act in (control.resume, control.cancel, control.remove):
            with pytest.raises(UserError, match="demo is not yours to change"):
                act("demo")
    assert all_files() == before


def test_an_owner_does_with_their_run_what_they_like() -> None:
    of_anna("anna")
    with owner.acting_as(ANNA):
        control.cancel("anna")
        assert watch.view("anna").state == "cancelled"
        assert control.rename("anna", "mine") == "mine"
        assert control.restore(control.remove("mine")).name == "mine"
        assert [run.id for run in watch.runs()] == ["mine"]
    assert watch.view("mine").path.joinpath(owner.OWNER).read_text() == ANNA.name


def test_a_visitors_removals_do_not_push_out_what_another_removed() -> None:
    trash.put(of_anna("old"))
    for number in range(trash.KEPT + 1):
        path = write_run(f"ben{number}", "paused", step=0)
        with owner.acting_as(BEN):
            owner.claim(path)
            control.remove(path.name)
    left = {path.name for path in (runs_folder() / TRASH).iterdir()}
    assert "old" in left and len(left) == trash.KEPT + 1


def test_where_visitors_only_look_and_without_a_cookie_nothing_is_started() -> None:
    for asker in (NOBODY, Asker(ANNA.name, changes=False), Asker(sees_all=True, changes=False)):
        with owner.acting_as(asker):
            with pytest.raises(UserError):
                control.launch("digits", MODEL, SHORT)
            with pytest.raises(UserError):
                sweeps.launch("digits", MODEL, SHORT, {"seed": [0, 1]})
            with pytest.raises(UserError):
                projections.start(tiny_checkpoint("x", MODEL).atlas.loc, PROJECTIONS["tsne"]())
    assert not [path for path in all_files() if not path.startswith(".cache")]


def test_a_job_is_stopped_by_who_asked_for_it_and_by_no_stranger() -> None:
    key = "0" * 64
    folder = runs_folder() / ".cache" / "projections"
    folder.mkdir(parents=True)
    with take(folder / f"{key}.lock"):
        with owner.acting_as(ANNA):
            owner.begin(folder / f"{key}.owner")
        for stranger in STRANGERS:
            with owner.acting_as(stranger), pytest.raises(UserError):
                projections.cancel(key)
        assert (folder / f"{key}.owner").read_text() == ANNA.name


def test_a_visitor_has_so_many_jobs_at_a_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(quota.RUNS, "2")
    folder = runs_folder() / ".cache" / "projections"
    folder.mkdir(parents=True)
    loc, options = tiny_checkpoint("x", MODEL).atlas.loc, PROJECTIONS["tsne"]()
    with take(folder / f"{'0' * 64}.lock"), take(folder / f"{'1' * 64}.lock"):
        with owner.acting_as(ANNA):
            for key in "01":
                owner.begin(folder / f"{key * 64}.owner")
            with pytest.raises(UserError, match="2 such computations .* stop one"):
                projections.start(loc, options)
        with owner.acting_as(BEN):
            Job(folder / "2", "the projection").check_quota()
    with owner.acting_as(ANNA):
        Job(folder / "2", "the projection").check_quota()


def test_a_visitor_has_so_many_runs_at_a_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(quota.RUNS, "2")
    for name in ("one", "two", "three"):
        of_anna(name, "queued")
    with take(runs_folder() / "one/lock"):
        with owner.acting_as(ANNA):
            # those without a trainer do not wait
            run_quota.check()
            with pytest.raises(
                UserError, match=r"2 runs waiting .* you have 1 and asked for 2 more"
            ):
                run_quota.check(2)
        with take(runs_folder() / "two/lock"):
            before = all_files()
            with owner.acting_as(ANNA):
                for act in (
                    lambda: control.launch("digits", MODEL, SHORT),
                    lambda: control.resume("three"),
                ):
                    with pytest.raises(UserError, match="you have 2 and asked for one more"):
                        act()
            assert all_files() == before
            with owner.acting_as(BEN):
                run_quota.check(2)
            run_quota.check(50)


def test_a_visitors_bytes_are_counted_in_runs_images_and_trash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(quota.MEGABYTES, "1")
    places = (runs_folder(), prepared.folder(), runs_folder() / TRASH)
    for number, (place, asker) in enumerate(
        (place, asker) for place in places for asker in (ANNA, BEN)
    ):
        path = place / f"folder{number}"
        path.mkdir(parents=True)
        with owner.acting_as(asker):
            owner.claim(path)
        (path / "file").write_bytes(bytes(300_000))
    with owner.acting_as(ANNA):
        assert quota.used_bytes() == 3 * (300_000 + 64)
        quota.check_bytes(90_000)
        with pytest.raises(UserError, match=r"0\.9 of the 1 MB .* needs 0\.1 MB"):
            quota.check_bytes(100_000)
        (path.with_name("folder4") / "more").write_bytes(bytes(100_000))
        with pytest.raises(UserError, match="remove runs or images"):
            run_quota.check()


def test_a_quota_that_is_no_number_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("0", "-1", "many", "1e3", "²"):
        monkeypatch.setenv(quota.RUNS, text)
        with owner.acting_as(ANNA), pytest.raises(UserError, match="whole number above 0"):
            run_quota.check()
    assert AT_THE_MACHINE.sees_all
