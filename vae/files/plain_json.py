"""JSON that anybody may have written: what is read is finite, fits a float, and can be shown.

No number beyond float or 2⁵³, no NaN, and no half of a character that could not be encoded again
leaves this module.
"""

import json
import math
from pathlib import Path
from typing import Any

from vae.files import regular

LARGEST_WHOLE = 2**53
"""Whole numbers beyond it are not exact as a float, nor in a browser."""
LARGEST_OBJECT = 4 << 20


def strict(text: str | bytes) -> Any:
    """Read JSON; a ValueError that says why where any part of it is not as it should be."""
    return _read(text, _refuse)


def lenient(text: str | bytes) -> dict[str, Any] | None:
    """Read a JSON object, numbers that are none being None; None where it is no such object."""
    try:
        value = _read(text, lambda written: None)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def read_object(path: Path) -> dict[str, Any]:
    """Read a file that holds a JSON object, `lenient`; empty where it is missing or damaged."""
    try:
        return lenient(regular.read(path, LARGEST_OBJECT)) or {}
    except OSError:
        return {}


def finite(value: Any, low: float = -1e300, high: float = 1e300) -> float | None:
    """Return a number within a range as a float; None for anything else."""
    if type(value) not in (int, float) or not low <= value <= high:
        return None
    return float(value)


def whole(value: Any, low: int = 0, high: int = LARGEST_WHOLE) -> int | None:
    """Return a whole number within a range; None for anything else."""
    return value if type(value) is int and low <= value <= high else None


def text_of(value: Any) -> str | None:
    """Return a text; None for anything else."""
    return value if isinstance(value, str) else None


def _read(text: str | bytes, other: Any) -> Any:
    if isinstance(text, bytes):
        # a UnicodeDecodeError is a ValueError
        text = text.decode("utf-8")

    def fraction(written: str) -> Any:
        value = float(written)
        return value if math.isfinite(value) else other(written)

    def integer(written: str) -> Any:
        if len(written) > 20 or abs(int(written)) > LARGEST_WHOLE:
            return other(written)
        return int(written)

    try:
        value = json.loads(text, parse_constant=other, parse_float=fraction, parse_int=integer)
        if "\\" in text:
            # half a surrogate pair, written as an escape, cannot be encoded
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


def _refuse(written: str) -> None:
    shown = written if len(written) <= 20 else f"{written[:12]}…"
    raise ValueError(f"{shown} is not a number that fits")
