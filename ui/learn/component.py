"""The Learn component: a typed wrapper."""

from typing import Any

from ui.components.mount import mount
from ui.routes import lessons, scripts
from vae import web
from vae.learn import words
from vae.learn.registry import in_order

_learn = mount(
    "learn", "learn/learn.js", "pad/pad.css", "microscope/microscope.css", *web.sheets("learn")
)


def learn(*, key: str = "learn") -> None:
    """Show the lessons; which one, and how it stands, is in the address."""
    _learn(key=key, data=learn_data())


def learn_data() -> dict[str, Any]:
    """Collect what the component is told: which lessons there are, and where they come from."""
    return {
        "lessons": [
            {
                "name": lesson.name,
                "title": words.of_lesson(lesson)["title"],
                "address": lessons.address(lesson.name),
                "exhibit": scripts.address(lesson.script),
            }
            for lesson in in_order()
        ],
        "sheet": lessons.sheet_address(),
        "words": words.of_page(),
    }
