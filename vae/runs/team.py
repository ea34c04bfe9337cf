"""A run that several processes train: the leader keeps its folder, the others only compute."""

import hashlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import torch

from vae import data
from vae.data import ImageDataset
from vae.data import load as load_dataset
from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.distributed import ProcessLost, Team
from vae.training.loop import Trainer

PROGRAM = Path(__file__).resolve().parents[1]


@contextmanager
def leading(team: Team, trainer: Trainer, dataset: ImageDataset) -> Iterator[None]:
    """Let the followers train along inside the block; all of them stop at its end.

    Raises
    ------
    UserError
        Where one of them cannot: it says which, and why.
    """
    team.give(None if team.size == 1 else work_of(trainer, dataset))
    team.agree(None)
    trainer.join(team)
    try:
        yield
    finally:
        with suppress(ProcessLost):
            team.lead(None)


def follow(team: Team) -> None:
    """Train along with the leader until it stops; nothing is written, and nothing printed."""
    # Ctrl-C reaches all processes; the leader ends after a whole step, and says so
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work, trouble, trainer = team.give(), None, None
    if work is None:
        return  # the leader's run ended before it began
    try:
        trainer = trainer_of(work)
    except UserError as error:
        trouble = str(error)
    team.agree(trouble)
    assert trainer is not None, "trouble of any process was raised in all of them"
    trainer.join(team)
    trainer.follow()


def work_of(trainer: Trainer, dataset: ImageDataset) -> dict[str, Any]:
    """Say what the followers need to train along, and to tell that they can."""
    return {
        "programs": programs(),
        "dataset": dataset.name,
        "train_sha256": dataset.train.sha256(),
        "model": trainer.model.config.to_json(),
        "training": trainer.config.to_json(),
        "bfloat16": trainer.bfloat16,
        "state": trainer.state(),
    }


def trainer_of(work: dict[str, Any]) -> Trainer:
    """Make a follower's trainer of what the leader said.

    Raises
    ------
    UserError
        Where another version of a program runs here, or the images are missing or other ones.
    """
    for name, version in programs().items():
        if version != work["programs"].get(name):
            raise UserError(
                f"it runs another version of {name} than the first process; install the same on "
                "every machine"
            )
    dataset = load_dataset(_name_of(work))
    # the leader has read all of them; each of the others reads its part alone
    if dataset.train.fingerprint() != work["train_sha256"]:
        raise UserError(
            f"its training images of {dataset.name} are not those of the first process; "
            "put the same files on every machine"
        )
    training = TrainConfig.from_json(work["training"])
    model = build(VAEConfig.from_json(work["model"]), training.seed)
    trainer = Trainer(model, dataset, training)
    trainer.bfloat16 = work["bfloat16"]
    trainer.restore(*work["state"])
    return trainer


def programs() -> dict[str, str]:
    """Tell one version of what all processes must agree in from another."""
    made = hashlib.sha256()
    for path in sorted(PROGRAM.rglob("*.py")):
        made.update(path.relative_to(PROGRAM).as_posix().encode() + b"\0" + path.read_bytes())
    # a build for CPUs and one for CUDA are the same version
    return {"torch": torch.__version__.partition("+")[0], "this program": made.hexdigest()}


def _name_of(work: dict[str, Any]) -> str:
    """Name the data set here; own images may have been prepared under another name."""
    described = {"name": work["dataset"], "split": "train", "sha256": work["train_sha256"]}
    return data.name_of(described) or str(work["dataset"])
