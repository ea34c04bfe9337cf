"""The record of a sweep: what is written is read again, and what is no record is refused."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vae.errors import UserError
from vae.files.writing import runs_folder
from vae.sweep import MOST_MEMBERS, RECORD, Member, Sweep, combinations, sweeps

VARIED = {"seed": (0, 1), "z_dim": (2, 5)}


def record(name: str = "mine", **changes: Any) -> Sweep:
    """A record of four members in a folder of its own."""
    members = [
        Member(f"{name}-{k}", values) for k, values in enumerate(combinations(VARIED), start=1)
    ]
    folder = (runs_folder() / name).absolute()
    folder.mkdir(parents=True)
    sweep = Sweep(folder, "digits", {"z_dim": 2}, {}, VARIED, tuple(members), "2026-01-01")
    value = json.loads(sweep.text()) | changes
    (folder / RECORD).write_text(json.dumps(value))
    return sweep


def test_what_is_written_is_read_again():
    sweep = record()
    sweep.write()
    assert Sweep.open("mine") == Sweep.open(sweep.path) == sweep


def test_members_stand_in_order_of_the_values_the_last_option_fastest():
    titles = [member.title for member in record().members]
    assert titles == ["seed 0, z_dim 2", "seed 0, z_dim 5", "seed 1, z_dim 2", "seed 1, z_dim 5"]


def test_repeats_differ_in_the_seed_alone():
    sweep = record()
    first, second, third, fourth = sweep.members
    assert sweep.repeats() == {"z_dim 2": (first, third), "z_dim 5": (second, fourth)}
    sizes = replace(sweep, varied={"z_dim": (2, 5)}, members=(Member("a", {"z_dim": 2}), second))
    assert [len(group) for group in sizes.repeats().values()] == [1, 1]
    seeds = replace(sweep, varied={"seed": (0, 1)}, members=(Member("a", {"seed": 0}),))
    assert seeds.repeats() == {"": seeds.members}


def test_sweeps_lists_the_newest_first_and_passes_over_what_is_none():
    record("old", created="2025-01-01")
    record("new", created="2027-01-01")
    record("broken", members=3)
    (runs_folder() / "a-run").mkdir()
    assert [sweep.name for sweep in sweeps()] == ["new", "old"]


def test_sweeps_hears_of_a_record_that_was_replaced():
    sweep = record()
    assert sweeps()[0].created == "2026-01-01"
    text = sweep.text().replace(b"2026-01-01", b"2030-12-31")
    (sweep.path / "other").write_bytes(text)
    (sweep.path / "other").rename(sweep.path / RECORD)
    assert sweeps()[0].created == "2030-12-31"


@pytest.mark.parametrize("change", [{"format_version": 2}, {"format_version": None}, {"more": 1}])
def test_a_record_of_another_version_is_one_clear_error(change: dict[str, Any]):
    record(**change)
    with pytest.raises(UserError, match="made by another version of this program"):
        Sweep.open("mine")


def members(*runs: Any) -> list[dict[str, Any]]:
    """Members with the values that belong to the record and these names."""
    return [
        {"run": run, "values": values}
        for run, values in zip(runs, combinations(VARIED), strict=False)
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"members": members("../out", "b", "c", "d")},
        {"members": members("a/b", "b", "c", "d")},
        {"members": members("..", "b", "c", "d")},
        {"members": members("a", "a", "c", "d")},
        {"members": members("mine", "b", "c", "d")},
        {"members": members("a", "b", "c")},
        {"members": members(1, "b", "c", "d")},
        {"members": [{"run": "a"}] * 4},
        {"members": [{"run": "a", "values": {"seed": 7}}]},
        {"members": "abcd"},
        {"members": members("a", "b", "c", "d") * 10_000},
        {"varied": {"seed": list(range(100_000))}},
        {"varied": {f"option{i}": [0] for i in range(1000)}},
        {"varied": {"seed": [0, 0], "z_dim": [2, 5]}},
        {"varied": {"seed": [0, True], "z_dim": [2, 5]}},
        {"varied": {"seed": [0, [1]], "z_dim": [2, 5]}},
        {"varied": {"seed": [0, None], "z_dim": [2, 5]}},
        {"varied": {"seed": [0, "x" * 1000], "z_dim": [2, 5]}},
        {"varied": {}},
        {"varied": [0, 1]},
        {"dataset": 3},
        {"model": []},
        {"training": None},
        {"created": 0},
    ],
)
def test_a_damaged_record_is_one_clear_error(change: dict[str, Any]):
    record(**change)
    with pytest.raises(UserError, match="is damaged; its members are ordinary runs"):
        Sweep.open("mine")


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"a": NaN', "null"])
def test_a_record_that_is_no_object_is_one_clear_error(text: str):
    sweep = record()
    (sweep.path / RECORD).write_text(text)
    with pytest.raises(UserError, match=r"is damaged|another version"):
        Sweep.open("mine")


@pytest.mark.parametrize("name", ["none", "../mine", "", "a/b", "x" * 5000, "nul\0"])
def test_what_is_no_sweep_is_said_in_one_sentence(name: str):
    record()
    with pytest.raises(UserError, match="there is no sweep"):
        Sweep.open(name)


def test_a_member_counts_as_finished_only_where_its_run_names_the_sweep():
    sweep = record()
    mine, other = sweep.members[0], sweep.members[1]
    for member, owner in ((mine, "mine"), (other, "another")):
        folder = sweep.folder_of(member)
        folder.mkdir()
        (folder / "status.json").write_text('{"state": "finished"}')
        (folder / "config.json").write_text(json.dumps({"sweep": owner}))
        (folder / "model.safetensors").touch()
    model = Path(sweep.folder_of(mine)) / "model.safetensors"
    assert sweep.finished() == {mine: model}


@pytest.mark.parametrize("state", ["running", "paused", "cancelled", "failed"])
def test_a_member_that_has_not_finished_has_no_model(state: str):
    sweep = record()
    folder = sweep.folder_of(sweep.members[0])
    folder.mkdir()
    (folder / "status.json").write_text(json.dumps({"state": state}))
    (folder / "config.json").write_text('{"sweep": "mine"}')
    (folder / "model.safetensors").touch()
    assert sweep.finished() == {}


def test_the_number_of_members_is_bounded_before_any_is_made():
    record(varied={"seed": list(range(MOST_MEMBERS + 1))})
    with pytest.raises(UserError, match="damaged"):
        Sweep.open("mine")
