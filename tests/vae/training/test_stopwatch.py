"""The clock of training stands still while the process does, and only then."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from vae.training.stopwatch import Stopwatch

# a process that watches the clock for a second of its own time, and prints both
WATCHED = """
import sys, time
from vae.training.stopwatch import Stopwatch
watch, began = Stopwatch(), time.perf_counter()
with watch.running():
    print("running", flush=True)
    while watch.read() < 1.0:
        {what}
print(watch.seconds, watch.suspended, time.perf_counter() - began)
"""


def clocked(gaps):
    """Read a watch after each (seconds, processor seconds) passed; return it."""
    now = used = 0.0
    watch = Stopwatch(now=lambda: now, used=lambda: used)
    with watch.running():
        for gap, work in gaps:
            now, used = now + gap, used + work
            watch.read()
    return watch


def test_time_counts_while_the_process_works_or_only_sometimes_gets_a_core():
    assert clocked([(0.5, 0.5), (3.0, 3.0), (0.9, 0.0)]).seconds == pytest.approx(4.4)


def test_a_long_silence_without_any_work_does_not_count():
    watch = clocked([(0.5, 0.5), (48.0, 0.0), (0.5, 0.5)])
    assert watch.seconds == pytest.approx(1.1)
    assert watch.suspended == pytest.approx(47.9)


def test_time_stands_still_outside_of_running():
    watch = clocked([(0.5, 0.5)])
    assert watch.read() == watch.read() == pytest.approx(0.5)


@pytest.mark.parametrize("what", ["pass", "time.sleep(0.2)"], ids=["busy", "waiting"])
def test_a_stopped_process_does_not_age(what):
    script = WATCHED.format(what=what)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout.readline() == "running\n"
        os.kill(run.pid, signal.SIGSTOP)
        try:
            os.waitid(os.P_PID, run.pid, os.WSTOPPED | os.WNOWAIT)
            threading.Event().wait(1.5)
        finally:
            os.kill(run.pid, signal.SIGCONT)
        seconds, suspended, wall = map(float, run.stdout.read().split())
    # a beat before and one after the stop
    assert suspended == pytest.approx(1.5, abs=0.3)
    assert seconds + suspended == pytest.approx(wall, abs=0.1)
