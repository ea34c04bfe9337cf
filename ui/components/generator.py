"""The Generate component: a typed wrapper."""

from typing import Any

from ui import resources
from ui.components import props
from ui.components.mount import mount
from ui.routes import draws, originals, payloads

_generator = mount("generator", "generate/generate.js", "pad/pad.css", "generate/generate.css")


def generator(model: str, *, key: str = "generator") -> None:
    """Show walls of pictures that a model of the library draws.

    Raises
    ------
    UserError
        When the model cannot be opened or its decoder cannot run in the browser.
    """
    _generator(key=key, data=generator_data(model))


def generator_data(model: str) -> dict[str, Any]:
    """Collect what the component is told: where its payloads lie."""
    split = resources.header(model)["dataset"].get("split")
    return {
        **props.of_model(model),
        # a large decoder too: pictures then come one after another
        "decoder": payloads.address(model, "decoder"),
        "prior": payloads.prior_address(model),
        "split": split or "encoded",
        "originals": originals.address(model),
        "ask": draws.addresses(model),
    }
