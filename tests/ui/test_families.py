"""Sweeps in the lists of models: one row each, from which every member can be reached."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.asking import ask
from tests.tiny_models import write_models
from ui import doorway
from ui.compare import partners
from ui.resources import families
from vae import library
from vae.files.writing import runs_folder
from vae.sweep import Member, Sweep

# seconds; the first page imports torch
FIRST_RUN = 60
PAGES = Path(__file__).resolve().parents[2] / "pages"


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tiny models that the app finds."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    return write_models(folder)


def swept(models: Path, name: str = "mine") -> Sweep:
    """A sweep of three finished members, each the same tiny model."""
    members = tuple(Member(f"{name}-{k}", {"seed": k}) for k in range(3))
    folder = (runs_folder() / name).absolute()
    folder.mkdir(parents=True)
    sweep = Sweep(folder, "digits", {}, {}, {"seed": (0, 1, 2)}, members, "2026-01-01")
    sweep.write()
    for member in members:
        run = sweep.folder_of(member)
        run.mkdir()
        shutil.copy(models / "flat.safetensors", run / "model.safetensors")
        (run / "config.json").write_text(f'{{"sweep": "{name}"}}')
        (run / "status.json").write_text('{"state": "finished"}')
    return sweep


def picker() -> None:
    """The picker alone, and what was wrong with the address."""
    import streamlit as st

    from ui import frame

    frame.model_picker()
    frame.notices(st.container())


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_function(picker, default_timeout=FIRST_RUN)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def test_five_sweeps_of_members_are_five_rows_of_the_picker(models: Path) -> None:
    before = opened().selectbox(key="model").options
    for number in range(5):
        swept(models, f"sweep{number}")
    rows = opened().selectbox(key="model").options
    assert sorted(set(rows) - set(before)) == [f"sweep{number}" for number in range(5)]
    assert len(rows) == len(before) + 5


def test_a_model_of_its_own_has_no_choice_of_members(models: Path) -> None:
    swept(models)
    assert len(opened(model="flat").selectbox) == 1


def test_the_address_of_a_member_opens_it_and_a_choice_opens_another(models: Path) -> None:
    swept(models)
    app = opened(model="mine-1")
    assert app.selectbox(key="model").value == app.selectbox(key="member-mine").value == "mine-1"
    assert app.selectbox(key="member-mine").options == ["seed 0", "seed 1", "seed 2"]
    app.selectbox(key="member-mine").set_value("mine-2").run()
    assert app.selectbox(key="model").value == "mine-2"
    assert not app.warning
    assert not app.exception


def test_a_choice_in_the_picker_moves_the_choice_of_members_with_it(models: Path) -> None:
    swept(models)
    swept(models, "other")
    app = opened(model="mine-2")
    # the browser writes the choice into the address
    app.query_params["model"] = "other"
    app.selectbox(key="model").set_value("other").run()
    assert app.selectbox(key="model").value == "other-0"
    assert app.selectbox(key="member-other").value == "other-0"
    # the row of the sweep that was left has its name again, and opens its first member
    assert "mine" in app.selectbox(key="model").options
    app.selectbox(key="model").set_value("mine").run()
    assert app.selectbox(key="member-mine").value == "mine-0"


def test_where_there_are_sweeps_alone_the_first_member_of_one_is_open(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept(models)
    monkeypatch.setattr(library, "SHIPPED", models / "nothing")
    monkeypatch.delenv("VAE_CHECKPOINTS")
    app = opened()
    assert app.selectbox(key="model").value == "mine-0"
    assert not app.exception


def test_a_model_that_was_added_under_the_name_of_a_sweep_is_listed_beside_it(models: Path) -> None:
    swept(models)
    shutil.copy(models / "flat.safetensors", models / "mine.safetensors")
    assert {"mine", "mine-0"} <= set(families.picked(None))


def test_a_sweeps_name_in_the_address_opens_its_first_member(models: Path) -> None:
    swept(models)
    app = opened(model="mine")
    assert app.selectbox(key="model").value == "mine-0"
    assert not app.warning


def test_lists_beside_a_model_hold_a_sweep_once_until_a_member_is_held(models: Path) -> None:
    swept(models)
    names = partners.beside("flat")
    members = ["mine-0", "mine-1", "mine-2"]
    assert [name for name in families.folded(names, ["flat"]) if name in members] == ["mine-0"]
    fanned = families.folded(names, ["flat", "mine-1"])
    assert [name for name in fanned if name in members] == members
    assert set(library.library()) >= set(names)


def test_a_member_that_is_listed_says_in_what_it_differs(models: Path) -> None:
    swept(models)
    assert families.titles()["mine-1"] == families.title("mine-1") == "mine · seed 1"
    assert "flat" not in families.titles() and families.title("flat") == "flat"


def test_the_first_member_of_a_list_stands_for_a_sweep_whose_first_is_not_in_it(
    models: Path,
) -> None:
    swept(models)
    assert families.folded(["flat", "mine-1", "mine-2"], []) == ["flat", "mine-1"]


def test_back_to_the_address_of_another_member_opens_it(models: Path) -> None:
    swept(models)
    app = opened(model="mine-1")
    app.selectbox(key="model").set_value("flat").run()
    app.query_params["model"] = "mine-1"
    # what the browser's history brings is among the rows
    assert "mine-1" in app.run().selectbox(key="model").options


def test_the_address_of_a_sweep_leads_to_that_of_its_first_member(models: Path) -> None:
    swept(models)
    for asked, leads in (
        ("/?model=mine", "./?model=mine-0"),
        ("/map?z=0,1&model=mine&k=2", "./map?z=0,1&model=mine-0&k=2"),
    ):
        answer = ask([], asked, middleware=doorway.middleware(PAGES))
        assert answer.status == 307
        assert answer.headers["location"] == leads
    assert ask([], "/?model=mine-1", middleware=doorway.middleware(PAGES)).status == 200
