"""Lists of models in which the members of a sweep are one, fanned out where one of them is open."""

from collections.abc import Collection, Iterable

from vae.library import Entry, entries


def picked(*open_models: str | None) -> list[str]:
    """List the names that can be chosen: of a sweep the members that are open, or its own name."""
    listed, every = [], entries()
    for entry in every:
        held = [name for name in entry.titles if name in open_models]
        # a file that was added later may have the name of a sweep
        taken = any(entry.name in one.titles for one in every)
        listed += held or [entry.first if taken else entry.name]
    return listed


def of_name(name: str | None) -> str | None:
    """Name the model that a name in an address means: a sweep's stands for its first member."""
    if name is None:
        return None
    return next((one.first for one in entries() if one.name == name and is_sweep(one)), name)


def sweep_of(model: str) -> Entry | None:
    """Find the sweep of which a model is a member; None where it is one of its own."""
    return next((one for one in entries() if model in one.titles and is_sweep(one)), None)


def is_sweep(entry: Entry) -> bool:
    """Tell whether an entry stands for the members of a sweep."""
    return any(entry.titles.values())


def folded(names: Iterable[str], held: Collection[str]) -> list[str]:
    """Leave of each sweep its first member, but all of a sweep of which one is held.

    The names stay in their order; ``held`` are models that the visitor has chosen.
    """
    names, hidden = list(names), set()
    for entry in entries():
        there = [name for name in entry.titles if name in names]
        if is_sweep(entry) and there and not any(name in entry.titles for name in held):
            kept = entry.first if entry.first in there else there[0]
            hidden |= {name for name in there if name != kept}
    return [name for name in names if name not in hidden]


def titles() -> dict[str, str]:
    """Say of each member of a sweep in what it differs from the others, beside its name."""
    return {
        name: f"{name} ({title})"
        for one in entries()
        for name, title in one.titles.items()
        if title
    }
