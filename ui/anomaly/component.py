"""The Anomaly component: a typed wrapper."""

from collections.abc import Callable
from typing import Any

from ui.components.mount import mount

_anomaly = mount("anomaly", "anomaly/anomaly.js", "pad/pad.css", "anomaly/anomaly.css")


def anomaly(told: dict[str, Any], *, key: str, on_asked: Callable[[], None]) -> None:
    """Show how strange images are to a model.

    The component says once that its first pictures are drawn. ``on_asked`` hears what the visitor
    asks for, `{model, do, count, …}`.
    """
    _anomaly(key=key, data=told, on_asked_change=on_asked, on_drawn_change=lambda: None)
