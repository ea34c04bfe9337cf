"""How a model does on held-out images while it trains."""

from dataclasses import replace

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
    score = Score.of(log_px, torch.cat(kls).mean().item() if kls else None)
    bounds = [terms.bound for terms in found if terms.bound is not None]
    return replace(score, bound=torch.cat(bounds).mean().item()) if bounds else score


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


@torch.inference_mode()
def own_bound(step: Step, images: Held, device: str, drawn: bool) -> float | None:
    """Return an objective's own bound of held-out images, mean nats; None where it has none.

    ``drawn`` is whether grey pixels are drawn black or white first, as in training: the bound of
    grey ones would not be the mean over such draws, as the ELBO's is.
    """
    draws = step.objective.options.bound_draws
    if not draws:
        return None
    generator = torch.Generator(device=device).manual_seed(SEED)
    found = []
    # as many images decoded at once as for the ELBO
    for rows in torch.arange(len(images.images)).split(max(1, BATCH // draws)):
        batch = images.take(rows, device)
        if drawn:
            batch = batch._replace(x=torch.bernoulli(batch.x, generator=generator))
        bound = step.objective.bound(step.model, batch, generator)
        assert bound is not None, "its options say that it has one"
        found.append(bound)
    return torch.cat(found).mean().item()
