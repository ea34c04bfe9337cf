"""Thresholds, shares and areas as Python has them, for the same scores in the browser."""

from typing import Any

import numpy as np
from scipy.stats import beta

from vae.measures.anomaly import found_at, roc, share_of, threshold

COUNTS = [(0, 10), (1, 10), (10, 10), (20, 2000), (1260, 2000), (1999, 2000), (3, 7)]
RATES = [0.01, 0.05, 0.1, 0.5]


def oracle() -> dict[str, Any]:
    """Return what the scripts are held to."""
    rng = np.random.default_rng(4)
    held, normal, foreign = rng.normal(0, 1, 400), rng.normal(0, 1, 300), rng.normal(1, 2, 200)
    compared = roc(normal, foreign)
    return {
        "held": held.tolist(),
        "normal": normal.tolist(),
        "foreign": foreign.tolist(),
        "auc": compared.auc,
        "shares": [[count, of, *_share(count, of)] for count, of in COUNTS],
        "thresholds": [_threshold(held, foreign, rate) for rate in RATES],
        "betas": [[x, a, b, beta.cdf(x, a, b)] for x, a, b in _places(rng)],
    }


def _share(count: int, of: int) -> list[float]:
    found = share_of(np.arange(of) < count)
    return [found.value, found.low, found.high]


def _threshold(held: np.ndarray, foreign: np.ndarray, rate: float) -> dict[str, Any]:
    limit, found = threshold(held, rate), found_at(threshold(held, rate), foreign)
    return {
        "rate": rate,
        "value": limit.value,
        "low": limit.low,
        "high": limit.high,
        "found": [found.value, found.low, found.high],
    }


def _places(rng: np.random.Generator) -> list[list[float]]:
    return [[float(rng.random()), *np.exp(rng.uniform(-1, 8, 2)).tolist()] for _ in range(60)]
