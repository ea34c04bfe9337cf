"""log p(x) of a model that infers the class, from the quadrature over all classes in Python."""

import base64
from typing import Any

from tests.exported import checkpoint_of
from tests.vae.measures.test_inferred import ink, model_of
from vae.checkpoint import round_to_half
from vae.export.networks import decoder_payload, encoder_payload
from vae.measures.quadrature import exact_log_px


def oracle() -> list[dict[str, Any]]:
    """Return models of one and two dimensions, an image, and its log p(x) in nats."""
    return [_case(z_dim) for z_dim in (1, 2)]


def _case(z_dim: int) -> dict[str, Any]:
    model, images = round_to_half(model_of(z_dim)), ink(1)
    made = checkpoint_of(model)
    packed = {"decoder": decoder_payload(made), "encoder": encoder_payload(made)}
    return {
        "pair": list(range(z_dim)),
        "pixels": (images[0].flatten() / 255).tolist(),
        "log": float(exact_log_px(model, images).log_px[0]),
        **{name: base64.b64encode(payload).decode() for name, payload in packed.items()},
    }
