"""Drawn sets: kept one by one, parted for good, warped gently, prepared as a set by its name."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from vae import data
from vae.__main__ import main
from vae.data.own import drawn, prepared
from vae.data.own.drawn import Warping, copies_of
from vae.data.own.drawn.warping import INK, RIM
from vae.errors import UserError
from vae.files import owner
from vae.files.owner import Asker
from vae.models.config import VAEConfig
from vae.runs import driver
from vae.training.config import TrainConfig

SIDE = drawn.SIDE


def stroke(seed: int) -> np.ndarray:
    """A thick line that wanders about the middle 20 pixels, uint8 (1, 28, 28)."""
    random = np.random.default_rng(seed)
    ends = random.uniform(5, 23, (4, 2))
    along = np.linspace(0, 1, 60)[:, None]
    points = np.concatenate([a + along * (b - a) for a, b in zip(ends, ends[1:], strict=False)])
    rows = np.arange(SIDE) + 0.5
    far = ((rows[:, None, None] - points[:, 0]) ** 2 + (rows[:, None] - points[:, 1]) ** 2).min(-1)
    return np.rint(255 * np.exp(-far / 2)).astype(np.uint8)[None]


def draw(counts: dict[str, int]) -> str:
    """Draw a set of so many of each class, and return its name."""
    name = drawn.begin()
    for row, (called, count) in enumerate(counts.items()):
        group = drawn.add_class(name, called)
        for one in range(count):
            keep(name, group, 100 * row + one)
    return name


def keep(name: str, group: str, seed: int) -> str:
    return drawn.keep(name, group, f"token{seed:05d}", stroke(seed).tobytes())


# ---- warping --------------------------------------------------------------------------------


def test_warping_of_no_strength_leaves_every_bit() -> None:
    copies = copies_of(stroke(1), Warping(copies=5, strength=0.0))
    assert (copies == stroke(1)).all() and len(copies) == 5


@pytest.mark.parametrize("strength", [1.0, 2.0])
def test_a_warped_copy_stays_in_the_frame_and_keeps_its_ink(strength: float) -> None:
    for seed in range(20):
        picture = stroke(seed).astype(int)
        copies = copies_of(stroke(seed), Warping(copies=20, strength=strength)).astype(int)
        ink = copies.sum((1, 2, 3)) / picture.sum()
        assert np.abs(ink - 1).max() <= INK
        rim = np.ones((SIDE, SIDE), bool)
        rim[1:-1, 1:-1] = False
        assert copies[..., rim].max() <= picture[..., rim].max() + 255 * RIM
        # nor does it shrink from the task: hardly any copy is the drawing itself
        assert (copies == picture).all((1, 2, 3)).mean() <= 0.1


def test_copies_follow_from_the_drawing_the_options_and_the_seed() -> None:
    warping = Warping(copies=3)
    assert (copies_of(stroke(1), warping) == copies_of(stroke(1), warping)).all()
    assert (copies_of(stroke(1), warping) != copies_of(stroke(1), Warping(copies=3, seed=1))).any()


def test_warping_less_changes_less() -> None:
    far = [
        np.abs(copies_of(stroke(1), Warping(copies=10, strength=s)) - stroke(1).astype(int)).mean()
        for s in (0.05, 0.3, 1.0)
    ]
    assert far == sorted(far) and far[0] < far[2] / 4


# ---- parts ----------------------------------------------------------------------------------


def test_what_is_held_out_is_as_drawn_and_no_copy_of_it_is_learnt_from() -> None:
    name = draw({"star": 8, "moon": 5})
    warping = Warping(copies=4)
    drawn.prepare(name, warping)
    found, kept = data.load(name), drawn.find(name).drawings
    parts = drawn.parts_of(kept)
    assert {one.key for one in parts["train"]}.isdisjoint(
        one.key for held in ("validation", "test") for one in parts[held]
    )
    for split in ("validation", "test"):
        assert (found.split(split).images == [one.pixels for one in parts[split]]).all()
    wanted = [one.pixels[None] for one in parts["train"]]
    wanted += [copies_of(one.pixels, warping) for one in parts["train"]]
    assert (found.train.images == np.concatenate(wanted)).all()
    assert found.train.labels is not None and found.test.labels is not None
    assert found.train.labels.tolist() == [0] * 6 + [1] * 3 + [0] * 6 * 4 + [1] * 3 * 4
    assert found.test.labels.tolist() == [0, 1]


def test_a_drawing_keeps_its_part_when_others_come_and_go() -> None:
    name = draw({"star": 8})
    before = {one.key: drawn.part_of(one.number) for one in drawn.find(name).drawings}
    group, first = next(iter(drawn.find(name).classes)), drawn.find(name).drawings[0].key
    drawn.remove(name, first)
    for seed in range(50, 60):
        keep(name, group, seed)
    after = {one.key: drawn.part_of(one.number) for one in drawn.find(name).drawings}
    assert len(after) == 17
    assert before.items() - after.items() == {(first, "train")}


def test_drawings_that_are_deleted_and_brought_back_return_to_their_parts() -> None:
    name = draw({"star": 14})
    group, before = "c0", drawn.find(name).drawings
    parts = {one.pixels.tobytes(): drawn.part_of(one.number) for one in before}
    for one in before:
        drawn.remove(name, one.key)
    # others take the numbers meanwhile, and they come back in another order
    for seed in range(50, 60):
        keep(name, group, seed)
    for one in reversed(before):
        token = f"again{one.number:05d}"
        drawn.keep(name, group, token, one.pixels.tobytes(), drawn.part_of(one.number))
    after = {one.pixels.tobytes(): drawn.part_of(one.number) for one in drawn.find(name).drawings}
    assert len(after) == 24
    assert parts.items() <= after.items()
    with pytest.raises(UserError, match="no split; choose from train, validation, test"):
        drawn.keep(name, group, "token99999", stroke(1).tobytes(), "exam")


@pytest.mark.parametrize("counts", [{}, {"star": 0}, {"star": 1}, {"star": 4, "moon": 4}])
def test_too_few_drawings_are_refused_with_how_many_are_needed(counts: dict[str, int]) -> None:
    name = draw(counts)
    with pytest.raises(UserError, match="at least 7 are needed, 5 of them of one class"):
        drawn.prepare(name)
    assert not data.is_known(name)


def test_a_class_that_nothing_was_drawn_of_is_left_out() -> None:
    name = draw({"nothing": 0, "star": 7})
    assert drawn.prepare(name, Warping(copies=0)).class_names == ("star",)


# ---- keeping --------------------------------------------------------------------------------


def test_a_drawing_that_is_sent_twice_is_there_once() -> None:
    name = draw({"star": 2})
    group = next(iter(drawn.find(name).classes))
    assert keep(name, group, 1) == keep(name, group, 1)
    assert len(drawn.find(name).drawings) == 2


def test_two_tabs_draw_into_one_set_and_nothing_is_lost() -> None:
    name = draw({"star": 0})
    group = next(iter(drawn.find(name).classes))
    with ThreadPoolExecutor(4) as tabs:
        list(tabs.map(lambda seed: keep(name, group, seed), range(24)))
    found = drawn.find(name).drawings
    assert [one.number for one in found] == list(range(24))
    assert {one.pixels.tobytes() for one in found} == {stroke(s).tobytes() for s in range(24)}


def test_an_empty_sheet_and_a_class_that_is_gone_are_refused() -> None:
    name = draw({"star": 1, "moon": 1})
    star, moon = drawn.find(name).classes
    with pytest.raises(UserError, match="the sheet is empty"):
        drawn.keep(name, star, "token99999", bytes(SIDE * SIDE))
    drawn.remove_class(name, moon)
    with pytest.raises(UserError, match="no such class"):
        keep(name, moon, 7)
    # its key is not given to a new class, into which a stale tab would draw
    assert drawn.add_class(name, "sun") not in (star, moon)


@pytest.mark.parametrize("called", ["", " \t ", "x" * 61, "a\x00b", "a\u202eb", " star "])
def test_a_class_takes_no_name_that_is_none_or_taken(called: str) -> None:
    name = draw({"star": 0})
    with pytest.raises(UserError):
        drawn.add_class(name, called)
    assert list(drawn.find(name).classes.values()) == ["star"]


def test_classes_may_be_called_as_people_like() -> None:
    names = ["ß/../é", "<b>", "日本", "-1", "None", "🙂", "Star"]
    name = draw(dict.fromkeys(names, 0) | {"star": 7})
    assert list(drawn.find(name).classes.values()) == [*names, "star"]


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "x" * 101, "nothing"])
def test_a_name_that_is_no_drawn_set_is_refused_and_nothing_is_written(name: str) -> None:
    draw({"star": 1})
    before = sorted(prepared.folder().rglob("*"))
    for work in (
        lambda: drawn.keep(name, "c0", "token00001", stroke(0).tobytes()),
        lambda: drawn.add_class(name, "moon"),
        lambda: drawn.remove(name, "c0.00000.token00000"),
        lambda: drawn.find(name),
        lambda: drawn.rename(name, "other"),
    ):
        with pytest.raises(UserError):
            work()
    assert sorted(prepared.folder().rglob("*")) == before


def test_a_damaged_file_is_counted_and_left_out() -> None:
    name = draw({"star": 3})
    key = drawn.find(name).drawings[1].key
    (prepared.folder() / name / "drawings" / key).write_bytes(b"torn")
    found = drawn.find(name)
    assert (len(found.drawings), found.damaged) == (2, 1)


# ---- prepared again -------------------------------------------------------------------------


def test_a_set_that_grew_keeps_its_name_and_what_was_prepared_before_stays() -> None:
    name = draw({"star": 7})
    first = drawn.prepare(name, Warping(copies=1))
    config = driver.plan(name, VAEConfig((1, SIDE, SIDE), 2), TrainConfig(epochs=1))
    described = {"name": name, "split": "train", "sha256": first.about and first.about.sha256[0]}
    keep(name, next(iter(drawn.find(name).classes)), 50)
    second = drawn.prepare(name, Warping(copies=1))
    assert second.name == name and sum(second.counts.values()) > sum(first.counts.values())
    earlier = f"{name}-7-drawings"
    assert data.load(earlier).train.sha256() == described["sha256"]
    # a model finds its originals, and a run its images
    assert prepared.name_of(described) == earlier
    assert driver._dataset_of(config) == earlier
    assert drawn.names() == [name]


def test_the_same_drawings_and_options_are_prepared_once() -> None:
    name = draw({"star": 7})
    before = drawn.prepare(name, Warping(copies=1)).about
    assert drawn.prepare(name, Warping(copies=1)).about == before
    assert prepared.names() == [name]
    drawn.prepare(name, Warping(copies=2))
    assert len(prepared.names()) == 2


def test_a_set_is_renamed_and_deleted_before_and_after_it_is_prepared() -> None:
    name = draw({"star": 7})
    drawn.rename(name, "stars")
    drawn.prepare("stars", Warping(copies=0))
    drawn.rename("stars", "suns")
    assert prepared.names() == drawn.names() == ["suns"]
    assert len(drawn.find("suns").drawings) == 7
    drawn.discard("suns")
    assert prepared.names() == drawn.names() == []


def test_a_set_in_which_there_is_nothing_is_forgotten_and_no_other() -> None:
    empty, named = draw({}), draw({"star": 0})
    drawn.forget_empty(empty)
    drawn.forget_empty(named)
    assert drawn.names() == [named]


# ---- on the command line --------------------------------------------------------------------


def test_a_command_lists_prepares_renames_and_deletes_what_was_drawn(capsys) -> None:
    name = draw({"star": 6, "moon": 2})

    def said(*words: str) -> dict:
        assert main([*words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    one = {"name": name, "drawings": {"star": 6, "moon": 2}, "prepared": False}
    assert said("datasets")["drawn"] == [one]
    assert main(["train", "--dataset", name]) == 2
    assert f"prepare --drawn {name}" in capsys.readouterr().err
    made = said("prepare", "--drawn", name, "--copies", "3")
    assert made["counts"] == {"train": 24, "validation": 1, "test": 1}
    assert data.load(name).class_names == ("star", "moon")
    assert said("datasets", "--rename", name, "suns")["drawn"] == [
        one | {"name": "suns", "prepared": True}
    ]
    assert said("datasets", "--delete", "suns")["drawn"] == []
    assert drawn.names() == prepared.names() == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("prepare", "a PATH, or --drawn NAME"),
        ("prepare . --copies 3", "--copies warps drawings"),
        ("prepare . --drawn x", "leave out PATH"),
        ("prepare --drawn nothing", "there is no drawn set 'nothing'"),
        ("prepare --drawn x --copies 500", "copies"),
    ],
)
def test_what_is_asked_amiss_of_drawings_is_refused_in_one_line(
    words: str, why: str, capsys
) -> None:
    assert main(words.split()) == 2
    err = capsys.readouterr().err
    assert why in err and err.count("\n") == 1


# ---- on a shared server ---------------------------------------------------------------------


def test_a_visitor_neither_sees_nor_draws_into_the_set_of_another() -> None:
    anna, ben = (Asker(owner.hashed(who)) for who in ("anna", "ben"))
    with owner.acting_as(anna):
        name = draw({"star": 7})
    with owner.acting_as(ben):
        assert drawn.names() == []
        for work in (
            lambda: drawn.add_class(name, "moon"),
            lambda: keep(name, "c0", 99),
            lambda: drawn.prepare(name),
            lambda: drawn.discard(name),
        ):
            with pytest.raises(UserError):
                work()
    with owner.acting_as(anna):
        drawn.prepare(name, Warping(copies=1))
        drawn.prepare(name, Warping(copies=2))
        assert len(prepared.names()) == 2
    with owner.acting_as(ben):
        assert prepared.names() == []


def test_where_visitors_only_look_nothing_is_drawn() -> None:
    name = draw({"star": 1})
    with owner.acting_as(Asker(sees_all=True, changes=False)):
        for work in (
            drawn.begin,
            lambda: drawn.add_class(name, "moon"),
            lambda: keep(name, "c0", 9),
        ):
            with pytest.raises(UserError, match="visitors only look"):
                work()
