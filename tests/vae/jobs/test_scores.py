"""Slow scores in processes of their own: of this model and these images, gone on with, shared."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tiny_models import tiny_checkpoint
from vae import checkpoint, data
from vae.errors import UserError
from vae.files.arrays import write
from vae.jobs import scores as jobs
from vae.jobs.__main__ import main
from vae.measures.anomaly import Detector, ImportanceWeighted, LikelihoodRegret, Neighbours
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build

PATIENCE = 60.0
CONFIG = VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)))
QUICK = ImportanceWeighted(samples=5)
# 5,000 steps of 359 images: far longer than any test waits
LONG = LikelihoodRegret(steps=5000)


@pytest.fixture(scope="module")
def digits() -> data.ImageDataset:
    return data.load("digits")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    checkpoint.write(path, tiny_checkpoint("tiny", CONFIG))
    return path


def ordered(file: Path, images: np.ndarray, score=QUICK, **options) -> jobs.Order:
    return jobs.order(score, file, Detector(checkpoint.read(file).model, **options), images)


def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def ended(key: str) -> str:
    until(lambda: jobs.status(key).state != "running")
    return jobs.status(key).state


def done_here(wanted: jobs.Order) -> np.ndarray:
    """Do the job in this process."""
    job = jobs.KIND.job(wanted.key())
    jobs.KIND.make_folder()
    job.path("input").write_bytes(jobs._content(wanted))
    return jobs.KIND.carry_out(job, jobs._input(job))


def process(key: str) -> int:
    lock = jobs.KIND.job(key).path("lock")
    until(lambda: lock.stat().st_size > 0)
    return int(lock.read_text().split()[0])


def test_a_job_gives_what_the_detector_gives_chunk_by_chunk(file, digits):
    images = digits.test.images[:40]
    wanted = ordered(file, images)
    assert ended(jobs.start(wanted)) == "finished"
    detector = Detector(checkpoint.read(file).model)
    parts = [detector.score(images[k : k + jobs.CHUNK], QUICK) for k in (0, jobs.CHUNK)]
    # another process, and so another number of threads
    assert jobs.result(wanted.key()) == pytest.approx(np.concatenate(parts), rel=1e-5)


def test_a_score_that_is_fitted_is_fitted_in_the_job_on_the_same_images(file, digits):
    score, options = Neighbours(k=3), {"train": digits.train.images[:50]}
    wanted = ordered(file, digits.test.images[:40], score, **options)
    detector = Detector(checkpoint.read(file).model, **options)
    expected = detector.score(digits.test.images[:40], score)
    assert done_here(wanted) == pytest.approx(expected, rel=1e-5)
    other = ordered(file, digits.test.images[:40], score, train=digits.train.images[50:100])
    assert other.key() != wanted.key()


def test_a_job_that_is_killed_goes_on_where_it_was_and_ends_with_the_same_numbers(
    file, digits, monkeypatch
):
    images, wanted_whole = digits.test.images[:90], []
    wanted = ordered(file, images)
    monkeypatch.setattr(jobs, "KEEP_SECONDS", 0.0)
    scored = Detector.score

    def dying(self, chunk, *others):
        wanted_whole.append(len(chunk))
        if len(wanted_whole) == 3:
            raise KeyboardInterrupt
        return scored(self, chunk, *others)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Detector, "score", dying)
        done_here(wanted)
    told = []
    job = jobs.KIND.job(wanted.key())
    found = jobs.KIND.carry_out(job, wanted, lambda done, total: told.append(done / total))
    assert told[0] == pytest.approx(2 / 3) and told == sorted(told)
    jobs.KIND.job(wanted.key()).forget()
    assert np.array_equal(done_here(wanted), found)


@pytest.mark.parametrize(
    "damaged", [b"no archive", write(values=np.full(30, np.nan)), write(values=np.arange(30))]
)
def test_what_is_damaged_of_an_earlier_start_is_computed_again(file, digits, damaged):
    wanted = ordered(file, digits.test.images[:40])
    found = done_here(wanted)
    job = jobs.KIND.job(wanted.key())
    for kind in ("npz", "partial"):
        job.path(kind).write_bytes(damaged)
    assert jobs.status(wanted.key()).state == "none"
    assert np.array_equal(done_here(wanted), found)


def test_a_job_is_stopped_and_a_killed_one_says_so(file, digits):
    wanted = ordered(file, digits.test.images, LONG)
    key = jobs.start(wanted)
    until(lambda: jobs.status(key).phase == "arranging")
    os.kill(process(key), signal.SIGKILL)
    assert ended(key) == "interrupted"
    assert "start it again" in (jobs.status(key).error or "")
    assert jobs.start(wanted) == key
    pid = process(key)
    jobs.cancel(key)
    assert jobs.status(key).state == "interrupted"
    until(lambda: not Path(f"/proc/{pid}").exists())


def test_the_key_depends_on_the_models_bytes_the_score_and_the_images(file, digits, tmp_path):
    images = digits.test.images[:40]
    first = ordered(file, images)
    copied = tmp_path / "other.safetensors"
    copied.write_bytes(file.read_bytes())
    assert ordered(copied, images).key() == first.key()
    model = checkpoint.read(file).model
    other = tmp_path / "newer.safetensors"
    checkpoint.write(other, replace(tiny_checkpoint("tiny", CONFIG), model=build(CONFIG, seed=5)))
    changed = [
        first,
        ordered(other, images),
        ordered(file, images, replace(QUICK, samples=6)),
        ordered(file, images, LONG),
        ordered(file, images[::-1]),
        ordered(file, images[:39]),
        jobs.order(QUICK, file, Detector(model, seed=1), images),
    ]
    assert len({one.key() for one in changed}) == len(changed)


def test_a_model_that_was_replaced_is_never_scored_under_the_old_ones_name(file, digits):
    wanted = ordered(file, digits.test.images[:40])
    checkpoint.write(file, replace(tiny_checkpoint("tiny", CONFIG), model=build(CONFIG, seed=5)))
    with pytest.raises(UserError, match="was replaced since"):
        done_here(wanted)
    assert jobs.status(wanted.key()).state == "failed"
    assert ordered(file, digits.test.images[:40]).key() != wanted.key()


def test_a_process_that_is_given_no_job_ends_with_a_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(os, "nice", lambda by: 0)
    assert main(["scores", str(tmp_path / "0")]) == 2
    assert "start it again" in capsys.readouterr().err
    assert main(["projections", str(tmp_path / "none" / "0")]) == 2
    assert "there is no such file or folder" in capsys.readouterr().err
    with pytest.raises(ValueError, match="not a kind of job"):
        main(["../evil", "x"])
