"""The Interpolate component: a typed wrapper."""

from typing import Any
from urllib.parse import quote

from ui import base, resources
from ui.components import props
from ui.components.mount import mount
from ui.resources import likeness
from ui.routes import originals, payloads

WORDS = {"lerp": "straight", "slerp": "spherical"}
"""What the page calls the paths that its script computes; others are named in a sentence."""

_interpolator = mount(
    "interpolator", "interpolate/interpolate.js", "pad/pad.css", "interpolate/interpolate.css"
)


def interpolator(model: str, *, key: str = "interpolator") -> None:
    """Show two images and the paths between them, for a model of the library.

    Raises
    ------
    UserError
        When the model cannot be opened or its networks cannot run in the browser.
    """
    _interpolator(key=key, data=interpolator_data(model))


def interpolator_data(model: str) -> dict[str, Any]:
    """Collect what the component is told: where its payloads lie and which paths there are."""
    from vae.latent.paths import PATHS

    shared = props.of_model(model)
    split = resources.header(model)["dataset"].get("split")
    return {
        **shared,
        "split": split or "encoded",
        "methods": [{"name": path, "words": WORDS[path]} for path in PATHS if path in WORDS],
        "prior": payloads.prior_address(model),
        "film": f"{base.path()}/film/{quote(model, safe='')}",
        "originals": originals.address_where_here(model),
        "likeness": None if shared["remote"] else _likeness(model, split or "held-out"),
    }


def elsewhere() -> str | None:
    """Say which paths the browser's script does not know, and where they are; None without any."""
    from vae.latent.paths import PATHS

    other = [path for path in PATHS if path not in WORDS]
    if not other:
        return None
    return (
        f"Not drawn here, where the browser computes each path itself: {', '.join(other)}. "
        f"`python -m vae interpolate --method {other[0]}` shows it."
    )


def _likeness(model: str, split: str) -> dict[str, Any] | None:
    found = likeness.quantiles(model)
    return None if found is None else {"quantiles": found, "split": split}
