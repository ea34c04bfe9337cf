"""The C++ compiler that torch.compile uses: one that works, and in words what keeps it from it."""

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vae.errors import UserError
from vae.files.writing import refusal, write_atomically

NAMES = ("g++", "c++", "clang++")
"""Tried in this order, after the one that the environment names as CXX."""
PROGRAM = """#include <cmath>
#include <vector>
extern "C" double total(double x) {
    std::vector<double> many{x, std::exp(x)};
    return many[0] + many[1];
}
"""
PATIENCE = 60.0
"""Seconds for the small program, on a machine that is busy with other things."""
OF_COMPILING = ("torch._dynamo", "torch._inductor", "torch._functorch")
"""Packages whose errors are about compiling, whatever else they say."""
LONGEST = 200


def choose() -> str:
    """Return the path of a C++ compiler that works, and have torch.compile use it.

    Raises
    ------
    UserError
        When none of those that are there compiles a small program.
    """
    names = tuple(filter(None, (os.environ.get("CXX"), *NAMES)))
    there = list(dict.fromkeys(filter(None, map(shutil.which, names))))
    found = next(filter(works, there), None)
    if found is None:
        tried = f"; {', '.join(there)} cannot compile a small program" if there else ""
        raise UserError(
            f"compiling needs a C++ compiler, such as g++, that works{tried}; "
            "install one or leave it out"
        )
    _use(found)
    return found


@functools.cache
def works(compiler: str) -> bool:
    """Tell whether a compiler makes a small program into a library; tried once per process.

    Raises
    ------
    UserError
        Where the program cannot be written.
    """
    with _temporary_folder() as folder:
        source, made = folder / "small.cpp", folder / "small.so"
        write_atomically(source, PROGRAM.encode(), sync=False)
        command = [compiler, "-std=c++17", "-shared", "-fPIC", str(source), "-o", str(made)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE)
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0 and made.is_file() and made.stat().st_size > 0


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory()
    except OSError as error:
        raise refusal("try a compiler in the folder for temporary files", error) from None
    with folder as name:
        yield Path(name)


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what torch.compile raises, a hundred lines, into one sentence; other errors pass."""
    try:
        yield
    except Exception as error:
        if not type(error).__module__.startswith(OF_COMPILING):
            raise
        said = next(filter(None, map(str.strip, str(error).splitlines())), type(error).__name__)
        raise UserError(
            f"torch.compile cannot compile the step ({said[:LONGEST]}); leave compiling out"
        ) from error


def _use(compiler: str) -> None:
    # the variable for the processes that compile, and what torch read of it already
    os.environ["CXX"] = compiler
    from torch._inductor import config

    config.cpp.cxx = (None, compiler)
