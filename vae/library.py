"""The models that can be opened by name: those that ship, those that were added, those of runs."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from vae.errors import UserError
from vae.files import owner
from vae.files.regular import is_regular
from vae.files.writing import NAME, SHIPPED, runs_folder
from vae.sweep import at, sweeps

SUFFIX = ".safetensors"
OF_A_RUN = "model" + SUFFIX


def model_name(path: Path) -> str:
    """Name a model after its file, or after its run's folder for ``model.safetensors``."""
    return path.absolute().parent.name if path.name == OF_A_RUN else path.stem


def library() -> dict[str, Path]:
    """List the models that may be opened by name: shipped ones first, then added, then runs'.

    Of runs only those that who asks may see (`vae/files/owner.py`), as everywhere here.

    ``VAE_CHECKPOINTS`` (folders, separated as in PATH) adds models, ``VAE_RUNS`` runs.
    """
    models: dict[str, Path] = {}
    for path in (path for folder in _folders() for path in sorted(folder.glob(f"*{SUFFIX}"))):
        name = model_name(path)
        if name not in models and NAME.fullmatch(name) and is_regular(path):
            models[name] = path
    for name, file in _of_runs():
        if name not in models and is_regular(file):
            models[name] = Path(file)
    return models


@dataclass(frozen=True)
class Entry:
    """What a list of models shows as one: a model, or a sweep."""

    name: str
    """Of the model, or of the sweep."""
    titles: dict[str, str]
    """Its models by name, in the order of a sweep's members, and in what each differs from the
    others; an empty text for a model of its own."""
    first: str
    """The model that opens: of a sweep the first member that has finished."""


def entries() -> list[Entry]:
    """List what `library` lists, the members of a sweep as one, where its first one stands."""
    names = library()
    found: dict[str, Entry] = {}
    for one in sweeps():
        there = {m.run: m.title for m in one.members if m.run in names and one.owns(m)}
        if there:
            done = [member.run for member in one.finished()]
            entry = Entry(one.name, there, next(iter(done), next(iter(there))))
            found |= dict.fromkeys(there, entry)
    listed = {entry.first: entry for entry in found.values()}
    places = (found[name].first if name in found else name for name in names)
    return [listed.get(name) or Entry(name, {name: ""}, name) for name in dict.fromkeys(places)]


def locate(name: str) -> Path | None:
    """Return the file of one model as `library` lists it, without looking at all the others.

    The name of a sweep stands for its first member that has finished.
    """
    if not NAME.fullmatch(name):
        return None
    found = [folder / file for folder in _folders() for file in sorted((name + SUFFIX, OF_A_RUN))]
    own = [path for path in found if model_name(path) == name]
    run = runs_folder() / name
    trained = [run / OF_A_RUN] if owner.may_see(run) else []
    file = next(filter(is_regular, [*own, *trained]), None)
    return file or _of_sweep(name)


def _of_sweep(name: str) -> Path | None:
    found = at(str(runs_folder() / name))
    return next(iter(found.finished().values()), None) if found else None


def find(name_or_path: str | Path) -> Path:
    """Resolve the name of a model in the library, or the path of a checkpoint file."""
    named = locate(str(name_or_path))
    if named is not None:
        return named
    path = Path(name_or_path)
    path = path / OF_A_RUN if is_regular(path / OF_A_RUN) else path
    if not is_regular(path) or not owner.may_see(path.parent):
        raise UserError(
            f"there is no model {str(name_or_path)!r}; give a checkpoint file or one of "
            f"{', '.join(one.name for one in entries()) or 'none yet: train one first'}"
        )
    return path


def _folders() -> list[Path]:
    """List the folders whose files are models, in their order."""
    added = filter(None, os.environ.get("VAE_CHECKPOINTS", "").split(os.pathsep))
    return [SHIPPED, *map(Path, added)]


def _of_runs() -> list[tuple[str, str]]:
    """List where each run would keep its model; thousands of them, so no `Path` for each."""
    asker = owner.asking()
    with suppress(OSError), os.scandir(runs_folder()) as found:
        seen = (one for one in found if owner.may_see(one.path, asker))
        names = [(one.name, os.path.join(one.path, OF_A_RUN)) for one in seen]
        return sorted(pair for pair in names if NAME.fullmatch(pair[0]))
    return []
