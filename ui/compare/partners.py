"""Which models can stand beside one, and which of them show most there."""

from collections.abc import Sequence
from typing import Any

from ui import resources
from ui.resources import kinds

FIRST_COLUMNS = 3
"""Models side by side where the visitor named none."""


def beside(model: str) -> list[str]:
    """List the models that were made for the same data set and shape as this one."""
    return kinds.others_of_same_images(model)


def is_there(model: str) -> bool:
    """Tell whether a model of that name can be compared at all."""
    return model in kinds.of_library()


def proposed(model: str) -> list[str]:
    """Put two others beside a model: one of another kind of posterior, one of another z_dim.

    Of each, the one that differs in the fewest other parts: what differs on the screen then comes
    from that one choice.
    """
    own = resources.header(model)
    found: list[str] = []
    headers = {name: resources.header(name) for name in beside(model)}
    for changed in (_has_density, _z_dim, None):
        left = [
            name
            for name, header in headers.items()
            if name not in found and (changed is None or changed(header) != changed(own))
        ]
        left.sort(key=lambda name: (differences(own, headers[name]), name))
        found += left[: 1 if changed else max(0, FIRST_COLUMNS - 1 - len(found))]
    return [model, *found[: FIRST_COLUMNS - 1]]


def why_not(model: str, other: str) -> str:
    """Say in a clause why a model cannot stand beside this one."""
    found = kinds.of_library()
    if other not in found:
        return "is not on this machine"
    own, its = found[model], found[other]
    if own.dataset != its.dataset:
        return f"was made for other images ({its.dataset or 'unknown ones'})"
    return f"takes images of another size ({_size(its.image_shape)})"


def differences(one: dict[str, Any], other: dict[str, Any]) -> int:
    """Count the parts in which two models differ, by the names in their headers."""
    return sum(a != b for a, b in zip(_parts(one), _parts(other), strict=True))


def _parts(header: dict[str, Any]) -> list[Any]:
    model, training = header["model"], header["training"]
    names = ("z_dim", "architecture", "likelihood", "prior", "posterior", "conditioning")
    return [_name(model.get(name)) for name in names] + [_name(training.get("objective"))]


def _name(part: Any) -> Any:
    return part.get("name") if isinstance(part, dict) else part


def _has_density(header: dict[str, Any]) -> bool:
    return bool(header["capabilities"]["has_density"])


def _z_dim(header: dict[str, Any]) -> int:
    return int(header["model"]["z_dim"])


def _size(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape))
