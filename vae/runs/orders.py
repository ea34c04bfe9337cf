"""What is asked of a run from outside: lines of its control.jsonl, each obeyed once, in order."""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from vae.errors import UserError
from vae.files import lines, owner, regular
from vae.files.plain_json import lenient
from vae.files.writing import FULL, refusal
from vae.runs import room

CONTROL = "control.jsonl"
LARGEST = 16 << 20
"""Bytes of a control.jsonl that anybody means."""
RESUME, PAUSE, CANCEL = "resume", "pause", "cancel"
STEP, LONGER = "step", "longer"
"""One more epoch, or so many, and then pause; a finished run trained longer by {unit: amount}.

Any other action is the name of an option that changes.
"""
MOMENTARY = (RESUME, PAUSE, CANCEL, STEP)
"""What holds until the run goes on the next time; all else is obeyed whenever it was asked."""


def add(run: Path, action: str, value: Any = None) -> None:
    """Ask something of a run.

    Raises
    ------
    UserError
        When its folder is gone or cannot be written, or it is not theirs who ask.
    """
    line = {"id": uuid.uuid4().hex, "action": action, "value": value, "time": time.time()}
    try:
        if not run.is_dir():
            raise UserError(f"there is no run {run.name} any more; start a new one")
        owner.check_change(run)
        _append(run, json.dumps(line).encode())
    except OSError as error:
        raise refusal(f"{action} the run {run.name}", error) from None


def pending(run: Path) -> list[dict[str, Any]]:
    """List what was asked since the run was last asked to go on, the oldest first, each once."""
    orders: dict[str, dict[str, Any]] = {}
    with suppress(OSError):
        for order in _read(run / CONTROL):
            if order["action"] == RESUME:
                orders.clear()
            else:
                orders.setdefault(order["id"], order)
    return list(orders.values())


def changes(run: Path) -> list[dict[str, Any]]:
    """List what was ever asked to be changed, the oldest first, each once."""
    orders: dict[str, dict[str, Any]] = {}
    with suppress(OSError):
        for order in _read(run / CONTROL):
            if order["action"] not in MOMENTARY:
                orders.setdefault(order["id"], order)
    return list(orders.values())


def ending(orders: list[dict[str, Any]]) -> str | None:
    """Say in which state orders end a run: paused, cancelled, or None where they let it go on."""
    actions = {order["action"] for order in orders}
    return "cancelled" if CANCEL in actions else "paused" if PAUSE in actions else None


def pauses(orders: list[dict[str, Any]]) -> bool:
    """Tell whether orders end a run, now or after an epoch."""
    return any(order["action"] in (CANCEL, PAUSE, STEP) for order in orders)


def _read(path: Path) -> Iterator[dict[str, Any]]:
    for line in regular.read(path, LARGEST).splitlines():
        order = lenient(line) or {}
        if isinstance(order.get("action"), str) and isinstance(order.get("id"), str):
            yield {"value": None} | order


def _append(run: Path, line: bytes) -> None:
    try:
        lines.append(run / CONTROL, line)
    except OSError as error:
        if error.errno not in FULL:
            raise
        # what its trainer kept aside is for this too
        room.let_go(run)
        lines.append(run / CONTROL, line)
