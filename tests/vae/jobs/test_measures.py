"""Measures that take minutes: cached by the model's bytes, shared, stopped, gone on with."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tiny_models import tiny_checkpoint
from vae import checkpoint, data
from vae.errors import UserError
from vae.jobs import measures as jobs
from vae.measures.registry import ActiveUnits, Frechet, ImportanceSampling, Subject
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build

PATIENCE = 60.0
CONFIG = VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)))
QUICK = ImportanceSampling(samples=30)
# 100,000 samples of 359 images: far longer than any test waits
LONG = ImportanceSampling(samples=100_000)
FACTS = {"images": 20, "binarize": "stochastic"}


@pytest.fixture(scope="module")
def digits() -> data.ImageDataset:
    return data.load("digits")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    checkpoint.write(path, tiny_checkpoint("tiny", CONFIG))
    return path


def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def lock_of(key: str) -> Path:
    return Path(os.environ["VAE_RUNS"]) / ".cache" / "measures" / f"{key}.lock"


def process(key: str) -> int:
    until(lambda: lock_of(key).stat().st_size > 0)
    return int(lock_of(key).read_text().split()[0])


def test_a_job_gives_what_the_measure_gives_and_is_read_from_disk_afterwards(file, digits):
    wanted = jobs.order(QUICK, file, digits, **FACTS)
    key = jobs.start(wanted)
    until(lambda: jobs.status(key).state != "running")
    assert jobs.status(key).state == "finished"
    found = jobs.result(key)
    model = checkpoint.read(file).model
    subject = Subject.of(model, digits, binarize="stochastic").some(20)
    measured = QUICK(subject)
    assert found == measured
    assert np.array_equal(found.per_image["nll"], measured.per_image["nll"])
    assert jobs.here(wanted) == found
    assert not lock_of(key).with_suffix(".partial").exists()


def test_what_a_number_is_on_halves_of_the_images_is_read_from_disk(file, digits):
    wanted = jobs.order(ActiveUnits(), file, digits, **FACTS)
    measured = jobs.here(wanted).resampled["active_units"]
    found = jobs.result(wanted.key()).resampled["active_units"]
    assert type(found) is type(measured) and np.array_equal(found.values, measured.values)
    assert found.stderr == jobs.result(wanted.key()).estimates["active_units"].stderr


def test_a_result_of_a_measure_that_computed_otherwise_is_not_shown(file, digits, monkeypatch):
    wanted = jobs.order(Frechet(), file, digits)
    before = wanted.key()
    monkeypatch.setattr(Frechet, "revision", Frechet.revision + 1)
    assert wanted.key() != before


def test_a_job_is_shared_stopped_and_keeps_that_it_was_begun(file, digits):
    key = jobs.start(jobs.order(LONG, file, digits, binarize="stochastic"))
    pid = process(key)
    assert jobs.start(jobs.order(LONG, file, digits, binarize="stochastic")) == key
    assert process(key) == pid
    until(lambda: jobs.status(key).phase != "waiting")
    jobs.cancel(key)
    assert jobs.status(key).state == "interrupted"
    until(lambda: not Path(f"/proc/{pid}").exists())
    with pytest.raises(UserError, match="start it again"):
        jobs.result(key)
    jobs.forget(key)
    assert jobs.status(key).state == "none"


def test_work_that_was_ended_goes_on_and_ends_with_the_same_numbers(file, digits, monkeypatch):
    monkeypatch.setattr(jobs, "KEEP_SECONDS", 0.0)
    wanted = jobs.order(ImportanceSampling(samples=20_000), file, digits, **FACTS)
    seen: list[int] = []

    def stop(done: int, total: int) -> None:
        seen.append(done)
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.here(wanted, stop)
    assert jobs.status(wanted.key()).state == "interrupted"
    again: list[int] = []
    found = jobs.here(wanted, lambda done, total: again.append(done))
    # what was there is told first, and nothing of it is computed again
    assert seen[-2] <= again[0] <= seen[-1]
    fresh = ImportanceSampling(samples=20_000)(jobs.subject_of(wanted))
    assert found == fresh


def test_the_key_depends_on_the_models_bytes_the_options_and_the_images(file, digits, tmp_path):
    first = jobs.order(QUICK, file, digits, **FACTS)
    other = tmp_path / "other.safetensors"
    other.write_bytes(file.read_bytes())
    assert jobs.order(QUICK, other, digits, **FACTS).key() == first.key()
    fewer = replace(digits, test=digits.test.take(range(300)))
    changed = [
        first,
        jobs.order(replace(QUICK, samples=31), file, digits, **FACTS),
        jobs.order(QUICK, file, digits, images=21, binarize="stochastic"),
        jobs.order(QUICK, file, digits, images=20, binarize="fixed"),
        jobs.order(QUICK, file, digits, "validation", **FACTS),
        jobs.order(QUICK, file, digits, **FACTS, seed=1),
        jobs.order(QUICK, file, fewer, **FACTS),
    ]
    assert len({order.key() for order in changed}) == len(changed)


def test_an_older_model_of_the_same_name_is_never_answered_for(file, digits):
    before = jobs.order(QUICK, file, digits, **FACTS)
    old = jobs.here(before)
    newer = replace(tiny_checkpoint("tiny", CONFIG), model=build(CONFIG, seed=5))
    checkpoint.write(file, newer)
    after = jobs.order(QUICK, file, digits, **FACTS)
    assert after.key() != before.key()
    assert jobs.status(after.key()).state == "none"
    assert jobs.here(after) != old
    jobs.forget(before.key())
    with pytest.raises(UserError, match="was replaced since"):
        jobs.here(before)
    assert jobs.status(before.key()).state == "failed"


def test_a_damaged_result_or_partial_reads_as_none(file, digits):
    wanted = jobs.order(QUICK, file, digits, **FACTS)
    found = jobs.here(wanted)
    result = lock_of(wanted.key()).with_suffix(".npz")
    result.write_bytes(b"no archive")
    assert jobs.status(wanted.key()).state == "none"
    result.with_suffix(".partial").write_bytes(b"no archive")
    assert jobs.here(wanted) == found
