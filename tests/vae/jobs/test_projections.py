"""Projections computed in processes of their own: cached, watched, stopped, never trusted."""

import errno
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vae.errors import UserError
from vae.jobs import kind
from vae.jobs import projections as jobs
from vae.jobs.progress import JobStatus
from vae.latent.projection import PCA, TSNE

# no library to import: the process is done in half a second
QUICK = PCA()
SMALL = TSNE(iterations=300)
# 5,000 steps of 2,000 points: far longer than any test waits
LONG = TSNE(iterations=5000)
PATIENCE = 60.0


@pytest.fixture
def loc() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)


@pytest.fixture
def many() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(2000, 10)).astype(np.float32)


@pytest.fixture
def long_job(many):
    """A job that is at its neighbours or steps when the test begins, stopped after it."""
    key = jobs.start(many, LONG)
    until(lambda: jobs.status(key).phase in ("preparing", "arranging"))
    yield key
    jobs.cancel(key)


def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def ended(key: str) -> JobStatus:
    """Wait until a job no longer runs."""
    until(lambda: jobs.status(key).state != "running")
    return jobs.status(key)


def file(key: str, kind: str) -> Path:
    return Path(os.environ["VAE_RUNS"]) / ".cache" / "projections" / f"{key}.{kind}"


def process(key: str) -> int:
    until(lambda: file(key, "lock").stat().st_size > 0)
    return int(file(key, "lock").read_text().split()[0])


def test_a_job_gives_what_the_projection_gives_here(loc):
    key = jobs.start(loc, SMALL)
    assert ended(key).state == "finished"
    xy = jobs.result(key)
    assert xy.dtype == np.float32
    np.testing.assert_array_equal(xy, SMALL.fit(loc))


def test_a_finished_job_is_read_from_disk_the_second_time(loc):
    key = jobs.start(loc, QUICK)
    ended(key)
    written = file(key, "npz").stat().st_mtime_ns
    assert jobs.start(loc, QUICK) == key
    assert jobs.status(key).state == "finished"
    assert jobs.status(key).progress == 1
    assert file(key, "npz").stat().st_mtime_ns == written
    assert not file(key, "input").exists()


def test_the_key_depends_on_points_shape_options_and_method(loc):
    keys = [
        jobs.key_of(loc, QUICK),
        jobs.key_of(loc + 1, QUICK),
        jobs.key_of(loc.reshape(30, 8), QUICK),
        jobs.key_of(loc, SMALL),
        jobs.key_of(loc, TSNE(iterations=300, seed=1)),
    ]
    assert len(set(keys)) == len(keys)
    assert jobs.key_of(np.asfortranarray(loc), QUICK) == keys[0]


def test_a_running_job_tells_its_progress_and_time_left(long_job):
    until(lambda: jobs.status(long_job).remaining is not None)
    status = jobs.status(long_job)
    assert status.state == "running"
    assert status.phase == "arranging"
    assert 0 < status.progress < 1
    assert status.seconds > 0
    assert status.remaining > 0


def test_a_job_started_twice_runs_once(long_job, many):
    pid = process(long_job)
    assert jobs.start(many, LONG) == long_job
    assert process(long_job) == pid


def test_a_cancelled_job_ends_and_is_forgotten(long_job):
    pid = process(long_job)
    jobs.cancel(long_job)
    assert jobs.status(long_job) == JobStatus("none")
    assert not file(long_job, "input").exists()
    until(lambda: not Path(f"/proc/{pid}").exists())


def test_a_cancelled_job_can_be_started_again(long_job, many):
    jobs.cancel(long_job)
    assert jobs.start(many, LONG) == long_job
    assert jobs.status(long_job).state == "running"


def test_cancelling_a_finished_job_keeps_its_result(loc):
    key = jobs.start(loc, QUICK)
    ended(key)
    jobs.cancel(key)
    assert jobs.status(key).state == "finished"


def test_cancelling_what_never_ran_does_nothing(loc):
    jobs.cancel(jobs.key_of(loc, QUICK))
    assert jobs.status(jobs.key_of(loc, QUICK)).state == "none"


def test_a_killed_job_reads_as_interrupted_and_starts_again(long_job, many):
    os.kill(process(long_job), signal.SIGKILL)
    status = ended(long_job)
    assert status.state == "interrupted"
    assert "start it again" in status.error
    jobs.start(many, LONG)
    assert jobs.status(long_job).state == "running"


def test_a_second_job_waits_for_the_first(long_job, loc):
    second = jobs.start(loc, QUICK)
    # the second has been up for long enough to take its turn once its slot file is held by both
    pid = process(second)
    until(lambda: any(".slot" in link for link in links(pid)))
    assert jobs.status(second).phase == "waiting"
    jobs.cancel(long_job)
    assert ended(second).state == "finished"


def links(pid: int) -> list[str]:
    """Files that a process holds open."""
    return [os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()]


def test_a_job_that_fails_says_why(loc):
    loc[0, 0] = np.nan
    status = ended(jobs.start(loc, QUICK))
    assert status.state == "failed"
    assert "not finite numbers" in status.error


def test_a_failed_job_can_be_started_again(loc):
    loc[0, 0] = np.nan
    key = jobs.start(loc, QUICK)
    ended(key)
    assert jobs.start(loc, QUICK) == key
    assert ended(key).state == "failed"


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped", "text"])
def test_a_damaged_result_is_computed_again(damage, loc):
    key = jobs.start(loc, QUICK)
    ended(key)
    whole, good = file(key, "npz").read_bytes(), jobs.result(key)
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    contents = {"cut": whole[:middle], "empty": b"", "flipped": flipped, "text": b"hello"}
    file(key, "npz").write_bytes(contents[damage])
    assert jobs.status(key).state == "none"
    with pytest.raises(UserError, match="start it again"):
        jobs.result(key)
    jobs.start(loc, QUICK)
    assert ended(key).state == "finished"
    np.testing.assert_array_equal(jobs.result(key), good)


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"state": "running", "progress": "x"}'])
def test_a_damaged_progress_file_does_not_raise(text, loc):
    key = jobs.key_of(loc, QUICK)
    file(key, "json").parent.mkdir(parents=True)
    file(key, "json").write_text(text)
    assert jobs.status(key).state in ("none", "interrupted")


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(loc, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "file"))
    with pytest.raises(UserError, match="cannot make the folder .*is a file, not a folder"):
        jobs.start(loc, QUICK)


def test_a_full_disk_is_told_in_one_sentence_and_leaves_no_job(loc, monkeypatch):
    def full(source, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(UserError, match="the disk is full"):
        patch.setattr(os, "replace", full)
        jobs.start(loc, QUICK)
    assert jobs.status(jobs.key_of(loc, QUICK)).state == "none"
    assert ended(jobs.start(loc, QUICK)).state == "finished"


def test_a_job_that_could_not_be_cancelled_is_not_left_running(many):
    # a long one, which cannot be done before it is ended
    key = jobs.key_of(many, LONG)
    file(key, "lock").parent.mkdir(parents=True)
    # every write finds the disk full, as the number of the process does
    file(key, "lock").symlink_to("/dev/full")
    with pytest.raises(UserError, match="the disk is full"):
        jobs.start(many, LONG)
    until(lambda: jobs.status(key).state == "interrupted")


def test_the_oldest_results_make_room(loc, monkeypatch):
    monkeypatch.setattr(kind, "KEPT", 2)
    keys = []
    for shift in range(3):
        keys.append(jobs.start(loc + shift, QUICK))
        assert ended(keys[-1]).state == "finished"
    assert [jobs.status(key).state for key in keys] == ["none", "finished", "finished"]


def test_a_key_that_is_a_path_is_refused():
    with pytest.raises(ValueError, match="not the key"):
        jobs.status("../../../etc/passwd")


def test_what_a_job_wrote_is_plain_json(loc):
    key = jobs.start(loc, QUICK)
    ended(key)
    assert json.loads(file(key, "json").read_text())["state"] == "finished"
