"""What surrounds the code: the pins, the Makefile's answers, the weight of an import."""

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.browser.app_server import descendants, kill_tree
from tests.browser.find_browser import COMMAND

ROOT = Path(__file__).resolve().parents[2]
OURS = {"app", "pages", "ui", "vae"}
PIN = re.compile(r"([A-Za-z0-9._-]+)==(\d[\w.]*)")


def requirements(name: str) -> list[str]:
    """Return the lines of a requirements file without comments."""
    lines = (line.strip() for line in (ROOT / name).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def pins(name: str) -> dict[str, str]:
    """Return distribution -> version of a requirements file."""
    return dict(PIN.fullmatch(line).groups() for line in requirements(name) if "==" in line)


def imported_packages() -> set[str]:
    """Return the top-level packages that the app imports and that are neither ours nor Python's."""
    folders = [ROOT / name for name in OURS - {"app"}]
    files = [ROOT / "app.py", *(path for folder in folders for path in folder.rglob("*.py"))]
    trees = [ast.parse(path.read_text("utf-8")) for path in files]
    names = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.split(".")[0])
    return names - OURS - sys.stdlib_module_names


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_exactly(name: str) -> None:
    loose = [line for line in requirements(name) if not PIN.fullmatch(line)]
    assert loose == (["-r requirements.txt"] if "dev" in name else [])


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_environment_is_the_pinned_one(name: str) -> None:
    # torch's version ends with its build, as in 2.13.0+cpu.
    installed = {pin: importlib.metadata.version(pin).split("+")[0] for pin in pins(name)}
    assert installed == pins(name)


def test_every_import_of_the_app_is_a_requirement() -> None:
    pinned = set(pins("requirements.txt"))
    providers = importlib.metadata.packages_distributions()
    unmet = {
        package
        for package in imported_packages()
        if pinned.isdisjoint(name.lower() for name in providers.get(package, []))
    }
    assert unmet == set()


def test_importing_vae_loads_nothing_heavy() -> None:
    heavy = {"torch", "sklearn", "plotly", "streamlit"}
    script = "import sys, vae; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert heavy & set(loaded.stdout.split()) == set()


def test_the_server_is_private_and_starts_without_a_question() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
    # Streamlit else asks for an email address on a desktop's first start, and waits.
    assert settings["server"]["showEmailPrompt"] is False
    assert settings["browser"]["gatherUsageStats"] is False


def test_the_server_watches_files_only_where_it_is_asked_to() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["server"]["fileWatcherType"] == "none"
    commands = {
        asked: subprocess.run(
            ["make", "-n", "--no-print-directory", "run", *asked],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()[-1]
        for asked in [(), ("WATCH=1",)]
    }
    assert "WATCHER" not in commands[()]
    assert "STREAMLIT_SERVER_FILE_WATCHER_TYPE=poll" in commands["WATCH=1",]


def test_ci_run_can_be_executed() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize(
    ("python", "answer"),
    [
        ("no-such-python", "no-such-python was not found"),
        ("./old python", "./old python is not Python 3.11 or newer"),
        ("./bare python", "./bare python lacks its venv module"),
    ],
)
def test_make_names_what_is_wrong_with_python(python: str, answer: str, tmp_path: Path) -> None:
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "requirements.txt", folder)
    write_script(folder / "old python", "exit 1")
    write_script(folder / "bare python", 'case "$2" in *ensurepip*) exit 1;; esac')
    made = subprocess.run(
        ["make", "run", f"PYTHON={python}"], cwd=folder, capture_output=True, text=True, check=False
    )
    first, *others = made.stderr.splitlines()
    assert first.startswith(answer)
    assert [line for line in others if not line.startswith("make")] == []
    assert made.returncode != 0
    assert not (folder / ".venv").exists()


def test_a_chosen_browser_that_does_not_start_is_refused(tmp_path: Path) -> None:
    write_script(tmp_path / "stub", 'echo "install the package first"; exit 1')
    looked = subprocess.run(
        [sys.executable, "-m", "tests.browser.find_browser"],
        cwd=ROOT,
        env=os.environ | {"VAE_BROWSER": str(tmp_path / "stub")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (looked.returncode, looked.stdout) == (1, "")
    assert COMMAND in looked.stderr


def test_killing_a_server_ends_processes_in_sessions_of_their_own() -> None:
    script = (
        "import subprocess, sys\n"
        "print(subprocess.Popen(['sleep', '600'], start_new_session=True).pid, flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        grandchild = int(parent.stdout.readline())
        assert descendants(parent.pid) == [grandchild]
        kill_tree(parent)
        # The end of the pipe is reached once nobody holds it any more, the grandchild included.
        assert parent.stdout.read() == b""


def write_script(path: Path, body: str) -> None:
    """Write an executable shell script."""
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
