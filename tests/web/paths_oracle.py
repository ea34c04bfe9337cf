"""Paths between two latents, and the prior's density along them, as `vae.latent.paths` has them."""

from typing import Any

import numpy as np
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from vae.latent import paths as latent
from vae.models.priors.prior import Components, standard_components

TIMES = [-0.5, -0.25, 0.0, 0.1, 0.5, 0.75, 1.0, 1.3, 1.5]
RANDOM = np.random.default_rng(0).normal(size=(8, 20))
PAIRS = {
    "typical": RANDOM[:2],
    "many dimensions": np.random.default_rng(1).normal(size=(2, 128)),
    "different norms": RANDOM[2:4] * [[0.1], [5.0]],
    "a zero": [[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]],
    "b zero": [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]],
    "both zero": [[0.0, 0.0], [0.0, 0.0]],
    "the same": [[1.0, -2.0], [1.0, -2.0]],
    "parallel": [[1.0, 2.0], [2.0, 4.0]],
    "opposite": [[1.0, 2.0, -1.0], [-2.0, -4.0, 2.0]],
    "opposite on an axis": [[0.0, 3.0], [0.0, -1.0]],
    "nearly opposite": [[1.0, 2.0, -1.0], [-1.0, -2.0, 1.0 + 1e-4]],
    "one dimension": [[2.0], [-1.0]],
    "one dimension, one side": [[0.5], [3.0]],
}
SPACED = [(2, 0.0), (11, 0.0), (24, 0.5), (64, 0.1)]


def oracle() -> dict[str, Any]:
    """Return every path between every pair of ends, times, and densities of the prior."""
    draws = log_prior(np.random.default_rng(2).normal(size=(20_000, 20)))
    return {
        "times": TIMES,
        "methods": list(latent.PATHS),
        "pairs": [_pair(name, *np.asarray(pair, np.float64)) for name, pair in PAIRS.items()],
        "spaced": [
            {"steps": n, "overshoot": o, "times": np.linspace(-o, 1 + o, n).tolist()}
            for n, o in SPACED
        ],
        "zs": RANDOM.tolist(),
        "priors": _priors(RANDOM.shape[1]),
        "draws": {"count": len(draws), "mean": float(draws.mean()), "spread": float(draws.std())},
    }


def log_prior(z: np.ndarray) -> np.ndarray:
    """log N(z; 0, I) of each row, nats."""
    return Normal(0.0, 1.0).log_prob(torch.from_numpy(z)).sum(-1).numpy()


def _priors(z_dim: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(4)
    mixture = Components(
        np.array([0.2, 0.8]), rng.normal(size=(2, z_dim)), rng.uniform(0.5, 2, size=(2, z_dim))
    )
    parts = Independent(Normal(*map(torch.from_numpy, (mixture.loc, mixture.scale))), 1)
    pz = MixtureSameFamily(Categorical(torch.from_numpy(mixture.weight)), parts)
    standard = {"name": "standard normal", "prior": standard_components(z_dim).to_json()}
    mixed = {"name": "mixture", "prior": mixture.to_json()}
    densities = pz.log_prob(torch.from_numpy(RANDOM)).tolist()
    return [
        standard | {"densities": log_prior(RANDOM).tolist()},
        mixed | {"densities": densities},
    ]


def _pair(name: str, a: np.ndarray, b: np.ndarray) -> dict[str, Any]:
    paths = {kind: path(a, b, np.array(TIMES)).tolist() for kind, path in latent.PATHS.items()}
    return {"name": name, "a": a.tolist(), "b": b.tolist(), "paths": paths}
