"""Forms made from option classes: widget, help, range and default all follow from the field.

A new architecture, objective, likelihood or prior therefore appears on the page by itself. What a
widget holds is checked by the option class alone, so page and command line say the same sentence.
"""

import dataclasses
import math
import types
import typing
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from vae.errors import UserError

AUTOMATIC = "automatic"
CHOICES = {"cpu": "CPU", True: "yes", False: "no"}
"""Values of a choice whose names are not how people write them."""


class Widget(NamedTuple):
    """How one field is asked for."""

    kind: str
    """"switch", "choice", "whole" (number), "number" or "text" (a list of numbers)."""
    label: str
    help: str
    default: Any
    optional: bool = False
    choices: tuple[Any, ...] = ()
    step: float | None = None


def widgets(cls: type, leave_out: Collection[str] = ()) -> dict[str, Widget]:
    """Return a widget for every field that holds a value which only the visitor can tell."""
    from vae.options import plain_fields

    kinds = typing.get_type_hints(cls)
    return {
        name: widget(field, kinds[name])
        for name, field in plain_fields(cls).items()
        if name not in leave_out and not field.metadata.get("given")
    }


def widget(field: dataclasses.Field[Any], kind: Any) -> Widget:
    """Choose the widget of a field of a type such as ``int``, ``float | None``, ``tuple``."""
    kind, optional = _without_none(kind)
    label, help_text = label_of(field), sentence(field)
    default: Any = field.default
    if choices := field.metadata["choices"]:
        choices = (None, *choices) if optional else choices
        return Widget("choice", label, help_text, default, optional, choices)
    if kind is bool and optional:
        return Widget("choice", label, help_text, default, optional, (None, True, False))
    if kind is bool:
        return Widget("switch", label, help_text, default)
    if typing.get_origin(kind) is tuple:
        return Widget("text", label, help_text, ", ".join(map(str, default)))
    if kind is int:
        return Widget("whole", label, help_text, default, optional, step=1)
    return Widget("number", label, help_text, default, optional, step=step_of(default))


def label_of(field: dataclasses.Field[Any]) -> str:
    """Name a field for people, its unit in brackets: "Batch size (images)"."""
    name = field.metadata.get("title") or field.name.replace("_", " ").capitalize()
    unit = field.metadata["unit"]
    # a unit that the name holds already is no news
    return f"{name} ({unit})" if unit and unit not in name.lower() else name


def sentence(field: dataclasses.Field[Any]) -> str:
    """Say in a sentence what a field means, which values it takes and what stands there first."""
    from vae.options import describe

    text = describe(field)
    return f"{text[:1].upper()}{text[1:]}."


def summary_of(cls: type) -> str:
    """Return the first paragraph of an entry's own description."""
    text = (cls.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(text.split())


def step_of(default: float | None) -> float:
    """Return by how much a press on + or − changes a number: one in its first digit."""
    if not default:
        return 0.1
    return 10.0 ** min(0, math.floor(math.log10(abs(default))))


def value_of(asked: Widget, name: str, raw: Any) -> Any:
    """Turn what a widget holds into the field's value.

    Raises
    ------
    UserError
        When a number that is needed is missing, or a list holds something else.
    """
    if asked.kind == "text":
        return _numbers(name, raw or "")
    if raw is None and not asked.optional:
        raise UserError(f"{name} needs a number, such as {asked.default:g}")
    return raw


def values(asked: dict[str, Widget], raw: dict[str, Any]) -> dict[str, Any]:
    """Turn what a form's widgets hold into the fields' values; `UserError` as `value_of`."""
    return {name: value_of(asked[name], name, raw[name]) for name in asked}


def build(cls: type, given: dict[str, Any], kind: str) -> Any:
    """Make the option object; a value out of range is a `UserError` that names it."""
    from vae.options import build as build_options

    return build_options(cls, given, kind)


def draw(asked: dict[str, Widget], key: str) -> dict[str, Any]:
    """Draw the widgets under keys that start with `key` and return what they hold."""
    return {name: draw_one(widget, f"{key}.{name}") for name, widget in asked.items()}


def draw_one(asked: Widget, key: str) -> Any:
    """Draw one widget and return what it holds."""
    shared: dict[str, Any] = {"key": key, "help": asked.help, "persist_state": "session"}
    if asked.kind == "switch":
        return st.toggle(asked.label, value=asked.default, **shared)
    if asked.kind == "choice":
        at = asked.choices.index(asked.default)
        return st.selectbox(asked.label, asked.choices, at, format_func=_choice, **shared)
    if asked.kind == "text":
        return st.text_input(asked.label, value=asked.default, **shared)
    # no limits here: the browser would keep a number outside to itself and say nothing to us
    number = "%d" if asked.kind == "whole" else "%g"
    empty = "none" if asked.optional else None
    return st.number_input(
        asked.label,
        value=asked.default,
        step=asked.step,
        format=number,
        placeholder=empty,
        **shared,
    )


def pick(label: str, registry: Mapping[str, type[Any]], first: str, key: str, help: str) -> type:
    """Let the visitor choose an entry of a registry by name."""
    names = list(registry)
    name = st.selectbox(
        label,
        names,
        names.index(first),
        format_func=lambda name: title_of(registry[name]),
        key=key,
        help=f"{help} {entries_help(registry.values())}",
        persist_state="session",
    )
    return registry[name]


def entries_help(entries: Iterable[type]) -> str:
    """Say of every entry of a registry, in Markdown, what it is."""
    return " ".join(f"**{title_of(cls)}**: {summary_of(cls)}" for cls in entries)


def title_of(cls: type) -> str:
    """Name an entry of a registry for people."""
    from vae.options import title_of as own_title

    return own_title(cls)


def _choice(value: str | bool | None) -> str:
    if value is None:
        return AUTOMATIC
    return CHOICES.get(value) or str(value).replace("-", " ")


def _without_none(kind: Any) -> tuple[Any, bool]:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return next(part for part in typing.get_args(kind) if part is not type(None)), True
    return kind, False


def _numbers(name: str, text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return tuple(int(part) for part in parts)
    except ValueError:
        raise UserError(
            f"{name} must be whole numbers with commas between them, such as 512, 256, "
            f"not {text[:40]!r}"
        ) from None
