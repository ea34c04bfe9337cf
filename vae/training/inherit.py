"""Starting a training from the weights of another model in place of random ones."""

import dataclasses
from typing import TYPE_CHECKING, Any

import torch

from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.models.vae import VAE
from vae.options import title_of
from vae.training.objectives import ObjectiveOptions

if TYPE_CHECKING:
    from vae.training.loop import Trainer

NETWORKS = ("encoder", "decoder", "posterior", "conditioning")
"""What must be alike. Prior and likelihood are taken over where they are the same, and begin anew
where they are not; images and objective may be others."""
SAME = ("image_shape", "z_dim", "architecture", "posterior")
OWN = ("prior", "likelihood")


def difference(theirs: VAEConfig, ours: VAEConfig) -> str | None:
    """Say in what a model differs so much that its weights do not fit; None where they do."""
    for name in SAME:
        there, here = getattr(theirs, name), getattr(ours, name)
        if there != here:
            return _apart(name, there, here)
    if not ours.conditioning.fits(theirs.conditioning):
        return _apart("conditioning", theirs.conditioning, ours.conditioning)
    if theirs.likelihood != ours.likelihood and _outputs(theirs) != _outputs(ours):
        return _apart("likelihood", theirs.likelihood, ours.likelihood)
    return None


def check_inherits(
    name: str, theirs: VAEConfig, ours: VAEConfig, objective: ObjectiveOptions
) -> None:
    """Raise `UserError` where a training cannot start from a model's weights."""
    if objective.at_once:
        raise UserError(
            f"{title_of(type(objective))} is computed at once and starts from no weights; leave "
            "--start-from out"
        )
    if (why := difference(theirs, ours)) is not None:
        raise UserError(
            f"the weights of {name} do not fit: {why}; choose the same for both, or another model"
        )


@torch.no_grad()
def inherit(trainer: "Trainer", model: VAE, name: str) -> None:
    """Give a training that has not begun the weights of a model.

    Raises
    ------
    UserError
        Where they do not fit.
    """
    ours, theirs = trainer.model.config, model.config
    check_inherits(name, theirs, ours, trainer.config.objective)
    same = [part for part in OWN if getattr(ours, part) == getattr(theirs, part)]
    given = model.state_dict()
    for key, value in trainer.model.state_dict().items():
        if key.split(".")[0] not in (*NETWORKS, *same):
            continue
        if key not in given or given[key].shape != value.shape:
            raise UserError(f"the weights of {name} do not fit at {key}; choose another model")
        value.copy_(given[key])


def _outputs(config: VAEConfig) -> int:
    """Count the numbers that the decoder gives per place of the image."""
    likelihood = config.likelihood.module(config.image_shape)
    return likelihood.raw_channels(config.image_shape[0])


def _apart(name: str, there: Any, here: Any) -> str:
    """Say in what two values of an option differ, of parts of the same kind in which option."""
    if dataclasses.is_dataclass(there) and type(there) is type(here):
        for field in dataclasses.fields(there):
            values = getattr(there, field.name), getattr(here, field.name)
            if values[0] != values[1]:
                return f"its {name} has {field.name} {values[0]}, and that of this run {values[1]}"
    shown = [getattr(value, "name", value) for value in (there, here)]
    return f"its {name} is {shown[0]}, and that of this run {shown[1]}"
