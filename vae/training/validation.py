"""How a model does on held-out images while it trains."""

import torch

from vae.data.batch import Held
from vae.training.objectives import Terms
from vae.training.report import Score
from vae.training.step import Step

BATCH = 500
SEED = 0
"""Of the draws of z: the same at each report, so that curves show the model and not the dice."""


def score_of(found: list[Terms]) -> Score:
    """Return the mean nats per image over batches of terms."""
    kls = [terms.kl for terms in found if terms.kl is not None]
    log_px = torch.cat([terms.log_px for terms in found]).mean().item()
    return Score.of(log_px, torch.cat(kls).mean().item() if kls else None)


@torch.inference_mode()
def validate(step: Step, images: Held, device: str) -> tuple[Score, list[float] | None]:
    """Score held-out images by the objective of a step.

    Returns
    -------
    tuple
        Mean nats per image, and the mean KL of each dimension in nats; None where the KL does not
        come apart into dimensions.
    """
    generator = torch.Generator(device=device).manual_seed(SEED)
    found = []
    for rows in torch.arange(len(images.images)).split(BATCH):
        batch = images.take(rows, device)
        found.append(step.objective.score(step.model, batch, step.dataset_size, generator))
    score = score_of(found)
    per_dim = [terms.kl_per_dim for terms in found if terms.kl_per_dim is not None]
    if not per_dim:
        return score, None
    means = torch.cat(per_dim).mean(0)
    # the parts add up to the whole that is shown beside them
    return Score.of(score.reconstruction, means.sum().item()), means.tolist()
