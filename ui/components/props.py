"""What every component that decodes in the browser is told of its model."""

from typing import Any

from ui import resources
from ui.resources import datasets, decoding
from ui.routes import payloads


def of_model(model: str) -> dict[str, Any]:
    """Collect where a model's payloads lie and how its pictures were placed.

    Raises
    ------
    UserError
        When the model cannot be opened or its networks cannot run in the browser.
    """
    remote = decoding.is_large(model)
    return {
        "model": model,
        "preferred": resources.preferred(resources.library()),
        "remote": remote,
        "decoder": payloads.address(model, "outline" if remote else "decoder"),
        "encoder": payloads.address(model, "encoder"),
        "points": payloads.points_address(model),
        "rates": payloads.rates_address(model),
        "framing": datasets.framing(model),
    }
