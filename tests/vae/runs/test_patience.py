"""Waiting before torch is loaded: until a run is the next one, or is asked to end."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run_folders import write_run
from vae.files.locks import LOCK_VARIABLE, take
from vae.runs import orders, patience, queue, watch


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A run that waits behind another one, as a process that was handed its lock sees it."""
    monkeypatch.setenv(LOCK_VARIABLE, "3")
    first, run = write_run("first", "queued"), write_run("second", "queued", step=0)
    with take(first / "lock"), take(run / "lock"):
        queue.enter(first)
        queue.enter(run)
        yield run


def words(run: Path) -> list[str]:
    return ["train", "--resume", str(run), "--json"]


def waits(run: Path) -> bool:
    return patience.wait_for("train", words(run))


@pytest.mark.parametrize(("action", "state"), [("cancel", "cancelled"), ("pause", "paused")])
def test_a_run_that_is_asked_to_end_while_it_waits_ends(behind: Path, action: str, state: str):
    orders.add(behind, action)
    assert not waits(behind)
    assert [event.event for event in watch.events(behind)] == [state]
    assert queue.position(behind) is None


@pytest.mark.parametrize("action", ["cancel", "pause"])
def test_it_is_seen_as_ended_once_its_process_has_let_go(action: str, behind: Path):
    orders.add(behind, action)
    waits(behind)
    (behind / "lock").unlink()
    assert watch.view(behind).state in ("cancelled", "paused")
    assert watch.view(behind).steps == 100


def test_the_next_run_does_not_wait_here(behind: Path):
    queue.leave(behind.with_name("first"))
    assert waits(behind)
    assert watch.view(behind).state == "queued"


def test_a_run_that_is_typed_in_a_terminal_waits_as_before(behind: Path, monkeypatch):
    monkeypatch.delenv(LOCK_VARIABLE)
    orders.add(behind, "cancel")
    assert waits(behind)


@pytest.mark.parametrize("argv", [["train"], ["train", "--resume"], ["evaluate", "x"], []])
def test_other_commands_do_not_wait(argv: list[str], behind: Path):
    assert patience.wait_for(argv[0] if argv else None, argv)


def test_waiting_loads_nothing_heavy():
    code = (
        "import sys, vae.__main__; print({'torch', 'numpy', 'sklearn', 'PIL'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
