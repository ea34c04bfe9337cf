"""log p(x), ELBO and KL(q ‖ p(z|x)) as closed forms, or as sums over a dense grid in float64.

A linear model with normal noise has all of them as formulas (`tests/linear_gaussian.py`). Of a
small network with Bernoulli pixels a grid with steps far below every width gives them.
"""

import base64
import math
from typing import Any

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal, Normal, kl_divergence

from tests.exported import checkpoint_of, lively_model
from tests.linear_gaussian import NOISE, images_of, linear_model, log_px, true_posterior
from vae.checkpoint import round_to_half
from vae.export.networks import decoder_payload
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import VAE

GRID = 501
REACH = 6.0
SHAPES = ((1.0, 0.0, 0.0), (2.0, 0.5, 0.0), (0.5, -1.0, 0.6), (1.5, 3.0, 0.6))
"""Of each q: its width and its shift in σ of the posterior, and the angle of its axes."""
LONG = (1.6, 0.6)
"""A q that is turned: its widths in σ of the posterior."""
ANGLES = (0.0, 0.7, -1.2)
"""By how much it is turned, the first angle being what a diagonal model can say."""


def oracle() -> list[dict[str, Any]]:
    """Return models, an image of each, and what is to be found of it for some q."""
    return [_linear(1), _linear(2), _slice(), _network()]


def _weight(z_dim: int) -> Tensor:
    weight = 0.4 * torch.randn(64, z_dim, generator=torch.Generator().manual_seed(3))
    # columns that are alike: the posterior lies askew
    return weight if z_dim == 1 else weight + 0.5 * weight[:, :1]


def _normals(loc: Tensor, factor: Tensor) -> list[tuple[MultivariateNormal, dict[str, Any]]]:
    """Some q: near the posterior, wide, moved, and with turned axes."""
    sd = (factor @ factor.T).diagonal().sqrt()
    found = []
    for times, shift, angle in SHAPES:
        found.append(_normal(loc + shift * sd, times * sd, angle))
    return found


def _turned(loc: Tensor, factor: Tensor) -> list[tuple[MultivariateNormal, dict[str, Any]]]:
    """One long q at several angles; none on a line."""
    sd = (factor @ factor.T).diagonal().sqrt()
    long = torch.tensor(LONG, dtype=torch.float64)
    return [_normal(loc, long * sd, angle) for angle in ANGLES if len(loc) == 2]


def _normal(mean: Tensor, width: Tensor, angle: float) -> tuple[MultivariateNormal, dict[str, Any]]:
    if len(mean) == 1:
        axes = torch.eye(1, dtype=torch.float64)
    else:
        cos, sin = math.cos(angle), math.sin(angle)
        axes = torch.tensor([[cos, sin], [-sin, cos]], dtype=torch.float64)
    scaled = axes * width[:, None]
    flat = [[float(v) for v in axis] + [0.0] * (2 - len(mean)) for axis in axes]
    a, b = (*mean.tolist(), 0.0)[:2]
    told = {"a": a, "b": b, "axes": flat, "sd": width.tolist(), "angle": angle}
    return MultivariateNormal(mean, scaled.T @ scaled), told


def _case(name: str, model: VAE, x: Tensor, z: list[float], pair: list[int]) -> dict[str, Any]:
    payload = base64.b64encode(decoder_payload(checkpoint_of(model))).decode()
    return {"name": name, "payload": payload, "pixels": x.flatten().tolist(), "z": z, "pair": pair}


def _linear(z_dim: int) -> dict[str, Any]:
    model = round_to_half(linear_model(_weight(z_dim)))
    images = images_of(model, 1)
    x = torch.from_numpy(images).double() / 255
    whole = float(log_px(model, images)[0])
    posterior = true_posterior(model, x)
    true = MultivariateNormal(posterior.loc[0], scale_tril=posterior.scale_tril[0])
    case = _case(f"linear, {z_dim}", model, x, [0.0] * z_dim, list(range(z_dim)))
    return case | _said_of(true, whole) | {"log": whole, "smooth": True}


def _said_of(true: MultivariateNormal, log: float) -> dict[str, Any]:
    """Say what is to be found of each q, given the normal that the posterior is."""
    every = {"normals": _normals, "turned": _turned}
    found = {}
    for name, normals in every.items():
        kls = [
            (told, float(kl_divergence(q, true))) for q, told in normals(true.loc, true.scale_tril)
        ]
        found[name] = [told | {"elbo": log - kl, "kl": kl} for told, kl in kls]
    return found


def _slice() -> dict[str, Any]:
    """Three dimensions, of which the third stays at a place: log p(x, z3)."""
    weight, third = _weight(3), 0.4
    model = round_to_half(linear_model(weight))
    images = images_of(model, 1)
    x = torch.from_numpy(images).double() / 255
    weight = model.decoder[0].weight.detach().double()
    # given z3 the model is one of two dimensions, with another mean
    rest = (x.flatten() - 0.5 - weight[:, 2] * third)[None]
    first = weight[:, :2]
    spread = first @ first.T + NOISE**2 * torch.eye(64, dtype=torch.float64)
    whole = MultivariateNormal(torch.zeros(64, dtype=torch.float64), spread).log_prob(rest)
    log = float(whole) + float(Normal(0.0, 1.0).log_prob(torch.tensor(third)))
    inverse = torch.linalg.inv(first.T @ first + NOISE**2 * torch.eye(2, dtype=torch.float64))
    loc = (inverse @ first.T @ rest[0][:, None])[:, 0]
    true = MultivariateNormal(loc, NOISE**2 * inverse)
    case = _case("a slice of three dimensions", model, x, [9.0, 9.0, third], [0, 1])
    return case | _said_of(true, log) | {"log": log, "smooth": True}


@torch.inference_mode()
def _network() -> dict[str, Any]:
    model = lively_model(VAEConfig((1, 8, 8), 2, MLP(hidden=(16,)))).double()
    z = torch.tensor([[0.5, -0.7]], dtype=torch.float64)
    x = (model.decode_mean(z) > 0.5).double()
    side = torch.linspace(-REACH, REACH, GRID, dtype=torch.float64)
    places = torch.cartesian_prod(side, side)
    logits = model.decode(places).base_dist.logits.flatten(1)
    joint = logits @ x.flatten() - torch.nn.functional.softplus(logits).sum(1)
    joint = joint + model.pz().log_prob(places)
    cell = float(2 * math.log(side[1] - side[0]))
    log = float(torch.logsumexp(joint, 0)) + cell
    share = (joint + cell - log).exp()
    loc = share @ places
    off = places - loc
    factor = torch.linalg.cholesky((share[:, None] * off).T @ off)
    said: dict[str, list[dict[str, Any]]] = {"normals": [], "turned": []}
    for name, normals in (("normals", _normals), ("turned", _turned)):
        for q, told in normals(loc, factor):
            log_q = q.log_prob(places)
            mass = (log_q + cell).exp()
            elbo = float((mass * (joint - log_q)).sum() / mass.sum())
            said[name].append(told | {"elbo": elbo, "kl": log - elbo})
    case = _case("a network", model.float(), x, [0.0, 0.0], [0, 1])
    return case | said | {"log": log, "smooth": False}
