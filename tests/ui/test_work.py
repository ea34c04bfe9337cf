"""Work in the background: it fails, stops and waits its turn without beginning again by itself."""

import threading
from collections.abc import Iterator

import pytest

from ui import work as map_work
from vae.errors import UserError

LONG = 30
"""Seconds in which every thread of these tests ends."""


def counted(done: int) -> Iterator[int]:
    """Three steps."""
    yield from range(done, 3)


def test_steps_are_kept_in_order() -> None:
    work = map_work.start(("order",), counted, 3)
    assert work.wait(LONG)
    assert work.found == [0, 1, 2]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UserError("too few images; choose fewer"), "too few images; choose fewer"),
        (ValueError("secret"), "the computation failed (ValueError)"),
        (MemoryError(), "the computation failed (MemoryError)"),
    ],
)
def test_a_failure_is_a_sentence_and_is_tried_again_only_on_request(
    error: Exception, told: str
) -> None:
    tries = []

    def failing(done: int) -> Iterator[int]:
        tries.append(done)
        yield from range(done, 1)
        if len(tries) == 1:
            raise error
        yield from range(1, 3)

    key = ("failing", repr(error))
    assert not map_work.start(key, failing, 3).wait(LONG)
    work = map_work.start(key, failing, 3)
    assert not work.running
    assert work.error.startswith(told)
    assert tries == [0]
    work.go_on()
    assert work.wait(LONG)
    assert (work.error, work.found, tries) == (None, [0, 1, 2], [0, 1])


def test_stopped_work_stays_stopped_until_it_goes_on_where_it_was() -> None:
    gate, begun = threading.Event(), threading.Event()

    def slow(done: int) -> Iterator[int]:
        begun.set()
        for i in range(done, 3):
            gate.wait(LONG)
            yield i

    work = map_work.start(("stopping",), slow, 3)
    assert begun.wait(LONG)
    work.stop()
    gate.set()
    assert not work.wait(LONG)
    assert not map_work.start(("stopping",), slow, 3).running
    assert work.found == [0]
    work.go_on()
    assert work.wait(LONG)
    assert work.found == [0, 1, 2]


def test_one_thread_serves_a_kind_and_drops_what_nobody_waits_for() -> None:
    gate, begun, made = threading.Event(), threading.Event(), []

    def first(_: int) -> Iterator[str]:
        begun.set()
        gate.wait(LONG)
        yield "first"

    def noted(name: str):
        def steps(_: int) -> Iterator[str]:
            made.append((name, threading.current_thread()))
            yield name

        return steps

    map_work.start(("turns", 0), first, 1)
    assert begun.wait(LONG)
    left = map_work.start(("turns", 1), noted("left"), 1)
    wanted = map_work.start(("turns", 2), noted("wanted"), 1)
    left.asked -= 2 * map_work.PATIENCE
    gate.set()
    assert wanted.wait(LONG)
    assert not left.wait(LONG)
    assert map_work.find(("turns", 1)) is None
    assert [name for name, _ in made] == ["wanted"]


def test_work_that_nobody_looks_at_gives_way_between_steps_and_goes_on_where_it_was() -> None:
    gate, begun, made = threading.Event(), threading.Event(), []

    def steps(name: str):
        def make(done: int) -> Iterator[int]:
            for i in range(done, 2):
                begun.set()
                gate.wait(LONG)
                made.append(f"{name}{i}")
                yield i

        return make

    left = map_work.start(("way", 0), steps("left"), 2)
    assert begun.wait(LONG)
    wanted = map_work.start(("way", 1), steps("wanted"), 2)
    left.asked -= 2 * map_work.PATIENCE
    gate.set()
    assert wanted.wait(LONG)
    assert made[:3] == ["left0", "wanted0", "wanted1"]
    # by then it is forgotten, or somebody asks for it again
    again = map_work.start(("way", 0), steps("left"), 2)
    assert again.wait(LONG) and again.found == [0, 1]


def test_work_that_waits_for_its_turn_can_be_stopped_at_once() -> None:
    gate, begun = threading.Event(), threading.Event()

    def first(_: int) -> Iterator[int]:
        begun.set()
        gate.wait(LONG)
        yield 0

    busy = map_work.start(("queue", 0), first, 1)
    assert begun.wait(LONG)
    waiting = map_work.start(("queue", 1), counted, 3)
    waiting.stop()
    assert not waiting.running
    gate.set()
    assert busy.wait(LONG)
    assert waiting.found == []
    waiting.go_on()
    assert waiting.wait(LONG)
