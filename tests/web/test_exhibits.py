"""The exhibits of lessons are found by their folders: each has the script the page asks for."""

from tests.web import node
from vae import web
from vae.learn.registry import LESSONS

FOLDER = "learn/"
# folders that exhibits share
SHARED = {"parts"}


def folders() -> set[str]:
    paths = (path.removeprefix(FOLDER) for path in web.scripts().texts if path.startswith(FOLDER))
    return {path.split("/")[0] for path in paths if "/" in path} - SHARED


def test_every_lesson_has_the_exhibit_that_it_names() -> None:
    assert {lesson.script for lesson in LESSONS.values()} <= web.scripts().texts.keys()


def test_every_folder_of_an_exhibit_has_a_script_of_its_name_that_mounts_it() -> None:
    for name in sorted(folders()):
        mounts = node.evaluate("({ mount }) => typeof mount", None, f"{FOLDER}{name}/{name}.js")
        assert mounts == "function", name
