"""The words of the lessons: one file for each language, apart from the code.

A lesson's table is

- ``title``, and ``sentence``, which says what to do with the hand;
- ``paragraph``: a few sentences, empty lines between what stands apart;
- ``formula``: in the part of LaTeX that `formula.py` reads, with ``\\see{mu}{\\mu}`` around what
  is a symbol;
- ``symbols``: what each symbol of the formula is, by its name;
- ``question``: ``ask``, ``choices``, which of them is ``right`` (from 0), and the ``answer``: it is
  asked before the answer is shown;
- ``sheet``: ``question`` and ``answer`` each, for the sheet that is printed for a class;
- ``exhibit``: what the exhibit writes on itself, by names of its own. ``<spread>`` there is filled
  by the exhibit.

In all of it ``{kl:.1f}`` stands for a fact, with Python's way to write it, and in paragraph and
answer ``[μ](mu)`` for words that light up with a symbol.
"""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from vae.errors import UserError
from vae.learn.lesson import Facts, Lesson

FOLDER = Path(__file__).resolve().parent / "words"
LANGUAGE = "en"
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<symbol>[\w-]+)\)")


def of_lesson(lesson: Lesson, language: str = LANGUAGE) -> dict[str, Any]:
    """Return the words of a lesson as they stand in its file.

    Raises
    ------
    UserError
        When the file has no words for it.
    """
    path = lesson.words or FOLDER / f"{language}.toml"
    found: dict[str, Any] | None = _read(path)["lessons"].get(lesson.name)
    if found is None:
        raise UserError(f"{path.name} has no words for the lesson {lesson.name}; add them there")
    return found


def all_lessons(language: str = LANGUAGE) -> list[str]:
    """Name the lessons that a language has words for."""
    return list(_read(FOLDER / f"{language}.toml")["lessons"])


def of_page(language: str = LANGUAGE) -> dict[str, str]:
    """Return what the page writes around all lessons."""
    found: dict[str, str] = _read(FOLDER / f"{language}.toml")["page"]
    return found


def filled(words: Any, facts: Facts) -> Any:
    """Put facts in the place of all placeholders, in a table, a list or a text.

    Raises
    ------
    KeyError
        When a placeholder names no fact.
    """
    if isinstance(words, str):
        return words.format_map(_Shown(facts)) if "{" in words else words
    if isinstance(words, Mapping):
        # a formula has braces of its own
        return {k: v if k == "formula" else filled(v, facts) for k, v in words.items()}
    if isinstance(words, list):
        return [filled(one, facts) for one in words]
    return words


def placeholders(words: Any) -> Iterator[str]:
    """Name each fact that words state."""
    if isinstance(words, str):
        yield from (name for _, name, _, _ in string.Formatter().parse(words) if name)
    elif isinstance(words, Mapping):
        for key, value in words.items():
            yield from () if key == "formula" else placeholders(value)
    elif isinstance(words, list):
        for one in words:
            yield from placeholders(one)


def pieces(text: str) -> list[str | dict[str, str]]:
    """Cut a text at its symbols: plain text, and `{symbol, text}` for what lights up with one."""
    found: list[str | dict[str, str]] = []
    end = 0
    for link in _LINK.finditer(text):
        found += [text[end : link.start()]] if link.start() > end else []
        found.append({"symbol": link["symbol"], "text": link["text"]})
        end = link.end()
    return [*found, text[end:]] if end < len(text) else found


def plain(text: str) -> str:
    """Return a text without its links to symbols."""
    return _LINK.sub(lambda link: link["text"], text)


def paragraphs(text: str) -> list[str]:
    """Cut a text at its empty lines; line breaks in a paragraph are spaces."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]


class _Shown(dict[str, Any]):
    """Facts as people read them: a true minus sign before a number."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(
            {name: one if isinstance(one, str) else _Number(one) for name, one in facts.items()}
        )


class _Number:
    def __init__(self, value: float):
        self._value = value

    def __format__(self, spec: str) -> str:
        return format(self._value, spec).replace("-", "−")


@cache
def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
