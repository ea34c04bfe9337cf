"""Whose a folder is: what three visitors see and change of one another's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vae.errors import UserError
from vae.files import owner
from vae.files.owner import AT_THE_MACHINE, Asker
from vae.files.writing import runs_folder

ANNA, BEN = (Asker(owner.hashed(name)) for name in ("anna", "ben"))
NOBODY = Asker()


@contextmanager
def folder_of(asker: Asker, name: str = "run") -> Iterator[Path]:
    """Make a folder that somebody claims, and act as them."""
    path = runs_folder() / name
    path.mkdir(parents=True, exist_ok=True)
    with owner.acting_as(asker):
        owner.claim(path)
        yield path


def test_only_its_owner_and_the_machine_see_and_change_a_folder() -> None:
    with folder_of(ANNA) as path:
        pass
    askers = (ANNA, BEN, NOBODY, AT_THE_MACHINE)
    assert [owner.may_see(path, one) for one in askers] == [True, False, False, True]
    assert [owner.may_change(path, one) for one in askers] == [True, False, False, True]


def test_what_was_made_at_the_machine_is_nobodys_to_see_and_writes_no_owner() -> None:
    with folder_of(AT_THE_MACHINE) as path:
        assert not any(path.iterdir())
    assert not owner.may_see(path, ANNA)
    assert owner.may_see(path, AT_THE_MACHINE)


def test_what_is_everybodys_is_seen_by_all_and_changed_by_none_of_them() -> None:
    with folder_of(AT_THE_MACHINE) as path:
        (path / owner.OWNER).write_text(owner.EVERYBODY + "\n")
    assert all(owner.may_see(path, one) for one in (ANNA, NOBODY))
    assert not any(owner.may_change(path, one) for one in (ANNA, NOBODY))


def test_what_does_not_lie_among_the_runs_is_seen_and_not_changed(tmp_path: Path) -> None:
    assert owner.may_see(tmp_path / "shipped", ANNA)
    assert not owner.may_change(tmp_path / "shipped", ANNA)
    # neither are dots in a path a way out
    assert not owner.may_see(runs_folder() / "x" / ".." / "run", ANNA)


def test_a_folder_holds_a_hash_and_never_the_token() -> None:
    with folder_of(Asker(owner.hashed("secret token"))) as path:
        written = (path / owner.OWNER).read_text()
    assert written == owner.hashed("secret token") and "secret" not in written


def test_where_visitors_only_look_not_even_the_owner_changes_anything() -> None:
    with folder_of(ANNA) as path:
        pass
    looking = Asker(ANNA.name, changes=False)
    assert owner.may_see(path, looking) and not owner.may_change(path, looking)
    with owner.acting_as(looking), pytest.raises(UserError, match="only look"):
        owner.check_start()


def test_who_sends_no_cookie_starts_nothing() -> None:
    with owner.acting_as(NOBODY), pytest.raises(UserError, match="cookie"):
        owner.check_start()


def test_a_damaged_owner_is_nobody() -> None:
    with folder_of(ANNA) as path:
        pass
    for text in ("", "everyone", "x" * 64, "\0" * 100, "None"):
        (path / owner.OWNER).write_text(text)
        assert not owner.may_see(path, ANNA) and not owner.may_see(path, NOBODY)


def test_what_two_asked_for_ends_when_both_have_left_it(tmp_path: Path) -> None:
    file = tmp_path / "job.owner"
    with owner.acting_as(ANNA):
        owner.begin(file)
    with owner.acting_as(BEN):
        with pytest.raises(UserError, match="not yours to end"):
            owner.leave(file)
        owner.join(file)
        assert not owner.leave(file)
    with owner.acting_as(ANNA):
        assert owner.leave(file)


def test_what_began_at_the_machine_is_no_visitors_to_end(tmp_path: Path) -> None:
    file = tmp_path / "job.owner"
    file.write_text(str(ANNA.name))
    owner.begin(file)
    with owner.acting_as(ANNA):
        owner.join(file)
        with pytest.raises(UserError, match="not yours to end"):
            owner.leave(file)


def test_a_thread_works_for_who_asked_for_it() -> None:
    with owner.acting_as(ANNA):
        work = owner.carried(owner.asking)
    assert work() == ANNA and owner.asking() == AT_THE_MACHINE
