"""All that the browser is told of a lesson: its words with their numbers, formula, source, data."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from vae.learn import formula, words
from vae.learn.lesson import Facts, Lesson
from vae.learn.source import source_of

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

Opener = Callable[[str], "Checkpoint"]
"""Opens a shipped model by its name; `UserError` where it is not there."""


def told(lesson: Lesson, opener: Opener, language: str = words.LANGUAGE) -> dict[str, Any]:
    """Collect it as JSON, as `vae/web/learn/props.js` says.

    Raises
    ------
    UserError
        When a model of the lesson is missing, or its words are.
    """
    models = {role: opener(name) for role, name in (lesson.models or {}).items()}
    facts = lesson.facts(models)
    found = words.filled(words.of_lesson(lesson, language), facts)
    return {
        "name": lesson.name,
        "title": found["title"],
        "sentence": found["sentence"],
        "paragraphs": [words.pieces(text) for text in words.paragraphs(found["paragraph"])],
        "formula": formula.lines(found["formula"]),
        "symbols": found["symbols"],
        "question": _question(found["question"]) if "question" in found else None,
        "sources": [source_of(function)._asdict() for function in lesson.sources],
        "facts": dict(facts),
        "exhibit": lesson.exhibit,
        "words": found.get("exhibit", {}),
        "data": lesson.data(models),
        "models": dict(lesson.models or {}),
    }


def sheet(lesson: Lesson, opener: Opener, language: str = words.LANGUAGE) -> dict[str, Any]:
    """Collect a lesson's title and its questions with their answers, for print."""
    models = {role: opener(name) for role, name in (lesson.models or {}).items()}
    facts: Facts = lesson.facts(models)
    found = words.filled(words.of_lesson(lesson, language), facts)
    asked = [{key: words.plain(text) for key, text in one.items()} for one in found["sheet"]]
    return {"title": found["title"], "questions": asked}


def _question(found: dict[str, Any]) -> dict[str, Any]:
    answer = [words.pieces(text) for text in words.paragraphs(found["answer"])]
    return {**found, "answer": answer}
