"""What torchrun runs in a test: one step's gradients by several processes, then a few more steps.

python -m torch.distributed.run … -m tests.vae.runs.gradients FILE
"""

import sys
from pathlib import Path

from safetensors.torch import save_file

from vae.__main__ import leave
from vae.data import load
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors import POSTERIORS
from vae.models.vae import build
from vae.training import steering
from vae.training.config import TrainConfig
from vae.training.distributed import gathered
from vae.training.loop import Trainer
from vae.training.objectives import OBJECTIVES

IMAGES = 65
"""Two processes take 33 and 32 of them."""


def trainer() -> Trainer:
    """Make a training without any noise."""
    model = VAEConfig((1, 8, 8), 2, MLP(hidden=(32,)), posterior=POSTERIORS["point"]())
    config = TrainConfig(
        OBJECTIVES["autoencoder"](),
        1,
        batch_size=IMAGES,
        binarize="none",
        precision="float32",
    )
    return Trainer(build(model, 0), load("digits"), config)


def write_gradients(path: Path) -> None:
    """Differentiate the loss of the first batch, together with the other processes if there are."""
    with gathered() as team:
        one = trainer()
        team.met = True
        one.join(team)
        one._terms(one._batch(), 0.0).loss.backward()
        named = one.step_module.named_parameters()
        if team.leads:
            save_file({name: p.grad for name, p in named if p.grad is not None}, path)
        if team.size > 1:
            _go_on(one, path.with_name(f"{path.name}-{team.rank}"))


def _go_on(one: Trainer, path: Path) -> None:
    """Make a few steps, the leader's step size changed between them, and write the weights."""
    if one.team.leads:
        one._advance()
        steering.steer(one, "learning_rate", 0.01)
        one._advance()
        one.team.lead(None)
    else:
        one.follow()
    save_file({name: p.detach() for name, p in one.step_module.named_parameters()}, path)


if __name__ == "__main__":
    write_gradients(Path(sys.argv[1]))
    leave(0)
