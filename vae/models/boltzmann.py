"""Restricted Boltzmann machines, seen in the layers of an encoder and a decoder.

A machine joins visible units v with hidden units h, all of them on or off:
log p(v, h) = b·v + c·h + h·W·v − log Z. Given one side, the units of the other are independent,
p(h = 1|v) = σ(c + W·v) and p(v = 1|h) = σ(b + h·W), so that Gibbs sampling takes turns (Smolensky
1986; Hinton 2002, "Training products of experts by minimizing contrastive divergence").
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class Machine(NamedTuple):
    """A machine as a layer of the encoder, ``up``, and one of the decoder, ``down``."""

    up: nn.Linear
    """W (hidden, visible) and c: visible units to the log odds of the hidden ones."""
    down: nn.Linear
    """W transposed and b: hidden units to the log odds of the visible ones."""

    @torch.no_grad()
    def set(self, weight: Tensor, hidden: Tensor, visible: Tensor) -> None:
        """Give both layers W (hidden, visible), c (hidden,) and b (visible,)."""
        self.up.weight.copy_(weight)
        self.up.bias.copy_(hidden)
        self.down.weight.copy_(weight.T)
        self.down.bias.copy_(visible)

    @torch.inference_mode()
    def start(self, count: int, generator: torch.Generator) -> Tensor:
        """Draw visible units (count, visible) as if no hidden unit were on."""
        return _drawn(self.down.bias.expand(count, -1), generator)

    @torch.inference_mode()
    def gibbs(self, v: Tensor, steps: int, generator: torch.Generator) -> Tensor:
        """Move visible units (count, visible) on by so many steps: hidden given visible, back."""
        for _ in range(steps):
            v = _drawn(self.down(_drawn(self.up(v), generator)), generator)
        return v

    def free_energy(self, v: Tensor) -> Tensor:
        """−log p(v) − log Z in nats, (batch,): −b·v − Σ softplus(c + W·v) over hidden units."""
        return -(v @ self.down.bias) - nn.functional.softplus(self.up(v)).sum(-1)


def machines(encoder: nn.Module, decoder: nn.Module) -> list[Machine]:
    """List the machines of a stack, from the pixels up; empty where the networks are no stack."""
    up, down = _layers(encoder), _layers(decoder)[::-1]
    if len(up) + 1 != len(down):
        return []
    between, pairs = [*up[1::2], *down[1::2]], zip(up[::2], down[::2], strict=True)
    if not all(isinstance(layer, nn.Sigmoid) for layer in between):
        return []
    found = [
        Machine(a, b)
        for a, b in pairs
        if isinstance(a, nn.Linear) and isinstance(b, nn.Linear)
        if a.weight.shape == b.weight.T.shape
    ]
    return found if len(found) == len(up[::2]) else []


def _layers(network: nn.Module) -> list[nn.Module]:
    shaping = nn.Flatten | nn.Unflatten
    return [layer for layer in network.children() if not isinstance(layer, shaping)]


def _drawn(log_odds: Tensor, generator: torch.Generator) -> Tensor:
    """Draw units as 0 or 1; the same draws on every device."""
    chance = torch.rand(log_odds.shape, generator=generator, device=generator.device)
    return (chance.to(log_odds.device) < log_odds.sigmoid()).to(log_odds.dtype)
