"""What may be held as foreign to a model: another data set of its shape, or one of its classes."""

import re
from typing import Any, NamedTuple

from ui import resources
from ui.resources import datasets
from vae.errors import UserError

CLASS = re.compile(r"class-(?P<label>[0-9]{1,4})", re.ASCII)
MOST_CLASSES = 50
PLURALS = dict(
    zip(
        "0123456789",
        "zeros ones twos threes fours fives sixes sevens eights nines".split(),
        strict=True,
    )
)
SEEN = (
    "The model was trained with this class, so it knows it; what is fitted on codes leaves it out."
)
UNSEEN = "The model was trained without this class."


class Foreign(NamedTuple):
    """Something to be told from the images that a model was trained on."""

    name: str
    """As it stands in the address."""
    title: str
    of: str
    """Goes on from "63 % of"."""
    note: str = ""
    """What has to be known of it, a sentence."""
    label: int | None = None
    """The class, where it is one."""


def choices(model: str) -> list[Foreign]:
    """List what may be held as foreign to a model, the likeliest wish first.

    Data sets that this visitor may see and that are on this machine; classes of the model's own.
    """
    from vae import data
    from vae.data.without import named

    header = resources.header(model)
    own, shape = data.name_of(header["dataset"]), tuple(header["model"]["image_shape"])
    parts = named(own or "")
    whole, left_out = parts if parts and own not in data.sources() else (own, ())
    others = [
        Foreign(name, source.title, f"the {source.title} images")
        for name, source in data.sources().items()
        if name not in (own, whole) and tuple(source.image_shape) == shape and source.is_here()
    ]
    source = data.source_of(own)
    names = source.class_names if source is not None else ()
    classes = [_class(label, names, label in left_out) for label in range(len(names))]
    unseen = [one for one in classes if one.label in left_out]
    seen = [one for one in classes if one.label not in left_out]
    return [*unseen, *others, *(seen[:MOST_CLASSES] if len(seen) > 1 else [])]


def _class(label: int, names: tuple[str, ...], is_unseen: bool) -> Foreign:
    name = names[label]
    of = f"the {PLURALS[name]}" if name in PLURALS else f"the “{name}” images"
    title = PLURALS.get(name, name)
    return Foreign(f"class-{label}", title, of, UNSEEN if is_unseen else SEEN, label)


def find(model: str, name: str | None) -> Foreign:
    """Return a choice by its name, the first one for None.

    Raises
    ------
    UserError
        When there is no such choice, or none at all.
    """
    offered = choices(model)
    if not offered:
        raise UserError(
            "there is nothing to hold as foreign: no other images of this shape are on this "
            "machine, and the model's own have no classes; `python -m vae datasets` says what "
            "there is"
        )
    if name is None:
        return offered[0]
    found = next((one for one in offered if one.name == name), None)
    if found is None:
        raise UserError(f"{name[:60]!r} is nothing to hold as foreign here; choose from the list")
    return found


def version(foreign: Foreign) -> str:
    """Tell own images from others that were prepared under their name before."""
    return "" if foreign.label is not None else datasets.version(foreign.name)


def to_json(foreign: Foreign) -> dict[str, Any]:
    """Return what the component is told."""
    told = foreign._asdict()
    del told["label"]
    return told
