"""Options of the train command, each set in the two configs of a run by its name and a value."""

import dataclasses
from typing import TYPE_CHECKING, Any

from vae.errors import UserError
from vae.options import Dataclass, choose, override, plain_fields, registry_of
from vae.sweep import Value

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

ALIASES = {"beta": "objective.beta"}
"""Options of parts that the train command has a flag for."""


def canonical(option: str) -> str:
    """Give the name under which a sweep keeps an option; `UserError` where there is none.

    It is one of the train command's flags, such as ``z_dim``, or KIND.OPTION as in ``--set``.
    """
    from vae.training.config import kinds

    name = option.strip().lstrip("-").replace("-", "_")
    name = ALIASES.get(name, name)
    kind, dot, key = name.partition(".")
    if kind in ("training", "model") and dot:
        kind, name = key, key
        dot = ""
    known = [*_plain(), *kinds()]
    if dot and kind in kinds() and key:
        return name
    if dot or name not in known:
        raise UserError(
            f"there is no option {option[:60]!r} to vary; choose from {', '.join(known)}, or "
            "KIND.OPTION such as objective.beta"
        )
    return name


def read_value(model: "VAEConfig", training: "TrainConfig", option: str, text: str) -> Value:
    """Read a value of an option as the configs take it."""
    changed = vary(model, training, option, text)
    holder, name = _holder(*changed, option)
    value: Any = getattr(holder, name)
    if dataclasses.is_dataclass(value):
        return text
    # what JSON or a table could not show as one word stays as it was written
    return value if type(value) in (int, float, str) else text


def vary(
    model: "VAEConfig", training: "TrainConfig", option: str, value: Value, classes: int = 0
) -> tuple["VAEConfig", "TrainConfig"]:
    """Return the two configs with an option (by its canonical name) set to a value.

    ``classes`` are those of the data set, for models that are told the class. Raises `UserError`
    where there is no such option or the value is none.
    """
    from vae.training.config import kinds
    from vae.training.objectives import check_fit

    kind, dot, key = option.partition(".")
    if option in training.objective.unused:
        name = training.objective.name
        raise UserError(f"{option} has no meaning for the objective {name}; vary another option")
    if kind in kinds():
        # 1.0 stands for 1 where a whole number is asked for in a file
        holder: Dataclass = training if kind in _names(training) else model
        if dot:
            made = override(getattr(holder, kind), key, str(value))
        else:
            made = choose(registry_of(kinds()[kind]), value, kind)()
            if hasattr(made, "for_classes"):
                made = made.for_classes(classes)
        changed = dataclasses.replace(holder, **{kind: made})
    else:
        holder = training if option in _names(training) else model
        changed = override(holder, option, str(value))
    model = changed if holder is model else model  # type: ignore[assignment]  # it is of its kind
    training = changed if holder is training else training  # type: ignore[assignment]  # likewise
    check_fit(training.objective, model)
    return model, training


def _holder(model: "VAEConfig", training: "TrainConfig", option: str) -> tuple[Dataclass, str]:
    """Find the object that has an option as its field, and the field's name."""
    kind, dot, key = option.partition(".")
    owner: Dataclass = training if kind in _names(training) else model
    return (getattr(owner, kind), key) if dot else (owner, option)


def _names(config: Dataclass) -> list[str]:
    return [field.name for field in dataclasses.fields(config)]


def _plain() -> list[str]:
    """List the options that are no part's, without what the data set tells."""
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

    return [
        name
        for config in (VAEConfig, TrainConfig)
        for name, field in plain_fields(config).items()
        if name != "image_shape" and not field.metadata.get("given")
    ]
