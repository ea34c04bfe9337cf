"""The browser's side of the explorer: plain ES modules, joined into one text a component.

A component is handed its script as text, where an import of a neighbouring file cannot be found.
`source` therefore follows the imports of a component's entry and puts the files one after another:
every name at a file's top level is unique across all of them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ENTRY = "pad.js"

# one import statement, however many lines it takes
_IMPORT = re.compile(r"^import\b[^;]*;[ \t]*\n?", re.MULTILINE)
_PLAIN_IMPORT = re.compile(r"import\s*\{[^}]*\}\s*from\s*[\"']\./(?P<file>[\w.-]+\.js)[\"']\s*;\s*")
_DEFAULT = re.compile(r"^export\s+default\b", re.MULTILINE)


def entries(folder: Path = FOLDER) -> list[str]:
    """List the scripts that are components: those with a default export."""
    scripts = sorted(folder.glob("*.js"))
    return [path.name for path in scripts if _DEFAULT.search(path.read_text("utf-8"))]


def files(entry: str = ENTRY, folder: Path = FOLDER) -> list[str]:
    """List the scripts that a component needs, each after those it imports, its entry last."""
    found: dict[str, None] = {}

    def follow(name: str, above: tuple[str, ...]) -> None:
        if name in found or name in above:
            return
        for imported in _imports(folder / name):
            follow(imported, (*above, name))
        found[name] = None

    follow(entry, ())
    return list(found)


def source(entry: str = ENTRY, folder: Path = FOLDER) -> str:
    """Join a component's scripts into one ES module; its entry alone may have a default export.

    Raises
    ------
    ValueError
        When a file cannot be joined: it imports by another name or from elsewhere, or has a
        default export though it is not the entry.
    """
    return "\n".join(_joinable(folder / name, entry) for name in files(entry, folder))


def style(*sheets: str, folder: Path = FOLDER) -> str:
    """Join style sheets into one text; without names the pad's."""
    return "\n".join((folder / name).read_text("utf-8") for name in sheets or ("pad.css",)) + "\n"


def _imports(path: Path) -> Iterator[str]:
    for statement in _IMPORT.findall(path.read_text("utf-8")):
        plain = _PLAIN_IMPORT.fullmatch(statement)
        if plain is None or " as " in statement or not (path.parent / plain["file"]).exists():
            raise ValueError(
                f"{path.name} cannot be joined with the others: {statement.strip()!r} is not of "
                'the form import { name } from "./file.js"; with a file beside it'
            )
        yield plain["file"]


def _joinable(path: Path, entry: str) -> str:
    text = path.read_text("utf-8")
    list(_imports(path))
    if path.name != entry and _DEFAULT.search(text):
        raise ValueError(f"{path.name} has a default export, which only {entry} may have")
    return _IMPORT.sub("", text).strip() + "\n"
