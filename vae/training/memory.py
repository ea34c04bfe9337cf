"""What a training remembers beside the model: taken out to be saved, and put back."""

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from vae.training import steering

if TYPE_CHECKING:
    from vae.training.loop import Trainer


def state_of(trainer: "Trainer") -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Give all that `put_back` needs to go on exactly here: tensors, and plain values."""
    tensors = {f"model.{name}": value for name, value in _plain(trainer.model).items()}
    tensors |= slots_of(trainer.optimizer, "optimizer")
    tensors |= {f"objective.{name}": value for name, value in _plain(trainer.objective).items()}
    for number, optimizer in enumerate(trainer.own_optimizers):
        tensors |= slots_of(optimizer, f"own_optimizer.{number}")
    tensors["noise"] = trainer.noise.get_state()
    values = {"step": trainer.step, "steps": trainer.steps, "elapsed": trainer.elapsed}
    values |= {"share": trainer.budget.reached(trainer.step)}
    return tensors, values | steering.summary(trainer)


def put_back(trainer: "Trainer", tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
    """Let a trainer go on from what `state_of` gave."""
    load_module(tensors, "model.", trainer.model)
    load_module(tensors, "objective.", trainer.objective)
    fill_slots(trainer.optimizer, tensors, "optimizer")
    for number, optimizer in enumerate(trainer.own_optimizers):
        fill_slots(optimizer, tensors, f"own_optimizer.{number}")
    trainer.noise.set_state(tensors["noise"])
    trainer.step, trainer.watch.seconds = values["step"], values["elapsed"]
    steering.recall(trainer, values)


def _plain(module: nn.Module) -> dict[str, Tensor]:
    found = module.state_dict().items()
    return {name: value.detach().cpu().contiguous() for name, value in found}


def load_module(tensors: dict[str, Tensor], prefix: str, module: nn.Module) -> None:
    """Give a module back its tensors, those whose names begin with ``prefix``."""
    own = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
    module.load_state_dict(own)


def slots_of(optimizer: torch.optim.Optimizer, name: str) -> dict[str, Tensor]:
    """Give an optimizer's memory of each parameter, as name.parameter.key."""
    found = optimizer.state_dict()["state"].items()
    return {
        f"{name}.{index}.{key}": value.cpu().contiguous()
        for index, values in found
        for key, value in values.items()
        if isinstance(value, Tensor)
    }


def fill_slots(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor], name: str) -> None:
    """Give an optimizer back what `slots_of` gave."""
    slots: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith(f"{name}."):
            index, slot = key.removeprefix(f"{name}.").split(".")
            slots.setdefault(int(index), {})[slot] = value
    groups = optimizer.state_dict()["param_groups"]
    # an older run's optimizer moved a learned σ too, as the last of its numbers
    known = {index for group in groups for index in group["params"]}
    slots = {index: slot for index, slot in slots.items() if index in known}
    optimizer.load_state_dict({"state": slots, "param_groups": groups})
    for parameter, slot in optimizer.state.items():
        for key, value in slot.items():
            if value.shape == parameter.shape:
                # the fused step pairs numbers by their place in memory, so layouts must agree
                slot[key] = torch.empty_like(parameter).copy_(value)
