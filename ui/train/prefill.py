"""Filling the form in as for an earlier run, with what its end proposes."""

from typing import TYPE_CHECKING, Any

from ui import option_form
from ui.state import put
from ui.train.budget import BUDGET, BY_EPOCHS, BY_TIME
from ui.train.state import TrainState
from vae.errors import UserError
from vae.runs.watch import RunView

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.runs.coach import Verdict


def fill(run: RunView, found: "Verdict | None" = None) -> None:
    """Set the form's fields to the settings that a run began with, changed as a verdict proposes.

    Raises
    ------
    UserError
        When the run's settings are not ones that this program knows.
    """
    from vae.data import is_known

    if not is_known(run.config.get("dataset")):
        raise UserError(
            f"the images of {run.id} are none that this program knows; choose others for a new run"
        )
    values = fields(run.config)
    changed = proposed(values, found.changes if found else {})
    for key, value in (values | changed).items():
        put(key, value)
    TrainState().prefilled = note(run.id, values, changed)


def fields(config: dict[str, Any]) -> dict[str, Any]:
    """Give the value of every field of the form for a run's settings, by the field's key."""
    from ui.train.origin import START_FROM
    from ui.train.parts import KEY, is_set, key_of
    from vae.models.config import VAEConfig
    from vae.options import part_fields
    from vae.training.config import DEFAULT_SECONDS, TrainConfig

    model = VAEConfig.from_json(config["model"])
    training = TrainConfig.from_json(config["training"])
    held = {f"{KEY}.dataset": config["dataset"], f"{KEY}.z_dim": model.z_dim}
    held[START_FROM] = _origin(config, model)
    parts = {
        kind: getattr(config, kind)
        for config in (model, training)
        for kind in part_fields(type(config))
    }
    for kind, part in parts.items():
        held[key_of(kind, training.objective.name)] = part.name
        if not is_set(type(training.objective), kind):
            held |= _of(part, f"{KEY}.{kind}.{part.name}")
    held |= _of(training, f"{KEY}.training", (*BUDGET, *training.objective.unused))
    if training.objective.at_once:
        return held
    unit = BY_TIME if training.epochs is None else BY_EPOCHS
    held[f"{KEY}.budget"] = unit
    amount = training.epochs if training.epochs else training.seconds or DEFAULT_SECONDS
    return held | {f"{KEY}.training.{unit}": amount}


def proposed(held: dict[str, Any], changes: dict[str, float]) -> dict[str, Any]:
    """Translate a verdict's changes into values of fields; what has no field is left out."""
    from ui.train.parts import KEY

    objective = held[f"{KEY}.objective"]
    keys = {
        "learning_rate": f"{KEY}.training.learning_rate",
        "beta": f"{KEY}.objective.{objective}.beta",
        "warmup": f"{KEY}.objective.{objective}.warmup",
    }
    changed = {keys[name]: value for name, value in changes.items() if keys.get(name) in held}
    if (times := changes.get("longer")) and (unit := held.get(f"{KEY}.budget")):
        budget = f"{KEY}.training.{unit}"
        # a number of epochs is whole, and as the form shows it so is one of seconds
        amount = max(1, round(held[budget] * times))
        changed[budget] = type(held[budget])(amount)
    return changed


def note(run: str, held: dict[str, Any], changed: dict[str, Any]) -> str:
    """Say what the form was filled in with."""
    from ui.train.parts import KEY
    from vae.training.config import TrainConfig
    from vae.training.objectives import OBJECTIVES

    known = (TrainConfig, OBJECTIVES[held[f"{KEY}.objective"]])
    labels = {name: w.label for cls in known for name, w in option_form.widgets(cls).items()}
    said = [
        f"{labels[key.rsplit('.', 1)[-1]]} {value:g} instead of {held[key]:g}"
        for key, value in changed.items()
        if value != held[key]
    ]
    changes = f", but {' and '.join(said)}" if said else ""
    return f"Filled in as for {run}{changes}. It will be a new run from scratch."


def _origin(config: dict[str, Any], model: "VAEConfig") -> str | None:
    """Name the model that a run started from, if it is there still."""
    from ui.train.origin import fitting

    said = config.get("start_from")
    name = said.get("model") if isinstance(said, dict) else None
    return name if name in fitting(model) else None


def _of(part: Any, key: str, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    held = {}
    for name, widget in option_form.widgets(type(part), leave_out).items():
        value = getattr(part, name)
        held[f"{key}.{name}"] = ", ".join(map(str, value)) if widget.kind == "text" else value
    return held
