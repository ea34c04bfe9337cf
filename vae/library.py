"""The models that can be opened by name: those that ship, those that were added, those of runs."""

import os
from contextlib import suppress
from pathlib import Path

from vae.errors import UserError
from vae.files.regular import is_regular
from vae.files.writing import NAME, SHIPPED, runs_folder

SUFFIX = ".safetensors"
OF_A_RUN = "model" + SUFFIX


def model_name(path: Path) -> str:
    """Name a model after its file, or after its run's folder for ``model.safetensors``."""
    return path.absolute().parent.name if path.name == OF_A_RUN else path.stem


def library() -> dict[str, Path]:
    """List the models that may be opened by name: shipped ones first, then added, then runs'.

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


def locate(name: str) -> Path | None:
    """Return the file of one model as `library` lists it, without looking at all the others."""
    if not NAME.fullmatch(name):
        return None
    found = [folder / file for folder in _folders() for file in sorted((name + SUFFIX, OF_A_RUN))]
    own = [path for path in found if model_name(path) == name]
    return next(filter(is_regular, [*own, runs_folder() / name / OF_A_RUN]), None)


def find(name_or_path: str | Path) -> Path:
    """Resolve the name of a model in the library, or the path of a checkpoint file."""
    named = locate(str(name_or_path))
    if named is not None:
        return named
    path = Path(name_or_path)
    if is_regular(path / OF_A_RUN):
        return path / OF_A_RUN
    if not is_regular(path):
        raise UserError(
            f"there is no model {str(name_or_path)!r}; give a checkpoint file or one of "
            f"{', '.join(library()) or 'none yet: train one first'}"
        )
    return path


def _folders() -> list[Path]:
    """List the folders whose files are models, in their order."""
    added = filter(None, os.environ.get("VAE_CHECKPOINTS", "").split(os.pathsep))
    return [SHIPPED, *map(Path, added)]


def _of_runs() -> list[tuple[str, str]]:
    """List where each run would keep its model; thousands of them, so no `Path` for each."""
    with suppress(OSError), os.scandir(runs_folder()) as found:
        names = [(one.name, os.path.join(one.path, OF_A_RUN)) for one in found]
        return sorted(pair for pair in names if NAME.fullmatch(pair[0]))
    return []
