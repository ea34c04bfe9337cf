"""How long a Gibbs chain remembers where it was."""

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

CHAINS = 64
START = 200
"""Steps before the first look."""


@torch.inference_mode()
def alike_after(checkpoint: "Checkpoint", steps: int, seed: int = 0) -> float:
    """Correlate the images of chains with those of the same chains so many steps later.

    1 for chains that stand still, 0 for draws that know nothing of one another. Images are the
    decoder's means, held against the mean of them all.
    """
    model = checkpoint.model
    generator = torch.Generator().manual_seed(seed)
    z = model.prior.chain(CHAINS, (START, START + steps), generator)
    before, after = (model.decode_mean(one).double().flatten(1) for one in z)
    middle = (before + after).mean(0) / 2
    before, after = before - middle, after - middle
    return float((before * after).sum() / (before.square().sum() * after.square().sum()).sqrt())
