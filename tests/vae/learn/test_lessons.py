"""What holds for every lesson: its numbers have facts, its symbols stand in the formula."""

import json
import math

import pytest

from tests.vae.learn.opened import facts_of, told_of
from vae.errors import UserError
from vae.learn import formula, words
from vae.learn.registry import LESSONS, in_order, lesson
from vae.learn.source import ROOT

NAMES = [lesson.name for lesson in in_order()]


def text_of(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("name", NAMES)
def test_every_placeholder_has_a_fact(name: str) -> None:
    asked = set(words.placeholders(words.of_lesson(lesson(name))))
    assert asked <= set(facts_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_is_a_finite_number_or_a_word(name: str) -> None:
    for fact in facts_of(name).values():
        assert isinstance(fact, str) or math.isfinite(fact)


@pytest.mark.parametrize("name", NAMES)
def test_every_symbol_is_explained_stands_in_the_formula_and_no_other_is_named(name: str) -> None:
    said = words.of_lesson(lesson(name))
    lines = formula.lines(said["formula"])
    standing = set().union(*(formula.symbols(line) for line in lines))
    texts = [said["paragraph"], said.get("question", {}).get("answer", "")]
    pieces = [piece for text in texts for piece in words.pieces(text)]
    linked = {piece["symbol"] for piece in pieces if not isinstance(piece, str)}
    assert set(said["symbols"]) == standing
    assert linked <= standing


@pytest.mark.parametrize("name", NAMES)
def test_the_browser_is_told_plain_json_without_a_placeholder_left(name: str) -> None:
    told = told_of(name)
    json.dumps(told, allow_nan=False)
    for key in ("title", "sentence", "paragraphs", "symbols", "question", "words"):
        assert "{" not in text_of(told[key]).replace('{"', "").replace("{}", "")
    assert told["sources"], "a lesson shows the code that computes its formula"


@pytest.mark.parametrize("name", NAMES)
def test_the_lines_that_are_shown_are_those_of_the_file(name: str) -> None:
    for source in told_of(name)["sources"]:
        assert source["path"].startswith("vae/")
        lines = (ROOT / source["path"]).read_text("utf-8").split("\n")[source["first"] - 1 :]
        assert [line.strip() for line in lines[: len(source["lines"])]] == [
            line.strip() for line in source["lines"]
        ]


@pytest.mark.parametrize("name", NAMES)
def test_a_question_names_the_right_one_of_its_choices_and_the_sheet_has_questions(
    name: str,
) -> None:
    said = words.of_lesson(lesson(name))
    if "question" in said:
        assert 0 <= said["question"]["right"] < len(said["question"]["choices"])
    assert len(said["sheet"]) >= 2
    assert all(set(one) == {"question", "answer"} for one in said["sheet"])


def test_the_file_of_words_has_no_lesson_that_is_not_there() -> None:
    own = {name for name, one in LESSONS.items() if one.words is None}
    assert set(words.all_lessons()) == own


def test_a_lesson_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(UserError, match="there is no lesson 'zebra'; choose from"):
        lesson("zebra")
