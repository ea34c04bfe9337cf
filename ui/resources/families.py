"""Lists of models in which the members of a sweep are one, fanned out where one of them is open."""

from collections.abc import Collection, Iterable

from vae.library import OF_A_RUN, Entry, entries, locate
from vae.sweep import of_run


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


def title(model: str) -> str:
    """Name a model on the screen: a member of a sweep by the sweep and in what it differs."""
    path = locate(model)
    sweep = of_run(path.parent) if path and path.name == OF_A_RUN else None
    members = [] if sweep is None else [one for one in sweep.members if one.run == model]
    if sweep is None or not members or not sweep.owns(members[0]):
        return model
    return _titled(sweep.name, members[0].title)


def _titled(sweep: str, differs: str) -> str:
    return f"{sweep} · {differs}"


def titles() -> dict[str, str]:
    """Name the members of all sweeps as `title` does, by the names of their models."""
    return {
        name: _titled(one.name, title)
        for one in entries()
        for name, title in one.titles.items()
        if title
    }
