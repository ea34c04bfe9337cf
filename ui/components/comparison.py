"""The Compare component: a typed wrapper."""

from collections.abc import Sequence
from typing import Any

from ui import resources, words
from ui.components import props
from ui.components.mount import mount
from ui.resources import families
from ui.routes import originals, payloads
from vae.errors import UserError

_comparison = mount("comparison", "compare/compare.js", "pad/pad.css", "compare/compare.css")


def comparison(models: Sequence[str], *, key: str) -> None:
    """Show models of the library side by side; it says once that it has drawn them."""
    _comparison(key=key, data=comparison_data(models), on_drawn_change=lambda: None)


def comparison_data(models: Sequence[str]) -> dict[str, Any]:
    """Collect what the component is told of each model, in the order of the columns."""
    return {"columns": [column(model) for model in models]}


def column(model: str) -> dict[str, Any]:
    """Collect where a model's payloads lie; of one that cannot be opened, what is wrong."""
    try:
        header = resources.header(model)
        described = header["dataset"]
        return {
            **props.of_model(model),
            # a large decoder too: its pictures then come one after another
            "decoder": payloads.address(model, "decoder"),
            "kind": words.kind(header),
            "prior": payloads.prior_address(model),
            "split": described.get("split") or "held-out",
            # of which images the rows of the map are
            "images": str(described.get("sha256") or ""),
            "originals": originals.address(model),
        }
    except UserError as error:
        return {"model": model, "title": families.title(model), "wrong": str(error)}
