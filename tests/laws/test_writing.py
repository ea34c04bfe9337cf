"""The law of writing: all bytes go to a disk through `vae.files`, where they go whole or not."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.test_layers import ROOT, parse, sources

LAYER = "vae/files/"
MAKERS = {"write_text", "write_bytes", "touch", "tofile", "savetxt", "open_memmap"}
SAVERS = {"save", "savez", "savez_compressed"}
"""Of numpy and torch; a picture's own `save` is told by `PICTURES`."""
OF_OS = {"open", "write", "replace", "rename", "link", "truncate", "ftruncate", "dup2"}
PICTURES = {"vae/export/film.py", "vae/export/pictures.py"}
"""They encode a picture in memory, and what comes of it is written by the layer."""
ALLOWED = {
    ("vae/commands/train.py", "write_text"): "a setting of the system, in /proc",
    ("vae/__main__.py", "os.open"): "the null device, in place of a closed output",
    ("vae/__main__.py", "os.dup2"): "as above",
    ("vae/__main__.py", "open"): "as above",
    ("vae/jobs/job.py", "os.open"): "a lock, which holds the number of a process alone",
    ("vae/jobs/job.py", "open"): "as above",
    ("vae/data/own/drawn/preparing.py", "shutil.copytree"): "each file is copied by the layer",
    ("vae/data/download.py", "os.replace"): "a whole file, which was waited for, gets its name",
}


def writes(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, call) of each call that may write to a disk by itself."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Call) and (name := _writing(node)):
            yield node.lineno, name


def _writing(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Name):
        return "open" if function.id == "open" and _is_to_write(call) else ""
    if not isinstance(function, ast.Attribute):
        return ""
    of = function.value.id if isinstance(function.value, ast.Name) else ""
    what = function.attr
    if (
        of in ("os", "_os")
        and what in OF_OS
        or of == "shutil"
        and what.startswith(("copy", "move"))
    ):
        return f"{of}.{what}"
    if what in MAKERS or of in ("np", "numpy", "torch") and what in SAVERS:
        return what
    if what == "save" and not isinstance(function.value, ast.Constant):
        return "save"
    return "open" if what == "open" and _is_to_write(call) else ""


def _is_to_write(call: ast.Call) -> bool:
    """Tell whether a file is opened to be written, as far as the mode says."""
    given = [*call.args, *(one.value for one in call.keywords)]
    texts = [one.value for one in given if isinstance(one, ast.Constant)]
    modes = [text for text in texts if isinstance(text, str) and set(text) <= set("rwaxbt+")]
    return any(set(mode) & set("wax+") for mode in modes)


def found(root: Path) -> list[str]:
    """List the writes that do not go through the layer."""
    bad = []
    for path in sources(root, "app", "pages", "ui", "vae"):
        at = path.relative_to(root).as_posix()
        for line, call in () if at.startswith(LAYER) else writes(path):
            if (at, call) not in ALLOWED and not (call == "save" and at in PICTURES):
                bad.append(f"{at}:{line} calls {call}")
    return bad


def test_all_bytes_go_to_a_disk_through_one_layer() -> None:
    assert found(ROOT) == []


def test_each_exception_is_still_needed() -> None:
    there = {
        (path, call) for path in {path for path, _ in ALLOWED} for _, call in writes(ROOT / path)
    }
    assert set(ALLOWED) <= there


@pytest.mark.parametrize(
    "text",
    [
        'open("file", "w")',
        'open("file", mode="ab")',
        'Path("file").open("r+b")',
        'Path("x").write_text("")',
        'Path("x").touch()',
        'np.save("x", 0)',
        'torch.save({}, "x")',
        'picture.save("x")',
        'os.replace("x", "y")',
        'shutil.copy("x", "y")',
    ],
)
def test_a_bare_write_is_noticed(tmp_path: Path, text: str) -> None:
    (tmp_path / "vae").mkdir()
    (tmp_path / "vae" / "bad.py").write_text(text)
    assert len(found(tmp_path)) == 1


def test_reading_is_no_write(tmp_path: Path) -> None:
    (tmp_path / "vae").mkdir()
    (tmp_path / "vae" / "good.py").write_text('open("file", "rb")\nPath("w").open()')
    assert found(tmp_path) == []
