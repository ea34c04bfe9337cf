"""The browser's side of the explorer: plain ES modules, joined into one text.

A component is handed its script as text, where an import of a neighbouring file cannot be found.
`source` therefore puts the files one after another: every name at a file's top level is unique
across all of them.
"""

import re
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ENTRY = "pad.js"

# one import statement, however many lines it takes
_IMPORT = re.compile(r"^import\b[^;]*;[ \t]*\n?", re.MULTILINE)
_PLAIN_IMPORT = re.compile(r"import\s*\{[^}]*\}\s*from\s*[\"']\./(?P<file>[\w.-]+\.js)[\"']\s*;\s*")
_DEFAULT = re.compile(r"^export\s+default\b", re.MULTILINE)


def files(folder: Path = FOLDER) -> list[str]:
    """List the scripts in the order in which they are joined, the pad's entry last."""
    names = [path.name for path in folder.glob("*.js")]
    return sorted(names, key=lambda name: (name.startswith("pad"), name == ENTRY, name))


def source(names: Sequence[str] | None = None, folder: Path = FOLDER) -> str:
    """Join all scripts, or the named ones, into one ES module; ``pad.js`` has the default export.

    Raises
    ------
    ValueError
        When a file cannot be joined: it imports by another name or from elsewhere, or has a
        default export though it is not ``pad.js``.
    """
    return "\n".join(_joinable(folder / name) for name in names or files(folder))


def style(folder: Path = FOLDER) -> str:
    """Join the style sheets into one text."""
    return "\n".join(sheet.read_text("utf-8") for sheet in sorted(folder.glob("*.css"))) + "\n"


def _joinable(path: Path) -> str:
    text = path.read_text("utf-8")
    for statement in _IMPORT.findall(text):
        plain = _PLAIN_IMPORT.fullmatch(statement)
        if plain is None or " as " in statement or not (path.parent / plain["file"]).exists():
            raise ValueError(
                f"{path.name} cannot be joined with the others: {statement.strip()!r} is not of "
                'the form import { name } from "./file.js"; with a file beside it'
            )
    if path.name != ENTRY and _DEFAULT.search(text):
        raise ValueError(f"{path.name} has a default export, which only {ENTRY} may have")
    return _IMPORT.sub("", text).strip() + "\n"
