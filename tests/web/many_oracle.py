"""Payloads of decoders with every kind of layer and likelihood, for a batch of images at once."""

import base64
from typing import Any

from tests.exported import LIKELIHOODS, checkpoint_of, lively_model
from vae.export.networks import decoder_payload
from vae.models.conditioning import CONDITIONINGS
from vae.models.config import VAEConfig
from vae.models.networks import ARCHITECTURES, MLP

SHAPE = (3, 17, 23)


def oracle() -> list[dict[str, Any]]:
    """Return a name and a payload for each."""
    configs = {f"{name}": VAEConfig(SHAPE, 3, cls()) for name, cls in ARCHITECTURES.items()}
    configs["mlp with tanh"] = VAEConfig(SHAPE, 3, MLP(hidden=(9,), activation="tanh"))
    small = MLP(hidden=(9,))
    configs |= {
        f"{name}, a likelihood": VAEConfig((1, 9, 8), 2, small, LIKELIHOODS[name])
        for name in LIKELIHOODS
    }
    configs |= {
        f"told by {name}": VAEConfig((1, 9, 8), 2, small, conditioning=_told(cls))
        for name, cls in CONDITIONINGS.items()
    }
    return [{"name": name, "payload": _payload(config)} for name, config in configs.items()]


def _told(cls: type[Any]) -> Any:
    """Make a conditioning of five classes, where it is one on classes."""
    return cls(**({"classes": 5} if hasattr(cls, "classes") else {}))


def _payload(config: VAEConfig) -> str:
    return base64.b64encode(decoder_payload(checkpoint_of(lively_model(config)))).decode()
