"""A process is ended by its number only where that number means it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vae.errors import UserError
from vae.jobs import processes
from vae.jobs.job import Job

ELSEWHERE = "0b9e/pid:[1]"


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process that waits, and has nothing to do with a job."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def test_a_process_of_this_machine_is_read_as_it_was_written() -> None:
    assert processes.number_in(processes.named(os.getpid())) == os.getpid()


def test_a_number_alone_counts_here_as_older_versions_wrote_it() -> None:
    assert processes.number_in(b"1234      ") == 1234


def test_a_number_of_another_machine_names_nobody_here() -> None:
    assert processes.number_in(f"1234 {ELSEWHERE}".encode()) is None


def test_stopping_a_job_of_another_machine_ends_no_process_of_this_one(
    tmp_path: Path, bystander: subprocess.Popen[bytes]
) -> None:
    job = Job(tmp_path / "job", "the projection")
    with job.locked() as lock:
        assert lock is not None
        lock.write(f"{bystander.pid:<10}{ELSEWHERE}".encode())
        with pytest.raises(UserError, match="another machine"):
            job.stop()
    assert bystander.poll() is None
