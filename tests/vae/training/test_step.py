"""The step as a module: what wraps modules wraps it, and its gradients stay the same."""

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.distributed as distributed
from torch.nn.parallel import DistributedDataParallel

from vae.data import ImageDataset, Split
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import OBJECTIVES, Autoencoder
from vae.training.step import Step, total

ROOT = Path(__file__).resolve().parents[3]
BATCH = 16


def trainer(objective, epochs: int = 1) -> Trainer:
    """A trainer on noise images, of a tiny model."""
    if objective.infers:
        objective = dataclasses.replace(objective, labels=4)
    pixels = np.random.default_rng(0).integers(0, 256, (BATCH, 1, 8, 8), dtype=np.uint8)
    split = Split(pixels, np.zeros(BATCH, np.int64))
    dataset = ImageDataset("noise", "Noise", split, split, split, ("noise",))
    config = VAEConfig(
        (1, 8, 8),
        2,
        MLP(hidden=(8,)),
        posterior=objective.posterior,
        conditioning=objective.conditioning.for_classes(1),
    )
    return Trainer(
        build(config), dataset, TrainConfig(objective, epochs=epochs, precision="float32")
    )


def gradients(made: Trainer, step: torch.nn.Module, rows: torch.Tensor) -> dict[str, torch.Tensor]:
    """Differentiate a wrapped or a plain step over some of the images."""
    made.step_module.zero_grad()
    total(step(made.images.take(rows), 0.5)).backward()
    return {name: p.grad.clone() for name, p in made.model.named_parameters()}


@pytest.fixture
def group(tmp_path: Path) -> Iterator[None]:
    """A group of this one process."""
    address = f"file://{tmp_path / 'group'}"
    distributed.init_process_group("gloo", init_method=address, rank=0, world_size=1)
    yield
    distributed.destroy_process_group()


DESCENDING = {name: cls for name, cls in OBJECTIVES.items() if not cls.fits}


@pytest.mark.parametrize("objective", DESCENDING.values(), ids=DESCENDING)
def test_a_data_parallel_step_has_the_gradients_of_the_plain_one(objective, group):
    plain, wrapped = trainer(objective()), trainer(objective())
    rows = torch.arange(BATCH)
    expected = gradients(plain, plain.step_module, rows)
    found = gradients(wrapped, DistributedDataParallel(wrapped.step_module), rows)
    assert all(torch.equal(expected[name], found[name]) for name in expected)


HALF = """
import os
import sys
import torch
import torch.distributed as distributed
from torch.nn.parallel import DistributedDataParallel
from tests.vae.training.test_step import BATCH, gradients, trainer
from vae.training.objectives import Autoencoder

torch.set_num_threads(1)
rank, address, out = int(sys.argv[1]), sys.argv[2], sys.argv[3]
distributed.init_process_group("gloo", init_method=address, rank=rank, world_size=2)
made = trainer(Autoencoder())
rows = torch.arange(BATCH).chunk(2)[rank]
torch.save(gradients(made, DistributedDataParallel(made.step_module), rows), out)
# neither leaves before the other has its gradients
print("saved", flush=True)
sys.stdin.read()
# gloo's own threads now and then abort an interpreter on its way out, after all that is tested
os._exit(0)
"""


def test_two_processes_with_half_a_batch_each_have_the_gradients_of_the_whole(tmp_path):
    address, outs = f"file://{tmp_path / 'group'}", [tmp_path / "0.pt", tmp_path / "1.pt"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", HALF, str(rank), address, str(out)],
            **{"cwd": ROOT, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True},
        )
        for rank, out in enumerate(outs)
    ]
    said = [process.stdout.readline() for process in processes]
    for process in processes:
        process.communicate(timeout=60)
    assert said == ["saved\n", "saved\n"]
    whole = trainer(Autoencoder())
    expected = gradients(whole, whole.step_module, torch.arange(BATCH))
    for out in outs:
        found = torch.load(out, weights_only=True)
        for name, value in expected.items():
            # float32 sums of 16 terms in another order
            torch.testing.assert_close(found[name], value, rtol=1e-4, atol=1e-5)


def test_all_that_is_learnt_is_a_parameter_of_the_step():
    made = trainer(Autoencoder())
    assert isinstance(made.step_module, Step)
    names = {name for name, _ in made.step_module.named_parameters()}
    assert {f"model.{name}" for name, _ in made.model.named_parameters()} <= names
