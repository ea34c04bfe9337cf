"""How far a job is: what it writes down itself, and what that means to who looks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vae.files import plain_json

REPORT_SECONDS = 0.25
LONGEST_TEXT, LONGEST_TIME = 2000, 1e12


@dataclass(frozen=True)
class Progress:
    """How far a job is by its own account."""

    state: str = ""
    """Empty where nothing sensible can be read."""
    phase: str = "waiting"
    progress: float = 0.0
    """Share of the steps done, 0 to 1."""
    seconds: float = 0.0
    started: float | None = None
    """Unix time in seconds."""
    ends: float | None = None
    """Unix time in seconds, as an estimate."""
    error: str | None = None


@dataclass(frozen=True)
class JobStatus:
    """How far a job is."""

    state: str
    """none | running | finished | failed | interrupted (its process ended without a word)."""
    phase: str = ""
    """While running: waiting (for another job), preparing or arranging."""
    progress: float = 0.0
    """Share of the steps done, 0 to 1; 0 while waiting and preparing."""
    seconds: float = 0.0
    """Since it was started, or in all."""
    remaining: float | None = None
    """Seconds left, from the pace of the steps so far; None before there are any."""
    error: str | None = None


def read(path: Path) -> Progress:
    """Read what a job wrote down; all defaults where there is nothing or it is damaged."""
    found = plain_json.read_object(path)
    return Progress(
        state=plain_json.text_of(found.get("state")) or "",
        phase=plain_json.text_of(found.get("phase")) or "waiting",
        progress=plain_json.finite(found.get("progress"), 0, 1) or 0.0,
        seconds=plain_json.finite(found.get("seconds"), 0, LONGEST_TIME) or 0.0,
        started=plain_json.finite(found.get("started"), 0, LONGEST_TIME),
        ends=plain_json.finite(found.get("ends"), 0, LONGEST_TIME),
        error=(plain_json.text_of(found.get("error")) or "")[:LONGEST_TEXT] or None,
    )


def running(said: Progress) -> JobStatus:
    """Give the status of a job that lives and said this."""
    now = time.time()
    return JobStatus(
        "running",
        phase=said.phase,
        progress=said.progress,
        seconds=max(0.0, now - (now if said.started is None else said.started)),
        remaining=None if said.ends is None else max(0.0, said.ends - now),
    )


class Reporter:
    """Hears of each step of a job, and tells of them at most a few times per second."""

    def __init__(self, tell: Callable[..., Any], begun: float):
        self.tell, self.begun, self.written = tell, begun, 0.0
        self.arranging: float | None = None
        self.first = 0
        self._write("preparing", 0, 1)

    def __call__(self, done: int, total: int) -> None:
        now = time.time()
        if self.arranging is None:
            # work that goes on was not done at today's pace
            self.arranging, self.first = now, done
        if now - self.written >= REPORT_SECONDS or done == 0:
            self._write("arranging", done, total)

    def _write(self, phase: str, done: int, total: int) -> None:
        self.written = time.time()
        begun = self.arranging
        since = done - self.first
        pace = (self.written - begun) / since if since and begun is not None else None
        self.tell(
            state="running",
            phase=phase,
            progress=done / total,
            started=self.begun,
            ends=None if pace is None else self.written + pace * (total - done),
        )
