"""A new lesson is one file, one entry and its words: a toy of one, seen wherever lessons are."""

import json

import pytest

from tests.asking import ask
from tests.toys.lesson import COUNTING
from tests.vae.learn.opened import model
from ui.learn.component import learn_data
from ui.routes import lessons
from vae.learn.registry import LESSONS


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LESSONS, COUNTING.name, COUNTING)


def count() -> str:
    return f"{sum(one.numel() for one in model('digits-2d').model.parameters()):,}"


def test_it_stands_between_the_lessons_that_its_order_says() -> None:
    names = [one["name"] for one in learn_data()["lessons"]]
    assert names.index("holes") + 1 == names.index(COUNTING.name) == names.index("cloud") - 1


def test_the_browser_gets_its_words_with_its_facts_and_an_exhibit_that_shows_them() -> None:
    answer = ask(lessons.routes(), lessons.address(COUNTING.name))
    told = json.loads(answer.body)
    assert answer.status == 200
    assert told["title"] == "Counting weights"
    assert told["paragraphs"] == [
        [f"This model has {count()} ", {"symbol": "w", "text": "weights"}, "."]
    ]
    assert told["exhibit"] == "numbers"
    assert told["question"] is None
    assert told["models"]["any"]["model"] == "digits-2d"


def test_its_questions_stand_on_the_sheet() -> None:
    answer = ask(lessons.routes(), lessons.sheet_address())
    text = answer.body.decode()
    assert "Counting weights" in text
    assert f"<li>{count()}</li>" in text
