"""What a training remembers beside the model: taken out to be saved, and put back."""

import torch
from torch import Tensor, nn


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
