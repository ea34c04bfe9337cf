"""Stacks of Boltzmann machines; the topmost of one is small enough to add up all its states."""

import base64
import itertools
from typing import Any

import torch

from tests.exported import checkpoint_of, lively_model
from vae.checkpoint import round_to_half
from vae.export.networks import decoder_payload, encoder_payload
from vae.models.boltzmann import machines
from vae.models.config import VAEConfig
from vae.models.networks import BeliefNet
from vae.models.vae import VAE

SMALL = VAEConfig((1, 8, 8), 3, BeliefNet((5,)), prior="boltzmann", posterior="point")
STACK = VAEConfig((1, 9, 8), 3, BeliefNet((12, 6)), prior="boltzmann", posterior="point")


def oracle() -> dict[str, Any]:
    """Return payloads with what is to be found of each."""
    return {"small": _small(), "stack": _stack()}


def _tied(config: VAEConfig) -> VAE:
    """Give each machine one set of weights for both ways, as training does."""
    model = lively_model(config)
    for machine in machines(model.encoder, model.decoder):
        weight = torch.randn(machine.up.weight.shape, generator=torch.Generator().manual_seed(0))
        machine.set(weight, machine.up.bias.detach(), machine.down.bias.detach())
    return round_to_half(model)


def _payloads(model: VAE) -> dict[str, str]:
    made = checkpoint_of(model)
    packs = {"decoder": decoder_payload, "encoder": encoder_payload}
    return {name: base64.b64encode(pack(made)).decode() for name, pack in packs.items()}


@torch.inference_mode()
def _small() -> dict[str, Any]:
    model = _tied(SMALL)
    machine = machines(model.encoder, model.decoder)[-1]
    every = torch.tensor(list(itertools.product((0.0, 1.0), repeat=5)))
    share = torch.softmax(-machine.free_energy(every).double(), 0)
    return _payloads(model) | {"visible": (share @ every.double()).tolist()}


@torch.inference_mode()
def _stack() -> dict[str, Any]:
    model = _tied(STACK)
    top = machines(model.encoder, model.decoder)[-1]
    found = {"weight": top.up.weight.double().tolist(), "bias": top.up.bias.double().tolist()}
    return _payloads(model) | found
