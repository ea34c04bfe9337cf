"""Where a training computes, and in which arithmetic."""

import torch

from vae.errors import UserError
from vae.training.config import TrainConfig


def has_fast_bfloat16() -> bool:
    """Tell whether this processor multiplies bfloat16 matrices faster than float32."""
    probe = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(probe and probe())


def in_bfloat16(config: TrainConfig) -> bool:
    """Tell whether a training's matrix products run in bfloat16.

    Automatic means where the device has it in hardware: NVIDIA's older GPUs emulate it, and which
    of Apple's have it torch does not tell.
    """
    if config.precision != "auto":
        return config.precision == "bfloat16"
    if config.device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return config.device == "cpu" and has_fast_bfloat16()


def usable_device(name: str) -> str:
    """Return the device of that name; `UserError` where this machine has none."""
    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if not there[name]:
        raise UserError(f"there is no {name} device on this machine; choose cpu")
    return name
