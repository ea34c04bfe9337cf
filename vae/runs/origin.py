"""The model whose weights a run starts from: a copy of its file in the run's folder."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae import checkpoint, library
from vae.errors import UserError
from vae.files.writing import explain, write_atomically

if TYPE_CHECKING:
    from vae.training.loop import Trainer

FILE, KEY = "start.safetensors", "start_from"


def keep(run: Path, model: str | Path) -> dict[str, Any]:
    """Copy a model into a run's folder, and return what config.json says of it.

    The run does not need the model's own file then, which may change or go.
    """
    path = library.find(model)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read {path}: {explain(error)}") from None
    write_atomically(run / FILE, data)
    name = library.model_name(path)
    return {KEY: {"model": name, "sha256": hashlib.sha256(data).hexdigest()}}


def said_of(config: Mapping[str, Any]) -> dict[str, str]:
    """Return name and sha256 of the model that a run starts from; empty where it starts anew."""
    said = config.get(KEY)
    if not isinstance(said, dict):
        return {}
    return {key: str(said[key]) for key in ("model", "sha256") if key in said}


def begin(run: Path, config: dict[str, Any], trainer: "Trainer") -> None:
    """Give a run that has not learnt anything the weights it is to start from, if any."""
    from vae.training.inherit import inherit

    if KEY not in config:
        return
    said = config[KEY] if isinstance(config[KEY], dict) else {}
    data = (run / FILE).read_bytes() if (run / FILE).is_file() else b""
    if hashlib.sha256(data).hexdigest() != said.get("sha256"):
        raise UserError(
            f"{run / FILE} is not the model this run was to start from; start the run again"
        )
    inherit(trainer, checkpoint.read(run / FILE).model, str(said.get("model", "the model")))
