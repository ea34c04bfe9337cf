"""Forms of options on the map, which an address can set: "perplexity:50,seed:3"."""

from typing import Any

from ui import option_form
from ui.map.address import MapAddress
from ui.option_form import Widget
from ui.state import put


def draw(asked: dict[str, Widget], key: str, parameter: str) -> dict[str, Any]:
    """Draw a form that a parameter of the address can set; the link says what is not usual."""
    address = MapAddress()
    for name, value in _of_address(address, asked, parameter).items():
        put(f"{key}.{name}", value)
    raw = option_form.draw(asked, key)
    changed = {name: raw[name] for name in asked if raw[name] not in (asked[name].default, None)}
    address.keep(parameter, ",".join(f"{k}:{v}" for k, v in changed.items()) or None)
    return raw


def _of_address(address: MapAddress, asked: dict[str, Widget], parameter: str) -> dict[str, Any]:
    text = address.take(parameter) or ""
    found: dict[str, Any] = {}
    for part in filter(None, text.split(",")):
        name, _, given = part.partition(":")
        try:
            found[name] = _value(asked[name], given)
        except (KeyError, ValueError):
            address.refuse(parameter, text, "what it takes is " + ", ".join(asked))
            return {}
    return found


def _value(asked: Widget, text: str) -> Any:
    if asked.kind == "choice":
        return {str(choice): choice for choice in asked.choices}[text]
    return {"whole": int, "number": float}[asked.kind](text)
