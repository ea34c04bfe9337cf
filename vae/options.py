"""Options as frozen dataclasses: one source for flags, forms and the JSON in files.

An option class is a frozen dataclass with a class variable ``name``, its key in a registry.
Every field is made by `option`, which carries the help text and the allowed range, so that the
command line, the pages and the files derive all they need from the fields alone.
"""

import dataclasses
import difflib
import functools
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, TypeVar

from vae.errors import UserError

# no network needs more layers, and a file cannot ask for a million of them
LONGEST_LIST = 16


class Dataclass(Protocol):
    """An instance of any dataclass, as `dataclasses.fields` takes it."""

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]


class Part(Dataclass, Protocol):
    """What an entry of every registry is: a frozen dataclass of options that has a name."""

    name: ClassVar[str]


Entry = TypeVar("Entry")
Options = TypeVar("Options", bound=Dataclass)


# it evaluates the annotations anew at each call, and files are read by the thousand
@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def option(
    default: Any,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    choices: tuple[str, ...] | None = None,
    unit: str = "",
    title: str = "",
    given: bool = False,
    steer: str = "",
) -> Any:
    """Declare a field of an option class; ranges hold for every element of a tuple.

    ``title`` names it for people, where its own name says too little; ``help`` is a sentence
    without its capital and its full stop. What the data set tells is ``given``: no form asks for
    it. What may change while a run trains has a short name for that in ``steer``.
    """
    metadata = {
        "help": help,
        "title": title,
        "minimum": minimum,
        "maximum": maximum,
        "above": above,
        "choices": choices,
        "unit": unit,
        "given": given,
        "steer": steer,
    }
    return dataclasses.field(default=default, metadata=metadata)


def part(
    default: Any,
    registry: Mapping[str, type[Any]],
    help: str,
    *,
    title: str = "",
    by_name: bool = False,
) -> Any:
    """Declare a field that holds a part with options of its own, chosen from a registry.

    ``by_name`` writes a part without options as its name alone.
    """
    metadata = {"help": help, "title": title, "registry": registry, "by_name": by_name}
    return dataclasses.field(default=default, metadata=metadata)


def plain_fields(cls: type[Dataclass]) -> dict[str, dataclasses.Field[Any]]:
    """Give the fields of an option class that are values, not parts, by their names."""
    found = dataclasses.fields(cls)
    return {
        field.name: field
        for field in found
        if field.metadata.get("help") and "registry" not in field.metadata
    }


def part_fields(cls: type[Dataclass]) -> dict[str, dataclasses.Field[Any]]:
    """Give the fields of an option class that hold a part, by their names."""
    found = dataclasses.fields(cls)
    return {field.name: field for field in found if "registry" in field.metadata}


def registry_of(field: dataclasses.Field[Any]) -> Mapping[str, type[Any]]:
    """Give the registry that a part is chosen from."""
    registry: Mapping[str, type[Any]] = field.metadata["registry"]
    return registry


def title_of(entry: Any) -> str:
    """Name an entry of a registry for people, as itself or as its class has it."""
    return getattr(entry, "title", "") or entry.name.replace("-", " ")


def named_parts(options: Dataclass) -> None:
    """Put the part with its defaults where a frozen option object was given a part's name."""
    for name, field in part_fields(type(options)).items():
        if isinstance(value := getattr(options, name), str):
            object.__setattr__(options, name, choose(registry_of(field), value, name)())


def choose(registry: Mapping[str, Entry], name: Any, kind: str) -> Entry:
    """Look a name up in a registry; an unknown one is a `UserError` that lists what there is."""
    if isinstance(name, str) and name in registry:
        return registry[name]
    close = difflib.get_close_matches(str(name), registry, n=len(registry), cutoff=0.5)
    names = [*close, *(key for key in registry if key not in close)]
    raise UserError(f"unknown {kind} {_shown(name)}; choose from {', '.join(names)}")


def validate(options: Options) -> Options:
    """Check every field against its declared type and range and return the object."""
    kinds = _hints(type(options))
    for field in dataclasses.fields(options):
        value = getattr(options, field.name)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            validate(value)
        elif "registry" in field.metadata:
            raise UserError(f"{field.name} must be a part with a name, not {_shown(value)}")
        else:
            _check(field, kinds[field.name], value)
    return options


def to_json(options: Dataclass) -> dict[str, Any]:
    """Turn an option object into plain JSON values, its registry name first."""
    fields = {}
    for field in dataclasses.fields(options):
        value = getattr(options, field.name)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            value = to_json(value)
            if field.metadata.get("by_name") and len(value) == 1:
                value = value["name"]
        fields[field.name] = list(value) if isinstance(value, tuple) else value
    name = getattr(options, "name", None)
    return fields if name is None else {"name": name, **fields}


def from_json(registry: Mapping[str, type[Options]], mapping: Any, kind: str) -> Options:
    """Build an option object from `to_json`'s form; missing keys take their defaults.

    An entry says in ``formerly`` what files mean that are older than an option, where that is not
    its default.
    """
    if isinstance(mapping, str):
        return build(choose(registry, mapping, kind), {}, kind)
    if not isinstance(mapping, dict):
        raise UserError(f"the {kind} must be an object with a name, not {_shown(mapping)}")
    cls = choose(registry, mapping.get("name"), kind)
    values = {key: value for key, value in mapping.items() if key != "name"}
    return build(cls, {**getattr(cls, "formerly", {}), **values}, kind)


def build(cls: type[Options], values: dict[str, Any], kind: str) -> Options:
    """Make an option object from plain values; an unknown key is an error, never ignored."""
    kinds = _hints(cls)
    names = [field.name for field in dataclasses.fields(cls)]
    for key in values:
        if key not in names:
            raise UserError(
                f"unknown option {_shown(key)} of {kind}; choose from {', '.join(names) or 'none'}"
            )
    made = {key: _plain(kinds[key], value) for key, value in values.items()}
    for key, field in part_fields(cls).items():
        if key in made and not dataclasses.is_dataclass(made[key]):
            made[key] = from_json(registry_of(field), made[key], key)
    return validate(cls(**made))


def override(options: Options, name: str, text: str) -> Options:
    """Return a copy with one field set from text, as in ``--set objective.beta=4``."""
    kinds = _hints(type(options))
    names = [field.name for field in dataclasses.fields(options)]
    if name not in names:
        kind = getattr(options, "name", type(options).__name__)
        raise UserError(
            f"unknown option {_shown(name)} of {kind}; choose from {', '.join(names) or 'none'}"
        )
    value = _parse(kinds[name], name, text)
    return validate(dataclasses.replace(options, **{name: value}))


def describe(field: dataclasses.Field[Any]) -> str:
    """Say in one line what a field means, its unit, range and default: the help of a flag."""
    meta, parts = field.metadata, []
    if meta["choices"]:
        parts.append(" or ".join(meta["choices"]))
    if (span := _range(meta)) != "any number":
        parts.append(span)
    if meta["unit"]:
        parts.append(meta["unit"])
    shown = ",".join(map(str, field.default)) if isinstance(field.default, tuple) else field.default
    decides = meta["choices"] or _optional(field.type)[0] is bool
    nothing = "automatic" if decides else "none"
    parts.append(f"default {nothing if shown is None else shown}")
    return f"{meta['help']} ({'; '.join(parts)})"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _optional(kind: Any) -> tuple[Any, bool]:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        inner = [part for part in typing.get_args(kind) if part is not type(None)]
        return inner[0], True
    return kind, False


def _range(meta: Any) -> str:
    low, high, above = meta["minimum"], meta["maximum"], meta["above"]
    if low is not None and high is not None:
        return f"from {low:g} to {high:g}"
    if above is not None:
        return f"above {above:g}" + (f" and at most {high:g}" if high is not None else "")
    if low is not None:
        return f"{low:g} or more"
    return f"at most {high:g}" if high is not None else "any number"


def _plain(kind: Any, value: Any) -> Any:
    kind, _ = _optional(kind)
    if isinstance(value, list):
        return tuple(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _check(field: dataclasses.Field[Any], kind: Any, value: Any) -> None:
    kind, optional = _optional(kind)
    if value is None and optional:
        return
    many = typing.get_origin(kind) is tuple
    if many and not isinstance(value, tuple):
        raise UserError(f"{field.name} must be a list of numbers, not {_shown(value)}")
    if many and not 1 <= len(value) <= LONGEST_LIST:
        raise UserError(f"{field.name} must have 1 to {LONGEST_LIST} numbers, not {len(value)}")
    element = typing.get_args(kind)[0] if many else kind
    for item in value if many else (value,):
        _check_one(field, element, item)


def _check_one(field: dataclasses.Field[Any], kind: type, value: Any) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    right = number and (kind is float or isinstance(value, int)) if kind in (int, float) else None
    if right is None:
        right = isinstance(value, kind)
    if not right:
        raise UserError(f"{field.name} must be {_word(kind)}, not {_shown(value)}")
    choices = field.metadata.get("choices")
    if choices and value not in choices:
        raise UserError(f"unknown {field.name} {_shown(value)}; choose from {', '.join(choices)}")
    if number and not _within(field.metadata, value):
        raise UserError(f"{field.name} must be {_range(field.metadata)}, not {value}")


def _within(meta: Any, value: float) -> bool:
    low, high, above = (meta.get(key) for key in ("minimum", "maximum", "above"))
    # a whole number is finite, however many digits it has
    if isinstance(value, float) and not math.isfinite(value):
        return False
    if low is not None and value < low or above is not None and value <= above:
        return False
    return high is None or value <= high


def _word(kind: type) -> str:
    words = {int: "a whole number", float: "a number", bool: "true or false", str: "a word"}
    return words.get(kind, kind.__name__)


def _parse(kind: Any, name: str, text: str) -> Any:
    kind, optional = _optional(kind)
    if optional and text.lower() in ("", "none"):
        return None
    if typing.get_origin(kind) is tuple:
        element = typing.get_args(kind)[0]
        return tuple(
            _parse(element, name, part.strip()) for part in text.split(",") if part.strip()
        )
    if kind is bool:
        if text.lower() in ("true", "yes", "on", "1"):
            return True
        if text.lower() in ("false", "no", "off", "0"):
            return False
        raise UserError(f"{name} must be true or false, not {_shown(text)}")
    try:
        return kind(text)
    except ValueError:
        raise UserError(f"{name} must be {_word(kind)}, not {_shown(text)}") from None
