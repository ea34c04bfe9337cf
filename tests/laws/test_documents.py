"""What the documents say of the tree is so: every file, folder and module that they name exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "checkpoints/README.md",
    *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))),
)
FOLDERS = "app|benchmarks|checkpoints|docs|pages|tests|ui|vae|\\.github"
# Between backticks or in a table's code: `vae/runs/queue.py`, `docs/architecture.md#floors`.
PATH = re.compile(rf"(?<![\w/.-])((?:{FOLDERS})/[\w./-]*\w/?|[\w-]+\.(?:py|toml|txt|md))(?![\w*])")
MODULE = re.compile(r"(?<![\w/.-])((?:benchmarks|ui|vae)(?:\.[a-z_]+)+)(?![\w/(])")
CODE = re.compile(r"`([^`]+)`|\]\(([^)#:]+)\)|^    (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*$", re.MULTILINE)


def code_of(document: str) -> Iterator[str]:
    """Yield what a document marks as code, and where its links lead."""
    text = FENCE.sub("", (ROOT / document).read_text("utf-8"))
    for match in CODE.finditer(text):
        yield next(filter(None, match.groups()))


def missing(document: str) -> set[str]:
    """Return the files, folders and modules that a document names and that are not there."""
    named = set()
    for code in code_of(document):
        named |= {(path, path) for path in PATH.findall(code.replace("../", ""))}
        named |= {(name, name.replace(".", "/")) for name in MODULE.findall(code)}
    # a word in capitals stands for what the reader chooses
    chosen = {(name, path) for name, path in named if re.search(r"\b[A-Z]{4,}\b(?!\.md)", path)}
    return {name for name, path in named - chosen if not exists(path, (ROOT / document).parent)}


def exists(path: str, folder: Path) -> bool:
    """Whether a path is there, as seen from the project or from the document's folder."""
    places = [ROOT / path, folder / path, (ROOT / path).with_suffix(".py")]
    # "vae.load" and "ui.start:main" are names in a module
    inside = (ROOT / path).parent
    found = [file.read_text("utf-8") for file in (inside / "__init__.py",) if file.is_file()]
    defined = any(re.search(rf"\bdef {re.escape(Path(path).name)}\b", text) for text in found)
    return any(place.exists() for place in places) or defined


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_and_module_that_a_document_names_exists(document: str) -> None:
    assert missing(document) == set()


def test_a_name_that_is_not_there_is_found(tmp_path: Path) -> None:
    assert not exists("vae/no_such_room/file.py", ROOT)
    assert not exists("vae/no_such_function", ROOT)
    assert exists("vae/load", ROOT)
