"""Locks: one kind for all who look, and what still works on a system that has none of them."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from vae.files import locks

ROOT = Path(__file__).resolve().parents[3]
WITHOUT = "import sys; sys.modules['fcntl'] = None\n"
"""What makes Python say that there is no such module."""


def python(script: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own that finds no ``fcntl``."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT + script],
        cwd=ROOT,
        env=os.environ | {"VAE_RUNS": str(tmp_path / "runs")},
        capture_output=True,
        text=True,
    )


def test_a_lock_held_by_one_kind_is_held_for_the_other(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locks.hold(path):
        assert locks.is_held(path)
        assert locks.take(path) is None
    with locks.take(path):
        assert locks.is_held(path)
    assert not locks.is_held(path)


def test_a_lock_belongs_to_its_folder_and_not_to_the_next_one_of_that_name(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    with locks.take(run / "lock") as held:
        assert locks.is_of(held, run / "lock")
        run.rename(tmp_path / "renamed")
        assert not locks.is_of(held, run / "lock")
        run.mkdir()
        (run / "lock").touch()
        assert not locks.is_of(held, run / "lock")
        assert locks.is_of(held, tmp_path / "renamed" / "lock")


def test_who_waits_for_a_lock_gets_it_when_it_is_let_go(tmp_path: Path) -> None:
    path, order = tmp_path / "lock", []

    def wait() -> None:
        with locks.hold(path):
            order.append("second")

    first = locks.take(path)
    waiting = threading.Thread(target=wait)
    waiting.start()
    order.append("first")
    first.close()
    waiting.join()
    assert order == ["first", "second"]


def test_a_lock_is_let_go_when_the_process_that_holds_it_dies(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    script = "from pathlib import Path; from vae.files import locks\n"
    script += f"f = locks.take(Path({str(path)!r}))"
    script += "; print('held', flush=True); import time; time.sleep(100)"
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as held:
        assert held.stdout.readline() == b"held\n"
        assert locks.is_held(path)
        held.kill()
    assert not locks.is_held(path)


MODULES = """
import importlib, pkgutil, vae, ui
for package in (vae, ui):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
"""


def test_everything_can_be_imported_without_fcntl(tmp_path: Path) -> None:
    done = python(MODULES, tmp_path)
    assert done.returncode == 0, done.stderr


LOOKS = """
from vae.__main__ import main
from vae.runs import queue as run_queue, watch as run_watch
assert main(["sample", "digits-2d", "--count", "4", "--out", {out!r}]) == 0
assert main(["datasets"]) == 0
assert run_watch.runs() == [] and run_queue.waiting() == []
"""


def test_what_needs_no_lock_works_without_fcntl(tmp_path: Path) -> None:
    done = python(LOOKS.format(out=str(tmp_path / "grid.png")), tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "grid.png").stat().st_size > 0


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("main(['train', '--dataset', 'digits', '--epochs', '1', '--out', out])", "cannot lock"),
        ("run_control.launch('digits', VAEConfig((1, 8, 8)), TrainConfig())", "Linux or macOS"),
    ],
)
def test_what_needs_a_lock_says_so_without_fcntl(tmp_path: Path, script: str, said: str) -> None:
    imports = "from vae.__main__ import main\nfrom vae.runs import control as run_control\n"
    imports += "from vae.models.config import VAEConfig\n"
    imports += "from vae.training.config import TrainConfig\n"
    out = f"out = {str(tmp_path / 'run')!r}\n"
    caught = "from vae.errors import UserError\ntry:\n    code = " + script
    caught += (
        "\nexcept UserError as error:\n    print(error, file=sys.stderr); code = 2\nexit(code)"
    )
    done = python(imports + out + caught, tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Linux or macOS" in done.stderr
    assert "Traceback" not in done.stderr
