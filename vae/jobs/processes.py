"""Whose number a process has: numbers count within one machine, and within one container of it."""

import os
from pathlib import Path

BOOT, NAMESPACE = "/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"


def table() -> str:
    """Name the table that numbers this process, without spaces; "" where the system has none."""
    try:
        return f"{Path(BOOT).read_text().strip()}/{os.readlink(NAMESPACE)}"
    except OSError:
        return ""


def named(number: int) -> bytes:
    """Write down a process of this machine or container."""
    return f"{number:<10}{table()}".encode()


def number_in(text: bytes) -> int | None:
    """Read the number of a process; None where it counts in another machine or container.

    Raises
    ------
    ValueError
        Where there is no number.
    """
    number, *tables = text.decode("ascii", "replace").split()
    # what older versions wrote says only the number
    return int(number) if tables in ([], [table()]) else None
