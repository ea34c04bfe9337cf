"""Gradients by torch, in float64: through each kind of layer, and of the whole negative ELBO."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.distributions import Bernoulli, Independent, Normal, kl_divergence

from vae.export.layers import LAYERS, Weights, export_stack
from vae.models.gates import Gate, Told
from vae.models.networks import Crop, Fourier, Residual

IMAGE = (2, 5, 4)
LOG_BETA = -0.7
STEPS = 6
RATE = 0.01
Z_DIM = 2
BETA = 0.6
SCALE = 0.3


class Recorded(Weights):
    """The weights of a network in the order of its payload, with the tensors themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.tensors: list[Tensor] = []

    def add(self, tensor: Tensor | None) -> list[int] | None:
        """Append a tensor as `Weights` does, and keep it."""
        if tensor is not None:
            self.tensors.append(tensor)
        return super().add(tensor)

    def flat(self) -> list[float]:
        """All values."""
        return [value for tensor in self.tensors for value in tensor.detach().ravel().tolist()]

    def gradients(self) -> list[float]:
        """All gradients; a parameter that the loss does not reach has gradient 0."""
        grads = [torch.zeros_like(t) if t.grad is None else t.grad for t in self.tensors]
        return [value for grad in grads for value in grad.ravel().tolist()]


def _lively(module: nn.Module, seed: int = 0) -> nn.Module:
    """Move every parameter away from where it starts: gains of 1 and slopes of 0 hide mistakes."""
    generator = torch.Generator().manual_seed(seed)
    module = module.double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=generator).double())
    return module


def _stacks() -> dict[str, tuple[nn.Sequential, tuple[int, ...]]]:
    told = Told()
    told.log_beta = LOG_BETA
    inside = Residual(nn.Conv2d(2, 3, 3, padding=1), nn.SiLU(), nn.Conv2d(3, 2, 1))
    return {
        "flatten, unflatten": (nn.Sequential(nn.Flatten(), nn.Unflatten(1, IMAGE)), IMAGE),
        "linear": (nn.Sequential(nn.Linear(5, 3)), (5,)),
        "linear without bias": (nn.Sequential(nn.Linear(5, 3, bias=False)), (5,)),
        "norm of a vector": (nn.Sequential(nn.LayerNorm(6)), (6,)),
        "norm of rows": (nn.Sequential(nn.LayerNorm(4)), IMAGE),
        "relu": (nn.Sequential(nn.ReLU()), (6,)),
        "silu": (nn.Sequential(nn.SiLU()), (6,)),
        "tanh": (nn.Sequential(nn.Tanh()), (6,)),
        "sigmoid": (nn.Sequential(nn.Sigmoid()), (6,)),
        "gate of units": (nn.Sequential(Gate(6, told)), (6,)),
        "gate of channels": (nn.Sequential(Gate(2, told)), IMAGE),
        "fourier": (nn.Sequential(Fourier(3)), (2,)),
        "fourier of the first": (nn.Sequential(Fourier(2, 2)), (4,)),
        "crop": (nn.Sequential(Crop(3, 2)), IMAGE),
        "residual": (nn.Sequential(inside), IMAGE),
        "convolution": (nn.Sequential(nn.Conv2d(2, 3, 3, stride=2, padding=1)), IMAGE),
        "uneven convolution": (nn.Sequential(nn.Conv2d(2, 5, (3, 2), stride=(1, 2))), IMAGE),
        "transposed": (nn.Sequential(nn.ConvTranspose2d(2, 3, 4, stride=2, padding=1)), IMAGE),
        "uneven transposed": (
            nn.Sequential(nn.ConvTranspose2d(2, 3, (3, 2), stride=(2, 3), bias=False)),
            IMAGE,
        ),
        "a small network": (
            nn.Sequential(
                nn.Conv2d(2, 4, 3, padding=1), Gate(4, told), nn.SiLU(),
                Residual(nn.Conv2d(4, 4, 1)), nn.Flatten(), nn.Linear(80, 7),
                nn.LayerNorm(7), nn.Tanh(),
                nn.Linear(7, 20), nn.Unflatten(1, (1, 5, 4)), nn.ConvTranspose2d(1, 1, 2, stride=2),
                Crop(8, 8), nn.Sigmoid(),
            ),
            IMAGE,
        ),
    }  # fmt: skip


def oracle() -> dict[str, Any]:
    """Return stacks with their gradients, the bound of two likelihoods, and steps of Adam."""
    bounds = [_bound(name) for name in ("bernoulli", "gaussian")]
    return {
        "ops": sorted({_op(layer) for layer in LAYERS}),
        "log_beta": LOG_BETA,
        "stacks": [_stack(name, *told) for name, told in _stacks().items()],
        "bounds": bounds,
    }


def _op(layer: type) -> str:
    found = {
        op
        for stack, shape in _stacks().values()
        for one, op in zip(stack, _ops(stack, shape), strict=True)
        if type(one) is layer
    }
    assert len(found) == 1, f"no stack here has a {layer.__name__}"
    return found.pop()


def _ops(stack: nn.Sequential, shape: tuple[int, ...]) -> list[str]:
    return [spec["op"] for spec in export_stack(stack, shape, Weights()).spec["layers"]]


def _stack(name: str, stack: nn.Sequential, shape: tuple[int, ...]) -> dict[str, Any]:
    stack = _lively(stack)
    weights = Recorded()
    exported = export_stack(stack, shape, weights)
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(1, *shape, generator=generator).double().requires_grad_()
    y = stack(x)
    dy = torch.randn(y.shape, generator=generator).double()
    y.backward(dy)
    return {
        "name": name,
        "layers": exported.spec["layers"],
        "shape": list(shape),
        "values": weights.flat(),
        "x": x.detach().ravel().tolist(),
        "dy": dy.ravel().tolist(),
        "y": y.detach().ravel().tolist(),
        "dx": x.grad.ravel().tolist(),
        "grads": weights.gradients(),
    }


def _bound(likelihood: str) -> dict[str, Any]:
    generator = torch.Generator().manual_seed(2)
    encoder = _lively(nn.Sequential(nn.Flatten(), nn.Linear(16, 9), nn.Tanh(), nn.Linear(9, 4)), 3)
    decoder = _lively(nn.Sequential(nn.Linear(Z_DIM, 9), nn.SiLU(), nn.Linear(9, 16)), 4)
    weights = Recorded()
    layers = {
        "encoder": export_stack(encoder, (1, 4, 4), weights).spec["layers"],
        "decoder": export_stack(decoder, (Z_DIM,), weights).spec["layers"],
    }
    x = torch.rand(3, 1, 4, 4, generator=generator).double()
    noise = torch.randn(3, Z_DIM, generator=generator).double()
    start = weights.flat()
    optimizer = torch.optim.Adam(weights.tensors, lr=RATE)
    losses, first = [], None
    for _ in range(STEPS):
        optimizer.zero_grad()
        reconstruction, kl = _terms(encoder, decoder, x, noise, likelihood)
        loss = (reconstruction + BETA * kl).mean()
        loss.backward()
        if first is None:
            first = weights.gradients()
        optimizer.step()
        losses.append([reconstruction.tolist(), kl.tolist()])
    return {
        "name": likelihood, "layers": layers, "shape": [1, 4, 4], "z_dim": Z_DIM, "beta": BETA,
        "scale": SCALE, "rate": RATE, "start": start, "x": x.flatten(1).tolist(),
        "noise": noise.tolist(), "losses": losses, "grads": first, "end": weights.flat(),
    }  # fmt: skip


def _terms(
    encoder: nn.Module, decoder: nn.Module, x: Tensor, noise: Tensor, likelihood: str
) -> tuple[Tensor, Tensor]:
    """−log p(x|z) and KL(q(z|x) ‖ p(z)) of each image, by `torch.distributions`."""
    loc, log_scale = encoder(x).chunk(2, dim=-1)
    qz = Independent(Normal(loc, log_scale.exp()), 1)
    raw = decoder(loc + log_scale.exp() * noise)
    px = Normal(raw, SCALE)
    if likelihood == "bernoulli":
        px = Bernoulli(logits=raw, validate_args=False)
    zero = torch.zeros_like(loc)
    kl = kl_divergence(qz, Independent(Normal(zero, zero + 1), 1))
    return -px.log_prob(x.flatten(1)).sum(1), kl
