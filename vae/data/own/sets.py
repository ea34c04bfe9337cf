"""The sets of own images by name, brought or drawn, prepared or not: renamed and deleted."""

from vae.data.own import drawn, prepared


def names() -> list[str]:
    """List the sets that who asks may see, by name."""
    return sorted({*prepared.names(), *drawn.names()})


def rename(name: str, new: str) -> None:
    """Give a set another name; models that were trained on it find it all the same.

    Raises
    ------
    UserError
        When there is no such set, or the new name is none or taken.
    """
    (drawn if drawn.is_drawn(name) else prepared).rename(name, new)


def remove(name: str) -> None:
    """Delete a set with its drawings; models that were trained on it stay, without originals."""
    if drawn.is_drawn(name):
        drawn.discard(name)
    else:
        prepared.remove(name)
