"""The queue: one run trains at a time, the others in the order they came, whoever dies."""

import fcntl
import os
import subprocess
import sys
import threading
from contextlib import ExitStack

import pytest

from vae.files import owner
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


def served(waiting, before=()):
    """Train all that waits, one run after the other, as `queue.in_turn` orders it each time."""
    waiting, order, before = list(waiting), [], list(before)
    while waiting:
        name = waiting.pop(queue.in_turn(waiting, before)[0])
        before = [one for one in before if one != name] + [name]
        order.append(name)
    return order


def test_of_three_visitors_with_five_one_and_one_run_each_is_served_before_one_is_served_twice():
    assert "".join(served("aaaaabc")) == "abcaaaa"
    assert "".join(served("aaaaabc", before="a")) == "bcaaaaa"
    assert "".join(served("aabbcc", before="cab")) == "cabcab"


def test_the_places_told_at_first_are_those_that_come_true_while_nobody_new_joins():
    for waiting, before in (("aaaaabc", ""), ("abcabcc", "ba"), ("cbbaa", "c"), ("aaa", "b")):
        told = [waiting[at] for at in queue.in_turn(waiting, before)]
        assert told == served(waiting, before)


def test_one_visitors_runs_train_in_the_order_they_came():
    order = queue.in_turn("abacab", "")
    assert [at for at in order if "abacab"[at] == "a"] == [0, 2, 4]


def test_runs_wait_by_their_owners_turns_and_a_turn_is_written_down(runs):
    first, second, third = runs
    for run, name in ((first, "1"), (second, "1"), (third, "2")):
        (run / owner.OWNER).write_text(name * 64)
        queue.enter(run)
    assert names(queue.waiting()) == ["a", "c", "b"]
    # a newcomer comes before a second run of anybody, one who waits already behind their own
    assert [queue.ahead(name) for name in ("3" * 64, "2" * 64)] == [2, 3]
    with queue.turn(first, lambda: False, lambda place: None) as began:
        assert began and names(queue.waiting()) == ["c", "b"]
        assert queue.ahead("1" * 64) == 3


TRAINER = """
import sys
from pathlib import Path
from vae.files.locks import take
from vae.runs import queue
run = Path(sys.argv[1])
run.mkdir(parents=True)
held = take(run / "lock")
with queue.turn(run, lambda: False, lambda place: print("waits", place, flush=True)):
    print("trains", flush=True)
    sys.stdin.read()
"""


def test_a_run_of_another_process_trains_once_the_first_is_killed():
    def trainer(name):
        words = [sys.executable, "-c", TRAINER, str(runs_folder() / name)]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return stack.enter_context(process)

    with ExitStack() as stack:
        first = trainer("a")
        assert first.stdout.readline() == "trains\n"
        second = trainer("b")
        assert second.stdout.readline() == "waits 1\n"
        first.kill()
        assert second.stdout.readline() == "trains\n"
        second.stdin.close()
        assert second.wait(timeout=60) == 0
