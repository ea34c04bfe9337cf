"""The browser's side of the explorer: native ES modules in folders, and their style sheets.

A component's scripts travel together, each still a module of its own, under an address that holds
the hash of them all, so that a browser keeps them for good. In their texts a script finds its
neighbours by relative imports, wherever they lie.
"""

import functools
import hashlib
import posixpath
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

# what an import or a re-export at the top level names, however many lines it takes
_NAMED = re.compile(
    r"^(?:import|export)\b(?:[^;\"'=(]*\bfrom)?\s*[\"'](?P<path>\.{1,2}/[^\"']+)[\"']", re.MULTILINE
)


class Scripts:
    """The scripts of a folder as they were when it was read: texts by their paths."""

    def __init__(self, folder: Path = FOLDER) -> None:
        found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.js")}
        self.texts = {name: found[name].read_bytes() for name in sorted(found)}
        whole = hashlib.sha256()
        for name, text in self.texts.items():
            whole.update(f"{name}\n{len(text)}\n".encode() + text)
        self.digest = whole.hexdigest()[:20]

    def needed(self, entry: str) -> list[str]:
        """List what an entry needs in the order of its imports: each after those it imports.

        Raises
        ------
        ValueError
            When a script imports one that is not there.
        """
        found: dict[str, None] = {}

        def follow(name: str, above: tuple[str, ...]) -> None:
            if name in found or name in above:
                return
            for imported in self.imported(name):
                follow(imported, (*above, name))
            found[name] = None

        follow(entry, ())
        return list(found)

    def imported(self, name: str) -> list[str]:
        """List the scripts that one script imports by name."""
        return self.parts(name)[1::2]

    def parts(self, name: str) -> list[str]:
        """Cut a script's text where it names another: text, path, text, path, …, text.

        The paths stand in the place of the quoted relative ones; whoever puts the parts together
        says in quotes where each of these scripts is.
        """
        text, here = self.texts[name].decode(), posixpath.dirname(name)
        parts, end = [], 0
        for found in _NAMED.finditer(text):
            path = posixpath.normpath(posixpath.join(here, found["path"]))
            if path not in self.texts:
                raise ValueError(f"{name} imports {path}, which is not there")
            start = found.start("path") - 1
            parts += [text[end:start], path]
            end = found.end("path") + 1
        return [*parts, text[end:]]


@functools.cache
def scripts() -> Scripts:
    """Read the project's own scripts, once."""
    return Scripts()


def sheets(component: str, folder: Path = FOLDER) -> list[str]:
    """List a component's style sheets, its own before those of the folders in it."""
    found = (path.relative_to(folder) for path in (folder / component).rglob("*.css"))
    return [path.as_posix() for path in sorted(found, key=lambda path: (len(path.parts), path))]


def style(*sheets: str, folder: Path = FOLDER) -> str:
    """Join style sheets into one text."""
    return "\n".join((folder / name).read_text("utf-8") for name in sheets) + "\n"
