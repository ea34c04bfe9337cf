"""Learn: short lessons, each a picture that answers to the hand, a paragraph, and the formula."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ui import frame
from ui.learn.component import learn
from ui.resources.lessons import lesson_told
from ui.routes import lessons
from vae.errors import UserError
from vae.learn import words
from vae.learn.registry import LESSONS, in_order

TITLE = "Learn"
ORDER = 9
SCRIPT = "learn/learn.js"


def routes() -> list[Any]:
    """Serve the lessons and the sheet of questions."""
    return lessons.routes()


def page() -> None:
    """Draw the page."""
    frame.heading(TITLE, words.of_page()["sentence"])
    learn()


def prepare(model: str, asked: Mapping[str, str]) -> None:
    """Compute the lesson that is asked for, and then the one that follows it."""
    order = [lesson.name for lesson in in_order()]
    name = str(asked.get("lesson"))
    at = order.index(name) if name in LESSONS else 0
    for one in order[at : at + 2]:
        with suppress(UserError):
            lesson_told(one)


if __name__ == "__main__":
    page()
