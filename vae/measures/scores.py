"""log p(x|z) of many draws z per image: where importance sampling spends what decoding leaves."""

from typing import Any

import torch
from torch import Tensor
from torch.distributions import Bernoulli, Independent
from torch.nn import functional as F

LONGEST_PRODUCT = 112
"""Factors of one product: each is from 1 to 2 where a pixel's own value is the likelier one."""


def log_px_of_draws(px: Independent[Any], x: Tensor, samples: int) -> Tensor:
    """log p(x|z) where ``samples`` decoded images per image x follow one another.

    ``px`` has batch shape (batch · samples,), the result (batch, samples).
    """
    if not isinstance(px.base_dist, Bernoulli):
        return px.log_prob(x.repeat_interleave(samples, 0)).reshape(len(x), samples)
    logits, x = px.base_dist.logits.reshape(len(x), samples, -1), x.flatten(1)
    if samples > 1 and bool(((x == 0) | (x == 1)).all()):
        return _log_px_of_ink(logits, x)
    return _cross_entropy(logits, x)


def _cross_entropy(logits: Tensor, x: Tensor) -> Tensor:
    """x·logits − Σ softplus(logits): one product and one sum in place of a repeated x."""
    ink = torch.bmm(logits, x[:, :, None]).squeeze(-1)
    return ink - F.softplus(logits).sum(-1)


def _log_px_of_ink(logits: Tensor, x: Tensor) -> Tensor:
    """−Σ log(1 + e^t), t = ±logits, of black or white pixels: one logarithm for many pixels.

    Products of 1 + e^t are taken before the logarithm, which is most of a softplus. A product
    that is too large for its type leaves an infinity, and that draw is computed again.
    """
    pixels = x.shape[1]
    length = next(size for size in range(LONGEST_PRODUCT, 0, -1) if pixels % size == 0)
    t = logits * (1 - 2 * x)[:, None]
    log_px = -t.exp().add_(1).unflatten(-1, (-1, length)).prod(-1).log_().sum(-1)
    far = log_px.isinf()
    if bool(far.any()):
        log_px[far] = -F.softplus(t[far]).sum(-1)
    return log_px
