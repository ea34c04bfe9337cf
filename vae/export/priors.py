"""What a page needs to draw from a model's prior and to show its density."""

from typing import Any

import numpy as np
import torch

from vae.checkpoint import Atlas
from vae.errors import UserError
from vae.export.layers import Weights, export_stack
from vae.export.payload import frame
from vae.latent.fitted import fitted_normal
from vae.latent.shown_prior import ShownPrior, shown_prior
from vae.models.vae import VAE

FLOW_FORMAT = "vae-flow"
FLOW_VERSION = 1
MOST_FITTED = 128
"""Latent dimensions whose covariance is told: 8,256 numbers."""
PRIOR_DRAWS = 500
"""So many draws stand for a prior that the browser cannot draw from."""
GRID_CELLS = {1: 512, 2: 96}
"""Places per dimension at which the log density of a prior of one or two dimensions is kept."""
GRID_AIR = 0.1
"""Room around all draws and encoded images, as a share of their extent."""
TYPICAL_DRAWS = 2000


def has_payload(model: VAE) -> bool:
    """Tell whether the browser can turn noise into draws of a prior by a payload of its own."""
    return model.prior.couplings() is not None


def prior_payload(model: VAE) -> bytes:
    """Pack a flow, so that the browser draws from it by itself (`vae/web/core/prior_flow.js`).

    Raises
    ------
    UserError
        When the prior is no flow, or one of its networks cannot be exported.
    """
    found = model.prior.couplings()
    if found is None:
        raise UserError(f"the prior {model.config.prior.name} has no payload of its own")
    weights, steps = Weights(), []
    for moved, kept, network, spline in found.steps:
        layers = export_stack(network, (max(1, len(kept)),), weights).spec["layers"]
        steps.append({"moved": moved, "kept": kept, "layers": layers, "spline": spline})
    dtype, block = weights.pack()
    header = {
        "format": FLOW_FORMAT,
        "version": FLOW_VERSION,
        "loc": found.loc.tolist(),
        "scale": found.scale.tolist(),
        "bins": found.bins,
        "bound": found.bound,
        "steps": steps,
        "dtype": dtype,
    }
    return frame(header, block)


def prior_header(model: VAE, atlas: Atlas | None) -> dict[str, Any]:
    """Tell of the prior what a page needs to draw from it and to show its density.

    An autoencoder was held to none, so that there is none to draw; ``fitted`` is then a normal that
    is fitted to its codes, with the lower triangle of its factor row by row. ``rings`` is whether
    circles about the origin are its levels. Of a mixture of normals ``mixture`` holds all; of
    another prior ``draws`` stand for it, and where z has one or two dimensions ``grid`` holds its
    log density in nats. Of a prior without a density there are ``draws`` alone, and ``drawn_by``
    says how they came about. ``by_class`` is there where each class has a normal of its own:
    ``mixture`` has them in the order of the classes, and is the prior where no class is told.
    ``typical`` is the mean and the standard deviation of its log density over its own draws.
    """
    config = model.config
    told: dict[str, Any] = {"prior": config.prior.name, "rings": False, "mixture": None}
    if (drawn_by := model.prior.drawn_by) is not None:
        chains = model.prior.sample(PRIOR_DRAWS, torch.Generator().manual_seed(0))
        return told | {"drawn_by": drawn_by, "draws": np.round(chains.double().numpy(), 3).tolist()}
    if not config.posterior.has_density:
        return told | _fitted(atlas)
    shown = shown_prior(model.prior)
    if shown.is_standard:
        return told | {"rings": config.prior.rings, "mixture": shown.components.to_json()}
    told["typical"] = _typical(model)
    if shown.draws is None:
        parts = shown.components
        values = {key: _rounded(getattr(parts, key)) for key in ("weight", "loc", "scale")}
        own = {"by_class": True} if model.prior.classes else {}
        return told | {"mixture": values} | own
    draws = shown.components.loc[:PRIOR_DRAWS]
    told["draws"] = np.round(draws, 3).tolist()
    return told | {"grid": _grid(shown, atlas)} if shown.log_density else told


def _fitted(atlas: Atlas | None) -> dict[str, Any]:
    """Tell a normal of the codes; of more dimensions than `MOST_FITTED` their spread has to do."""
    if atlas is None or not len(atlas.loc) or atlas.loc.shape[1] > MOST_FITTED:
        return {}
    found = fitted_normal(atlas.loc)
    rows, columns = np.tril_indices(len(found.loc))
    return {"fitted": {"loc": _exact(found.loc), "tril": _exact(found.tril[rows, columns])}}


def _exact(values: np.ndarray) -> list[float]:
    """Round to what is below anything a float32 decoder tells apart."""
    return [float(f"{value:.9g}") for value in values]


def _rounded(values: np.ndarray) -> Any:
    # as far as a page can show; a text of all digits would be twice as long
    return (
        [float(f"{value:.7g}") for value in values]
        if values.ndim == 1
        else [_rounded(row) for row in values]
    )


@torch.inference_mode()
def _typical(model: VAE) -> dict[str, float]:
    draws = model.prior.sample(TYPICAL_DRAWS, torch.Generator().manual_seed(1))
    density = model.pz().log_prob(draws).double()
    return {"mean": float(density.mean()), "spread": float(density.std())}


def _grid(shown: ShownPrior, atlas: Atlas | None) -> dict[str, Any]:
    """Log density at even steps around all draws and encoded images; z1 changes fastest."""
    assert shown.log_density is not None, "only where the density is known"
    held = [shown.components.loc] if atlas is None else [shown.components.loc, atlas.loc]
    places = np.concatenate(held)
    low, high = places.min(axis=0), places.max(axis=0)
    air = GRID_AIR * np.maximum(high - low, 1e-6)
    low, high = low - air, high + air
    count = GRID_CELLS[len(low)]
    sides = [np.linspace(low[i], high[i], count) for i in range(len(low))]
    places = np.stack([side.ravel() for side in np.meshgrid(*sides)], axis=1)
    density = shown.log_density(places)
    return {
        "low": low.tolist(),
        "high": high.tolist(),
        "size": [count] * len(low),
        "log_density": np.round(density, 3).tolist(),
    }
