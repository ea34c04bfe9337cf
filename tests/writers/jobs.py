"""Work in processes of its own, as it is asked for and as its process does it; what is cached."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.tiny_models import tiny_checkpoint
from tests.writers.writer import MODEL, Writer
from vae import checkpoint, data
from vae.data import Split
from vae.files.writing import write_atomically
from vae.jobs import job as job_files
from vae.jobs import measures, projections, scores
from vae.latent.projection import PCA
from vae.measures.anomaly import Detector, ImportanceWeighted
from vae.measures.classifier import kept
from vae.measures.classifier.trained import Classifier, network_for
from vae.measures.registry import ActiveUnits, ImportanceSampling
from vae.training import compiler

POINTS = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)


def no_process(words: Any, lock: Any, environ: Any, module: str) -> Any:
    """Stand in for a process that ends at once, where only what comes before it is looked at."""
    return SimpleNamespace(pid=1, kill=lambda: None)


def asked_projection(folder: Path) -> Writer:
    found = projections.KIND.job(projections.key_of(POINTS, PCA()))

    def read() -> bool:
        if not found.path("input").exists():
            return False
        loc, options = projections._input(found)
        return len(loc) == len(POINTS) and options == PCA()

    return Writer(lambda: projections.start(POINTS, PCA()), read)


def projection(folder: Path) -> Writer:
    job = projections.KIND.job("0" * 64)

    def write() -> None:
        projections.KIND.make_folder()
        write_atomically(job.path("input"), projections._content(POINTS, PCA()))
        projections.run(job.base)

    return Writer(write, lambda: projections.KIND.found(job) is not None)


def _order(folder: Path, measure: Any) -> measures.Order:
    path = folder / "model.safetensors"
    checkpoint.write(path, tiny_checkpoint("model", MODEL))
    return measures.order(measure, path, data.load("digits"), images=10, binarize="stochastic")


def asked_measure(folder: Path) -> Writer:
    wanted = _order(folder, ActiveUnits())
    job = measures.KIND.job(wanted.key())

    def read() -> bool:
        return job.path("input").exists() and measures._input(job) == wanted

    return Writer(lambda: measures.start(wanted), read)


def measure(folder: Path) -> Writer:
    wanted = _order(folder, ImportanceSampling(samples=3))
    job = measures.KIND.job(wanted.key())

    def write() -> None:
        measures.KIND.make_folder()
        write_atomically(job.path("input"), json.dumps(asdict(wanted)).encode())
        measures.run(job.base)

    return Writer(write, lambda: measures.KIND.found(job) is not None)


def _scoring(folder: Path) -> scores.Order:
    path = folder / "model.safetensors"
    checkpoint.write(path, tiny_checkpoint("model", MODEL))
    images = data.load("digits").test.images[:5]
    detector = Detector(checkpoint.read(path).model)
    return scores.order(ImportanceWeighted(samples=3), path, detector, images)


def asked_score(folder: Path) -> Writer:
    wanted = _scoring(folder)
    job = scores.KIND.job(wanted.key())

    def read() -> bool:
        return job.path("input").exists() and scores._input(job).key() == wanted.key()

    return Writer(lambda: scores.start(wanted), read)


def score(folder: Path) -> Writer:
    wanted = _scoring(folder)
    job = scores.KIND.job(wanted.key())

    def write() -> None:
        scores.KIND.make_folder()
        write_atomically(job.path("input"), scores._content(wanted))
        scores.run(job.base)

    return Writer(write, lambda: scores.KIND.found(job) is not None)


def classifier(folder: Path) -> Writer:
    images = np.random.default_rng(0).integers(0, 256, (20, 1, 8, 8), dtype=np.uint8)
    split = Split(images, np.arange(20) % 2)
    network = network_for(split.images.shape[1:], 2)
    made = Classifier(network.eval().requires_grad_(False), 1.0, 0.5, 20)
    path = kept._path(split, split)
    return Writer(lambda: kept._keep(path, made), lambda: kept._read(path, split) is not None)


def compiled(folder: Path) -> Writer:
    """The small program by which a compiler is tried: one that cannot be tried is none."""
    made: list[bool] = []

    def write() -> None:
        compiler.works.cache_clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tempfile, "tempdir", str(folder))
            patch.setattr(compiler.subprocess, "run", compiles)
            made[:] = [compiler.works("a compiler")]

    return Writer(write, lambda: made == [True])


def compiles(command: list[str], **named: Any) -> Any:
    """Stand in for a compiler that works."""
    Path(command[-1]).write_bytes(Path(command[-3]).read_bytes())
    return SimpleNamespace(returncode=0)


JOBS = (
    *(asked_projection, projection, asked_measure, measure, asked_score, score),
    *(classifier, compiled),
)
LAUNCH = (job_files, "launch", no_process)
"""What a test of these puts in place of starting a process."""
