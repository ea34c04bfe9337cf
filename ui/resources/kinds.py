"""Of what kind each model of the library is, and so which models can be compared."""

from typing import NamedTuple

from ui import resources
from ui.resources import Version
from vae.errors import UserError


class Kind(NamedTuple):
    """What of a model tells which others it can be compared with."""

    dataset: str
    image_shape: tuple[int, ...]
    has_density: bool
    known: bool = True
    """False for a file that cannot be opened."""


_kinds: dict[Version, Kind] = {}


def of_library() -> dict[str, Kind]:
    """Tell of every model of the library that can be opened what kind it is.

    Each file's header is read once; a broken file is left out: its own page says what is wrong.
    """
    found = {name: resources.version_of(path) for name, path in resources.library().items()}
    now = {version: _kinds.get(version) or _kind(version) for version in found.values() if version}
    _kinds.clear()
    _kinds.update(now)
    return {name: now[version] for name, version in found.items() if version and now[version].known}


def others_of_same_images(model: str) -> list[str]:
    """List models of the same data set and shape, those with another posterior first."""
    found = of_library()
    own = found.get(model)
    if own is None:
        return []
    same = [
        (kind.has_density == own.has_density, name)
        for name, kind in found.items()
        if name != model and kind[:2] == own[:2]
    ]
    return [name for _, name in sorted(same)]


def _kind(found: Version) -> Kind:
    from vae import checkpoint

    try:
        header = checkpoint.read_header(found.path)
    except UserError:
        return Kind("", (), False, known=False)
    model = header["model"]
    has_density = header["capabilities"]["has_density"]
    return Kind(header["dataset"].get("name", ""), tuple(model["image_shape"]), has_density)
