"""The compiler of the training step: chosen by what it does, not by its name being there."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from torch._inductor import config, exc

from vae.errors import UserError
from vae.training import compiler

REAL = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is all there is on the path; what torch was told is put back afterwards."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CXX", "")
    with config.patch("cpp.cxx", config.cpp.cxx):
        yield tmp_path


def put(folder: Path, name: str, script: str) -> Path:
    """Put a program there."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.skipif(REAL is None, reason="there is no C++ compiler on this machine")
def test_the_first_compiler_that_works_is_used(tools: Path) -> None:
    put(tools, "g++", "exit 1")
    # by its full name and with the usual path, where its own parts are found
    works = put(tools, "c++", f'PATH=/usr/bin:/bin exec {REAL} "$@"')
    assert compiler.choose() == str(works)
    assert os.environ["CXX"] == config.cpp.cxx[1] == str(works)


@pytest.mark.parametrize("script", ["exit 1", "exit 0", "kill -9 $$"])
def test_a_compiler_that_makes_nothing_is_none(tools: Path, script: str) -> None:
    broken = put(tools, "g++", script)
    with pytest.raises(UserError, match="cannot compile a small program; install one") as caught:
        compiler.choose()
    assert str(broken) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_a_compiler_one_is_asked_for(tools: Path) -> None:
    with pytest.raises(UserError, match="such as g\\+\\+, that works; install one"):
        compiler.choose()


def test_what_fails_while_compiling_is_one_sentence() -> None:
    with pytest.raises(UserError, match="torch.compile cannot compile the step") as caught:
        with compiler.in_words():
            raise exc.CppCompileError(["g++", "-O3"], "error: no such thing\n" * 100)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_other_errors_of_a_step_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="^shapes$"), compiler.in_words():
        raise RuntimeError("shapes")
