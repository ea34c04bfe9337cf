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
    for times, shift, angle in (
        (1.0, 0.0, 0.0),
        (2.0, 0.5, 0.0),
        (0.5, -1.0, 0.6),
        (1.5, 3.0, 0.6),
    ):
        mean, width = loc + shift * sd, times * sd
        if len(loc) == 1:
            axes = torch.eye(1, dtype=torch.float64)
        else:
            cos, sin = math.cos(angle), math.sin(angle)
            axes = torch.tensor([[cos, sin], [-sin, cos]], dtype=torch.float64)
        scaled = axes * width[:, None]
        q = MultivariateNormal(mean, scaled.T @ scaled)
        flat = [[float(v) for v in axis] + [0.0] * (2 - len(loc)) for axis in axes]
        a, b = (*mean.tolist(), 0.0)[:2]
        found.append((q, {"a": a, "b": b, "axes": flat, "sd": width.tolist()}))
    return found


def _case(name: str, model: VAE, x: Tensor, z: list[float], pair: list[int]) -> dict[str, Any]:
    payload = base64.b64encode(decoder_payload(checkpoint_of(model))).decode()
    return {"name": name, "payload": payload, "pixels": x.flatten().tolist(), "z": z, "pair": pair}


def _linear(z_dim: int) -> dict[str, Any]:
    model = round_to_half(linear_model(_weight(z_dim)))
    images = images_of(model, 1)
    x = torch.from_numpy(images).double() / 255
    whole = float(log_px(model, images)[0])
    posterior = true_posterior(model, x)
    loc, factor = posterior.loc[0], posterior.scale_tril[0]
    true = MultivariateNormal(loc, scale_tril=factor)
    normals = _normals(loc, factor)
    kls = [float(kl_divergence(q, true)) for q, _ in normals]
    said = [
        told | {"elbo": whole - kl, "kl": kl} for (_, told), kl in zip(normals, kls, strict=True)
    ]
    case = _case(f"linear, {z_dim}", model, x, [0.0] * z_dim, list(range(z_dim)))
    return case | {"log": whole, "normals": said, "smooth": True}


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
    normals = _normals(loc, true.scale_tril)
    kls = [float(kl_divergence(q, true)) for q, _ in normals]
    said = [told | {"elbo": log - kl, "kl": kl} for (_, told), kl in zip(normals, kls, strict=True)]
    case = _case("a slice of three dimensions", model, x, [9.0, 9.0, third], [0, 1])
    return case | {"log": log, "normals": said, "smooth": True}


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
    said = []
    for q, told in _normals(loc, factor):
        log_q = q.log_prob(places)
        mass = (log_q + cell).exp()
        elbo = float((mass * (joint - log_q)).sum() / mass.sum())
        said.append(told | {"elbo": elbo, "kl": log - elbo})
    case = _case("a network", model.float(), x, [0.0, 0.0], [0, 1])
    return case | {"log": log, "normals": said, "smooth": False}
