"""What a file may hold that nobody means: numbers that are none, names that cannot be shown."""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FEW = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""Few examples, always the same ones, so that a failure comes back."""
OVERFLOWING = "<1e999>"
"""Stands for a number that JSON can write and no float can hold."""
NAMES = ("\ud800", "a\0b", "x" * 5000, "‮desrever", "two\nlines", "<b>$x_1$</b>", "")
NUMBERS = (float("nan"), float("inf"), -1, -(10**400), 10**400, 2**64, 1e308, OVERFLOWING, True)
SHAPES = (None, [], {}, [None], [[1, 2], [3]], {"a": {"b": [0]}}, [[]] * 3, ["x", 1])

VALUES = st.one_of(
    st.sampled_from((*NAMES, *NUMBERS, *SHAPES)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=6,
    ),
)


def dumps(value: Any) -> str:
    """Write JSON with what only other writers put into it."""
    return json.dumps(value).replace(json.dumps(OVERFLOWING), "1e999")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere") / "at all")


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = os.getcwd()
        # the name of a socket may be 100 bytes long
        os.chdir(path.parent)
        try:
            made.bind(path.name)
        finally:
            os.chdir(here)


THINGS: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "socket": _socket,
    "device": _device,
    "folder": Path.mkdir,
    "dangling link": _dangling,
    "link to itself": _loop,
}
"""What may stand where a file should, by name; each makes one at a path."""


def put(thing: str, path: Path) -> Path:
    """Put such a thing in a file's place and return the place."""
    path.unlink(missing_ok=True)
    THINGS[thing](path)
    return path
