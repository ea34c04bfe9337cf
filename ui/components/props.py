"""What every component that decodes in the browser is told of its model."""

from typing import Any

from ui import resources
from ui.resources import datasets, decoding, families
from ui.resources.payloads import decoder_kind
from ui.routes import payloads


def of_model(model: str) -> dict[str, Any]:
    """Collect where a model's payloads lie and how its pictures were placed.

    Raises
    ------
    UserError
        When the model cannot be opened or its networks cannot run in the browser.
    """
    return {
        "model": model,
        "title": families.title(model),
        "preferred": resources.preferred(resources.library()),
        "remote": decoding.is_large(model),
        "decoder": payloads.address(model, decoder_kind(model)),
        "encoder": payloads.address(model, "encoder"),
        "points": payloads.points_address(model),
        "rates": payloads.rates_address(model),
        "framing": datasets.framing(model),
    }
