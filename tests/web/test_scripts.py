"""The scripts are known by what they import, and their hash by all that they say."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from vae import web
from vae.web import Scripts


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Scripts]:
    """Write scripts, path -> text, into a folder and read it."""

    def write(files: dict[str, str]) -> Scripts:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return Scripts(tmp_path)

    return write


def test_an_entry_needs_what_it_imports_through_any_folder_each_before_its_user(written) -> None:
    scripts = written(
        {
            "pad/pad.js": 'import {\n  b,\n} from "./keys.js";\nimport "../core/loose.js";\n',
            "pad/keys.js": 'import { a as c } from "../core/points.js";\nexport const b = c;\n',
            "core/points.js": 'export * from "./raster.js";\n',
            "core/raster.js": "export const a = 1;\n",
            "core/loose.js": "export {};\n",
            "core/unused.js": 'export const d = "./raster.js";\n',
        }
    )
    assert scripts.needed("pad/pad.js") == [
        "core/raster.js",
        "core/points.js",
        "pad/keys.js",
        "core/loose.js",
        "pad/pad.js",
    ]
    assert scripts.needed("core/unused.js") == ["core/unused.js"]


def test_a_script_is_cut_where_it_names_another_and_nowhere_else(written) -> None:
    text = """\
import { b } from "../core/b.js";
export { c } from '../core/c.js';
/** @import { D } from "./d.js" */
const e = "./e.js";
"""
    scripts = written({"pad/a.js": text, "core/b.js": "", "core/c.js": ""})
    first, b, second, c, last = scripts.parts("pad/a.js")
    assert (b, c) == ("core/b.js", "core/c.js")
    assert f"{first}\"../core/b.js\"{second}'../core/c.js'{last}" == text


def test_a_script_that_imports_none_is_one_part(written) -> None:
    assert written({"a.js": "export {};\n"}).parts("a.js") == ["export {};\n"]


def test_scripts_that_import_each_other_are_each_needed_once(written) -> None:
    scripts = written(
        {"a.js": 'import { b } from "./b.js";', "b.js": 'import { a } from "./a.js";'}
    )
    assert scripts.needed("a.js") == ["b.js", "a.js"]


def test_an_import_of_what_is_not_there_is_an_error_that_names_both(written) -> None:
    scripts = written({"pad/pad.js": 'import { b } from "../core/absent.js";\n'})
    with pytest.raises(ValueError, match=r"pad/pad\.js imports core/absent\.js"):
        scripts.needed("pad/pad.js")


@pytest.mark.parametrize("change", [{"a.js": "2"}, {"b.js": "1"}, {"c/a.js": "1"}])
def test_the_hash_follows_every_text_and_every_name(written, change: dict[str, str]) -> None:
    before = written({"a.js": "1"}).digest
    assert written({"a.js": "1"}).digest == before
    assert written({"a.js": "1"} | change).digest != before


def test_the_style_is_text_of_more_than_one_line() -> None:
    assert "\n" in web.style("pad/pad.css")


# Folder -> the folders that its scripts may import from beside their own.
BELOW = {
    "core": set(),
    "batch": {"core"},
    "backward": {"core"},
    "parts": {"core"},
    "pictures": {"core", "parts"},
    "plane": {"core", "parts"},
    "opened": {"core", "batch", "parts"},
    "microscope": {"core", "batch", "parts", "plane"},
}
COMPONENT = {"core", "batch", "backward", "parts", "pictures", "plane", "opened", "microscope"}


def upward(scripts: Scripts) -> list[str]:
    """List the imports that lead to a folder above, or from one component to another."""
    pairs = [(name, to) for name in scripts.texts for to in scripts.imported(name)]
    rooms = [(name.split("/")[0], to.split("/")[0]) for name, to in pairs]
    return [
        f"{name} imports {to}"
        for (name, to), (room, other) in zip(pairs, rooms, strict=True)
        if other not in BELOW.get(room, COMPONENT) | {room}
    ]


def test_a_folder_of_scripts_imports_only_from_those_below() -> None:
    assert upward(web.scripts()) == []


@pytest.mark.parametrize(
    "files",
    [
        {"core/a.js": 'import { b } from "../parts/b.js";', "parts/b.js": ""},
        {"pad/a.js": 'import { b } from "../train/b.js";', "train/b.js": ""},
    ],
)
def test_an_import_that_leads_upward_is_found(written, files: dict[str, str]) -> None:
    assert len(upward(written(files))) == 1


def late(scripts: Scripts) -> list[str]:
    """List the scripts that ask for another while they run, or for an address of their own.

    In the browser a script lies in the page's memory, where a relative address leads nowhere.
    """
    asks = re.compile(r"^(?!\s*(?://|/?\*)).*?\bimport(?:\(|\.meta)", re.MULTILINE)
    return [name for name, text in scripts.texts.items() if asks.search(text.decode())]


def test_a_script_imports_others_by_name_before_it_runs() -> None:
    assert late(web.scripts()) == []


def test_a_late_import_is_found_and_one_of_a_type_is_none(written) -> None:
    scripts = written(
        {
            "a.js": 'export const b = () => import("./b.js");\n',
            "b.js": "new Worker(new URL(import.meta.url));\n",
            "c.js": '/** @type {import("./a.js").A} */\n * @returns {import("./b.js").B}\n',
        }
    )
    assert late(scripts) == ["a.js", "b.js"]
