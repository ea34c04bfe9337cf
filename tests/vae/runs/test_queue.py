"""The queue: one run trains at a time, the others in the order they came, whoever dies."""

import fcntl
import os
import threading

import pytest

from vae.files.locks import adopt, is_held, take
from vae.files.writing import runs_folder
from vae.runs import queue


@pytest.fixture
def runs():
    """Three run folders, each held as by a living trainer; closing a file is its death."""
    folder, held = runs_folder(), {}
    for name in "abc":
        (folder / name).mkdir(parents=True)
        held[folder / name] = take(folder / name / "lock")
    yield held
    for file in held.values():
        file.close()


def names(paths):
    return [path.name for path in paths]


def test_runs_wait_in_the_order_they_came(runs):
    for run in reversed(runs):
        queue.enter(run)
    assert names(queue.waiting()) == ["c", "b", "a"]
    assert [queue.position(run) for run in runs] == [3, 2, 1]


def test_entering_twice_keeps_the_place(runs):
    for run in (*runs, *runs):
        queue.enter(run)
    assert names(queue.waiting()) == ["a", "b", "c"]


def test_a_run_that_left_does_not_wait(runs):
    for run in runs:
        queue.enter(run)
    queue.leave(next(iter(runs)))
    assert names(queue.waiting()) == ["b", "c"]


def test_the_ticket_of_a_dead_trainer_is_void(runs):
    for run in runs:
        queue.enter(run)
    next(iter(runs.values())).close()
    assert names(queue.waiting()) == ["b", "c"]
    assert len(list((runs_folder() / ".queue").iterdir())) == 2


@pytest.mark.parametrize("content", [b"\xff\x00", b"", b"\0" * 40, b"no path", b"/\0"])
def test_a_damaged_ticket_is_thrown_away(runs, content):
    (runs_folder() / ".queue").mkdir()
    for name in ("00001", "00000000000000000001"):
        (runs_folder() / ".queue" / name).write_bytes(content)
    queue.enter(next(iter(runs)))
    assert names(queue.waiting()) == ["a"]
    assert len(list((runs_folder() / ".queue").iterdir())) == 1


def test_the_order_holds_when_the_clock_is_put_back(runs, monkeypatch):
    first, second, _ = runs
    queue.enter(first)
    monkeypatch.setattr("time.time_ns", lambda: 5)
    queue.enter(second)
    assert names(queue.waiting()) == ["a", "b"]


def test_an_error_of_the_caller_gives_nobody_the_turn(runs):
    first, second, _ = runs

    def broken(place):
        raise BrokenPipeError

    with queue.turn(first, lambda: False, broken):
        with pytest.raises(BrokenPipeError), queue.turn(second, lambda: False, broken):
            pytest.fail("two runs have the turn")


def test_only_one_holds_the_turn_and_the_next_follows_when_it_ends(runs):
    first, second, _ = runs
    order, told, inside = [], [], threading.Event()

    def wait_second():
        inside.wait()
        with queue.turn(second, lambda: False, told.append) as ours:
            order.append(("second", ours))

    thread = threading.Thread(target=wait_second)
    thread.start()
    with queue.turn(first, lambda: False, told.append):
        inside.set()
        while not told:
            pass
        order.append(("first", True))
    thread.join(timeout=30)
    assert order == [("first", True), ("second", True)]
    assert told == [1]
    assert queue.waiting() == []


def test_who_gives_up_gets_no_turn_and_leaves_the_queue(runs):
    with queue.turn(next(iter(runs)), lambda: True, lambda place: None) as ours:
        assert not ours
    assert queue.waiting() == []


def test_where_no_queue_can_be_kept_the_turn_comes_at_once(runs, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "file" / "runs"))
    with queue.turn(next(iter(runs)), lambda: False, lambda place: None) as ours:
        assert ours


def test_a_lock_is_held_until_its_file_is_closed(tmp_path):
    path = tmp_path / "lock"
    assert not is_held(path)
    with take(path):
        assert is_held(path)
        assert take(path) is None
    assert not is_held(path)


def test_a_lock_passed_on_by_its_descriptor_is_taken_over(tmp_path):
    path, other = tmp_path / "lock", tmp_path / "other"
    other.touch()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    assert adopt(other, descriptor) is None
    with adopt(path, descriptor):
        assert is_held(path)
    assert not is_held(path)
