"""Learn, without a browser: the page opens, its routes answer, and its sheet can be printed."""

import html
import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.asking import ask
from ui.learn.component import learn_data
from ui.routes import lessons, scripts
from vae.learn import words
from vae.learn.registry import in_order

ROOT = Path(__file__).resolve().parents[3]
# seconds; the first page imports torch
FIRST_RUN = 60


def test_the_page_opens_where_no_data_set_is_on_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_DATA", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN)
    app.run().switch_page("pages/learn.py").run()
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "Learn"


def test_the_browser_is_told_of_every_lesson_in_its_order() -> None:
    told = learn_data()
    assert [one["name"] for one in told["lessons"]] == [lesson.name for lesson in in_order()]
    assert all(ask(lessons.routes(), one["address"]).status == 200 for one in told["lessons"])


def test_the_exhibit_of_every_lesson_is_there_for_the_page_to_bring() -> None:
    for one in learn_data()["lessons"]:
        answer = ask(scripts.routes(), one["exhibit"])
        assert answer.status == 200, one["name"]


def test_a_model_of_a_lesson_comes_with_all_that_its_exhibit_may_fetch() -> None:
    told = json.loads(ask(lessons.routes(), lessons.address("holes")).body)
    assert set(told["models"]) == {"ae", "vae"}
    for model in told["models"].values():
        assert {"decoder", "encoder", "points", "near", "title"} <= model.keys()


def test_a_lesson_that_is_not_there_is_said_in_a_sentence() -> None:
    answer = ask(lessons.routes(), lessons.address("zebra"))
    assert answer.status == 404
    assert answer.body.decode().startswith("there is no lesson 'zebra'; choose from")


def test_without_its_models_a_lesson_says_which_is_missing_and_the_sheet_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vae.library.SHIPPED", tmp_path)
    answer = ask(lessons.routes(), lessons.address("cloud"))
    assert answer.status == 404
    assert "mnist-2d" in answer.body.decode()
    sheet = ask(lessons.routes(), lessons.sheet_address())
    assert sheet.status == 200
    assert "mnist-2d" in sheet.body.decode()


def test_the_sheet_asks_all_questions_and_answers_them_on_another_page_of_paper() -> None:
    text = ask(lessons.routes(), lessons.sheet_address()).body.decode()
    asked, answered = text.split("<h1 class='answers'>")
    for lesson in in_order():
        for one in words.of_lesson(lesson)["sheet"]:
            # up to the first number that is computed
            question = html.escape(words.plain(one["question"]).split("{")[0])
            assert question in asked and question not in answered
    assert len(re.findall("<li>", asked)) == len(re.findall("<li>", answered))
    assert "break-before: page" in text
    assert "{" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
